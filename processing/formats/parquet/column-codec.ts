import { isUtf8 } from 'node:buffer'
import type { SchemaElement } from 'hyparquet'

/** How values of one column are written in a row's line, and read from it: without loss. */
export interface ColumnCodec {
  /** @returns JSON; null is handled by the caller */
  toJson(value: unknown): string
  fromJson(value: unknown): unknown
}

const integer: ColumnCodec = { toJson: String, fromJson: value => value }
/** JSON has no numbers for these. */
const strange = new Map<string, number>([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
])

const float: ColumnCodec = {
  toJson(value) {
    if (Object.is(value, -0)) return '"-0"'
    return Number.isFinite(value) ? String(value) : `"${String(value)}"`
  },
  fromJson: value => (typeof value === 'string' ? strange.get(value) : value),
}

const bytes: ColumnCodec = {
  toJson: value => `"${Buffer.from(value as Uint8Array).toString('base64')}"`,
  fromJson: value => new Uint8Array(Buffer.from(value as string, 'base64')),
}

const physical = {
  BOOLEAN: { toJson: String, fromJson: (value: unknown) => value },
  INT32: integer,
  // More digits than a JSON number keeps.
  INT64: { toJson: (value: unknown) => `"${String(value)}"`, fromJson: (value: unknown) => BigInt(value as string) },
  INT96: null,
  FLOAT: float,
  DOUBLE: float,
  BYTE_ARRAY: bytes,
  FIXED_LEN_BYTE_ARRAY: bytes,
} as const satisfies Record<NonNullable<SchemaElement['type']>, ColumnCodec | null>

const text: ColumnCodec = {
  toJson: value => JSON.stringify(value),
  fromJson: value => value,
}

/** Null for a type that cannot be written as it was. */
export function columnCodec(element: SchemaElement): ColumnCodec | null {
  if (element.type === undefined) return null
  return isText(element) ? text : physical[element.type]
}

/** Byte arrays that are UTF-8 text. */
export function isText({ type, converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  if (type !== 'BYTE_ARRAY') return false
  return textTypes.has(converted ?? '') || textTypes.has(logical?.type ?? '')
}

const textTypes: ReadonlySet<string> = new Set(['UTF8', 'STRING', 'ENUM', 'JSON'])

/** Text that is none, which a decoder would change without a word. */
export class NotUtf8 extends Error {
  override readonly name = 'NotUtf8'
}

export function decodeText(value: Uint8Array | undefined): string | undefined {
  if (value === undefined) return undefined
  if (!isUtf8(value)) throw new NotUtf8('a text value is not UTF-8')
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8')
}
