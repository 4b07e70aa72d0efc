import type { RandomWords } from './mt19937.ts'

export type IndexArray = Uint8Array | Uint16Array | Uint32Array

/** A uniform integer from 0 to `max`, drawn as numpy's `random_interval`: masked words until one fits. */
export function interval(random: RandomWords, max: number): number {
  if (max === 0) return 0
  const mask = 0xffffffff >>> Math.clz32(max)
  for (;;) {
    const value = (random.next32() & mask) >>> 0
    if (value <= max) return value
  }
}

/** numpy's `shuffle` of a one-dimensional array, in place: from the last element down, swap with one at or before it. */
export function shuffle(random: RandomWords, values: IndexArray): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = interval(random, i)
    const value = values[i] as number
    values[i] = values[j] as number
    values[j] = value
  }
}

/** numpy's `permutation(n)`: the shuffled numbers 0 to n - 1. */
export function permutation(random: RandomWords, n: number): Uint32Array {
  const values = new Uint32Array(n)
  for (let i = 0; i < n; i++) values[i] = i
  shuffle(random, values)
  return values
}

/** An array of `length` zeros, of the smallest type that holds numbers below `limit`. */
export function compactArray(length: number, limit: number): IndexArray {
  if (limit <= 0x100) return new Uint8Array(length)
  return limit <= 0x10000 ? new Uint16Array(length) : new Uint32Array(length)
}
