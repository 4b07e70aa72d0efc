import { isUtf8 } from 'node:buffer'
import { nearest } from '../../schemas/nearest.ts'
import { MalformedRecord } from './format.ts'
import type { Format, RecordCodec } from './format.ts'
import { lineCodec } from './lines.ts'

/** One JSON object per line. Columns are top-level members. */
export const jsonLines: Format = {
  extension: '.jsonl',
  allowsHeader: false,
  open: ({ columns }) => openJsonLines(columns),
}

/** SageMaker's augmented manifest: JSON Lines that name an object, or hold it, and what is known of it. */
export const augmentedManifest: Format = {
  extension: '.manifest',
  allowsHeader: false,
  open: ({ columns }) => openJsonLines(columns, checkSource),
}

function checkSource(record: Record<string, unknown>, start: number): void {
  if (typeof record['source-ref'] !== 'string' && typeof record['source'] !== 'string')
    throw new MalformedRecord(
      start,
      'the line has neither "source-ref" nor "source" — every line of an augmented manifest has one of them',
    )
}

function openJsonLines(
  columns: readonly string[],
  check: (record: Record<string, unknown>, start: number) => void = () => {},
): RecordCodec {
  return {
    skipsEmptyLines: true,
    ...lineCodec,
    readHeader() {
      throw new Error('JSON Lines have no header')
    },
    inspect(bytes, start, end, sinks) {
      const record = parseObject(bytes, start, end)
      check(record, start)
      columns.forEach((column, i) => sinks[i]?.addText(memberText(record, column, start)))
    },
  }
}

function parseObject(bytes: Uint8Array, start: number, end: number): Record<string, unknown> {
  const line = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
  if (!isUtf8(line)) throw new MalformedRecord(start, 'the line is not UTF-8 text — JSON Lines are UTF-8')
  let value: unknown
  try {
    value = JSON.parse(line.toString('utf8'))
  } catch (error) {
    throw new MalformedRecord(
      start,
      `the line is not JSON (${(error as Error).message}) — every line must be one JSON object`,
    )
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MalformedRecord(start, `the line is a JSON ${jsonType(value)} — every line must be one JSON object`)
  return value as Record<string, unknown>
}

function memberText(record: Record<string, unknown>, column: string, offset: number): string {
  if (!Object.hasOwn(record, column)) {
    const names = Object.keys(record)
    const meant = nearest(column, names)
    const list = names
      .slice(0, 50)
      .map(name => JSON.stringify(name))
      .join(', ')
    throw new MalformedRecord(
      offset,
      `there is no member ${JSON.stringify(column)}${meant === undefined ? '' : ` — did you mean ${JSON.stringify(meant)}?`} — the members are ${list}`,
    )
  }
  const value = record[column]
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new MalformedRecord(
    offset,
    `member ${JSON.stringify(column)} is a JSON ${jsonType(value)} — it must be a string, a number or a boolean`,
  )
}

function jsonType(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
