import type { RandomWords } from './mt19937.ts'

const MASK64 = (1n << 64n) - 1n
const MASK128 = (1n << 128n) - 1n
const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n

/**
 * PCG64 (XSL-RR 128/64) as `numpy.random.default_rng(seed)` seeds and reads it. A class because a generator has
 * identity.
 */
export class Pcg64 implements RandomWords {
  private state: bigint
  private readonly increment: bigint
  /** The high half of the last 64-bit word, which numpy gives out second. */
  private buffered: number | null = null

  constructor(seed: number) {
    const [v0, v1, v2, v3] = seedSequence(seed)
    this.increment = ((((v2 as bigint) << 64n) | (v3 as bigint)) << 1n) | 1n
    this.increment &= MASK128
    this.state = 0n
    this.step()
    this.state = (this.state + (((v0 as bigint) << 64n) | (v1 as bigint))) & MASK128
    this.step()
  }

  next64(): bigint {
    this.step()
    const folded = (this.state >> 64n) ^ (this.state & MASK64)
    const rotation = this.state >> 122n
    return ((folded >> rotation) | (folded << ((64n - rotation) & 63n))) & MASK64
  }

  next32(): number {
    if (this.buffered !== null) {
      const word = this.buffered
      this.buffered = null
      return word
    }
    const word = this.next64()
    this.buffered = Number(word >> 32n)
    return Number(word & 0xffffffffn)
  }

  private step(): void {
    this.state = (this.state * MULTIPLIER + this.increment) & MASK128
  }
}

/** numpy's `SeedSequence(seed).generate_state(4, uint64)`. */
export function seedSequence(seed: number): bigint[] {
  const words = seed === 0 ? [0] : []
  for (let rest = BigInt(seed); rest > 0n; rest >>= 32n) words.push(Number(rest & 0xffffffffn))
  const pool = mixEntropy(words)
  const output: number[] = []
  let constant = 0x8b51f9dd
  for (let i = 0; i < 8; i++) {
    let word = ((pool[i % 4] as number) ^ constant) >>> 0
    constant = Math.imul(constant, 0x58f38ded) >>> 0
    word = Math.imul(word, constant) >>> 0
    output.push((word ^ (word >>> 16)) >>> 0)
  }
  return [0, 2, 4, 6].map(i => BigInt(output[i] as number) | (BigInt(output[i + 1] as number) << 32n))
}

function mixEntropy(words: readonly number[]): number[] {
  let constant = 0x43b0d7e5
  const hash = (word: number) => {
    let value = (word ^ constant) >>> 0
    constant = Math.imul(constant, 0x931e8875) >>> 0
    value = Math.imul(value, constant) >>> 0
    return (value ^ (value >>> 16)) >>> 0
  }
  const mix = (x: number, y: number) => {
    const value = (Math.imul(x, 0xca01f9dd) - Math.imul(y, 0x4973f715)) >>> 0
    return (value ^ (value >>> 16)) >>> 0
  }
  const pool = [0, 1, 2, 3].map(i => hash(words[i] ?? 0))
  for (let source = 0; source < 4; source++)
    for (let target = 0; target < 4; target++)
      if (source !== target) pool[target] = mix(pool[target] as number, hash(pool[source] as number))
  for (const word of words.slice(4))
    for (let target = 0; target < 4; target++) pool[target] = mix(pool[target] as number, hash(word))
  return pool
}
