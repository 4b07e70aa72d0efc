import type { ValueSink } from '../formats/format.ts'
import { compactArray } from './shuffle.ts'
import type { IndexArray } from './shuffle.ts'

/**
 * Takes the values of a key column and keeps of each only its fold: the hash of the key, modulo the folds. So a record's
 * fold depends on nothing but its key, the seed and k: not on its place, and not on the other records.
 *
 * The hash is Spark's, `pmod(hash(<seed>, key), k)` of Spark SQL with an integer seed and a string key, so that a Spark job
 * finds the same folds. A class because it grows.
 */
export class KeyedFolds implements ValueSink {
  private readonly k: number
  private readonly start: number
  private readonly encoder = new TextEncoder()
  private folds: IndexArray
  private count = 0

  constructor(k: number, seed: number) {
    this.k = k
    this.start = hashInteger(seed | 0, SPARK_SEED)
    this.folds = compactArray(1024, k)
  }

  addText(text: string): void {
    const bytes = this.encoder.encode(text)
    this.addBytes(bytes, 0, bytes.length)
  }

  addBytes(bytes: Uint8Array, start: number, end: number): void {
    if (this.count === this.folds.length) {
      const larger = compactArray(Math.ceil(this.count * 1.6), this.k)
      larger.set(this.folds)
      this.folds = larger
    }
    const rest = hashBytes(bytes, start, end, this.start) % this.k
    this.folds[this.count++] = rest < 0 ? rest + this.k : rest
  }

  addRun(bytes: Uint8Array, starts: Uint32Array, stops: Uint32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) this.addBytes(bytes, starts[i] as number, stops[i] as number)
  }

  /** The fold of every record. */
  get foldOf(): IndexArray {
    return this.folds.subarray(0, this.count)
  }
}

/** The seed of Spark SQL's `hash`. */
export const SPARK_SEED = 42

/** Spark's Murmur3 (org.apache.spark.unsafe.hash.Murmur3_x86_32): the bytes of an incomplete last word are mixed one by one. */
export function hashBytes(bytes: Uint8Array, start: number, end: number, seed: number): number {
  const aligned = start + ((end - start) & ~3)
  let hash = seed
  let at = start
  for (; at < aligned; at += 4) {
    const word =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)
    hash = mixHash(hash, mixWord(word))
  }
  for (; at < end; at++) hash = mixHash(hash, mixWord(((bytes[at] as number) << 24) >> 24))
  return finish(hash, end - start)
}

export function hashInteger(value: number, seed: number): number {
  return finish(mixHash(seed, mixWord(value)), 4)
}

function mixWord(word: number): number {
  const mixed = Math.imul(word, 0xcc9e2d51)
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
}

function mixHash(hash: number, word: number): number {
  const mixed = hash ^ word
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0
}

function finish(hash: number, length: number): number {
  let mixed = hash ^ length
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
