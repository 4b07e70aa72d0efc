import { isUtf8 } from 'node:buffer'
import { MalformedRecord } from '../formats/format.ts'
import type { ValueSink } from '../formats/format.ts'
import { compactArray } from './shuffle.ts'
import type { IndexArray } from './shuffle.ts'
import type { EncodedColumn } from './strategies/strategy.ts'

/** The length up to which values are looked for among the recent ones. */
const SHORT = 31
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/

/**
 * Turns the values of a column into small numbers while records stream by: one byte per record up to 256 values. A class
 * because it grows.
 */
export class ValueCodes implements ValueSink {
  private codes: IndexArray = new Uint8Array(1024)
  private count = 0
  private readonly values: Uint8Array[] = []
  /** Open addressing; 0 is free, else code + 1. */
  private table = new Uint32Array(64)
  /** The largest code that `codes` can hold. */
  private largest = 255
  /** By length and first byte, the last code of such a value, plus one. */
  private readonly recent = new Uint32Array(256 * (SHORT + 1))
  private readonly limit: number
  /** More than `limit` different values: nothing is kept any more. */
  overflowed = false

  constructor(limit: number) {
    this.limit = limit
  }

  addText(text: string): void {
    const bytes = new TextEncoder().encode(text)
    this.addBytes(bytes, 0, bytes.length)
  }

  addBytes(bytes: Uint8Array, start: number, end: number): void {
    if (this.overflowed) return
    const code = this.codeOf(bytes, start, end)
    if (this.overflowed) return
    this.add(code)
  }

  addRun(bytes: Uint8Array, starts: Uint32Array, stops: Uint32Array, from: number, to: number): void {
    if (this.overflowed) return
    const { recent } = this
    for (let i = from; i < to; i++) {
      const start = starts[i] as number
      const length = (stops[i] as number) - start
      // Most labels are short, and seldom another one: the last code of each first byte and length is tried first.
      const slot = length <= SHORT ? (length << 8) | (bytes[start] as number) : 0
      const code = (recent[slot] as number) - 1
      if (code >= 0 && equals(this.values[code] as Uint8Array, bytes, start, start + length)) this.add(code)
      else {
        this.addBytes(bytes, start, start + length)
        if (this.overflowed) return
        recent[slot] = (this.codes[this.count - 1] as number) + 1
      }
    }
  }

  private add(code: number): void {
    if (this.count === this.codes.length || code > this.largest) this.grow(code)
    this.codes[this.count++] = code
  }

  private codeOf(bytes: Uint8Array, start: number, end: number): number {
    let slot = hash(bytes, start, end) & (this.table.length - 1)
    for (;;) {
      const code = (this.table[slot] as number) - 1
      if (code < 0) return this.newCode(bytes, start, end, slot)
      if (equals(this.values[code] as Uint8Array, bytes, start, end)) return code
      slot = (slot + 1) & (this.table.length - 1)
    }
  }

  private newCode(bytes: Uint8Array, start: number, end: number, slot: number): number {
    const value = bytes.slice(start, end)
    if (!isUtf8(value)) throw new MalformedRecord(start, 'the value is not UTF-8 text — save the file as UTF-8')
    if (this.values.length === this.limit) {
      this.overflowed = true
      this.codes = new Uint8Array(0)
      this.values.length = 0
      this.table = new Uint32Array(0)
      return 0
    }
    this.values.push(value)
    this.table[slot] = this.values.length
    if (this.values.length * 2 > this.table.length) this.rehash()
    return this.values.length - 1
  }

  private rehash(): void {
    const table = new Uint32Array(this.table.length * 4)
    this.values.forEach((value, code) => {
      let slot = hash(value, 0, value.length) & (table.length - 1)
      while (table[slot] !== 0) slot = (slot + 1) & (table.length - 1)
      table[slot] = code + 1
    })
    this.table = table
  }

  private grow(code: number): void {
    const length = this.count === this.codes.length ? Math.ceil(this.count * 1.6) : this.codes.length
    const codes = compactArray(length, Math.max(code, maximum(this.codes)) + 1)
    codes.set(this.codes)
    this.codes = codes
    this.largest = maximum(codes)
  }

  /** A code for every record, in order of first appearance. */
  get recordCodes(): IndexArray {
    return this.codes.subarray(0, this.count)
  }

  /** The text of every code. */
  get texts(): string[] {
    return this.values.map(value => Buffer.from(value).toString('utf8'))
  }

  column(): EncodedColumn {
    return encodedColumn(this.texts, this.recordCodes)
  }
}

/** The encoded column. When all values are numbers, equal numbers written differently become one value. May change `codes`. */
export function encodedColumn(texts: readonly string[], codes: IndexArray): EncodedColumn {
  const numeric = texts.length > 0 && texts.every(text => NUMBER.test(text.trim()))
  if (!numeric) return { codes, values: texts, numeric }
  const merged = new Map<number, number>()
  const values: string[] = []
  const mergedCode = texts.map(text => {
    const known = merged.get(Number(text))
    if (known !== undefined) return known
    merged.set(Number(text), values.length)
    return values.push(text) - 1
  })
  if (values.length < texts.length)
    for (let i = 0; i < codes.length; i++) codes[i] = mergedCode[codes[i] as number] as number
  return { codes, values, numeric }
}

function maximum(codes: IndexArray): number {
  return 2 ** (8 * codes.BYTES_PER_ELEMENT) - 1
}

/** FNV-1a. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = 0x811c9dc5
  for (let i = start; i < end; i++) value = Math.imul(value ^ (bytes[i] as number), 0x01000193)
  return (value ^ (value >>> 15)) >>> 0
}

function equals(value: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (value.length !== end - start) return false
  for (let i = 0; i < value.length; i++) if (value[i] !== bytes[start + i]) return false
  return true
}
