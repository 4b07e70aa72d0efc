import { isUtf8 } from 'node:buffer'
import { nearest } from '../../schemas/nearest.ts'
import { AUGMENTED_MANIFEST_EXTENSION } from '../../schemas/shard-names.ts'
import { MAX_WANTED } from './block-memory.ts'
import type { BlockMemory } from './block-memory.ts'
import { MalformedRecord } from './format.ts'
import type { Format, RecordCodec, ValueSink } from './format.ts'
import { lineCodec } from './lines.ts'

/** One JSON object per line. Columns are top-level members. */
export const jsonLines: Format = {
  extension: '.jsonl',
  allowsHeader: false,
  open: ({ columns }) => openJsonLines(columns),
}

/** SageMaker's augmented manifest: JSON Lines that name an object, or hold it, and what is known of it. */
export const augmentedManifest: Format = {
  extension: AUGMENTED_MANIFEST_EXTENSION,
  allowsHeader: false,
  open: ({ columns }) => openJsonLines(columns, { check: checkSource, either: ['source-ref', 'source'] }),
}

function checkSource(record: Record<string, unknown>, start: number): void {
  if (typeof record['source-ref'] !== 'string' && typeof record['source'] !== 'string')
    throw new MalformedRecord(
      start,
      'the line has neither "source-ref" nor "source" — every line of an augmented manifest has one of them',
    )
}

interface LineRule {
  check(record: Record<string, unknown>, start: number): void
  /** Members of which one must be a string: the same rule, for the kernel. */
  readonly either: readonly string[]
}

const anyObject: LineRule = { check: () => {}, either: [] }
/** As scripts/split-kernel/json.ts has them. */
const KEY_BYTES = 256
const EITHER = 128

function openJsonLines(columns: readonly string[], { check, either }: LineRule = anyObject): RecordCodec {
  const keys = [...columns, ...either].map(name => Buffer.from(name))
  const scannable =
    columns.length <= MAX_WANTED && columns.every(isPlain) && keys.every(name => name.length <= KEY_BYTES - 8)
  return {
    skipsEmptyLines: true,
    ...lineCodec,
    ...(scannable && { scan, inspectRun }),
    readHeader() {
      throw new Error('JSON Lines have no header')
    },
    inspect(bytes, start, end, sinks) {
      const record = parseObject(bytes, start, end)
      check(record, start)
      columns.forEach((column, i) => sinks[i]?.addText(memberText(record, column, start)))
    },
  }

  /** Most lines are found to be in order by the kernel; the others are parsed, which also tells what is wrong with them. */
  function scan(block: BlockMemory, start: number, length: number): number {
    const { kernel, blockAt, endsAt, irregularAt, startsAt, stopsAt, keysAt, capacity } = block
    keys.forEach((name, i) => {
      const at = keysAt + i * KEY_BYTES
      kernel.words(at, 2).set([i < columns.length ? i : EITHER, name.length])
      kernel.bytes(at + 8, name.length).set(name)
    })
    const count = kernel.run.scanObjects(
      blockAt,
      start,
      length,
      keysAt,
      keys.length,
      endsAt,
      irregularAt,
      startsAt,
      stopsAt,
      capacity,
    )
    if (count > 0 && !isUtf8(block.bytes.subarray(start, block.ends[count - 1])))
      kernel.bytes(irregularAt, count).fill(1)
    return count
  }

  function inspectRun(block: BlockMemory, from: number, count: number, sinks: readonly ValueSink[]): number {
    const { kernel, irregularAt, startsAt, stopsAt, capacity, bytes } = block
    const next = kernel.bytes(irregularAt, count).indexOf(1, from)
    const to = next < 0 ? count : next
    columns.forEach((_, i) => {
      const starts = kernel.words(startsAt + 4 * i * capacity, capacity)
      sinks[i]?.addRun(bytes, starts, kernel.words(stopsAt + 4 * i * capacity, capacity), from, to)
    })
    return to - from
  }
}

/** Written in JSON as it is. */
function isPlain(name: string): boolean {
  return JSON.stringify(name) === `"${name}"`
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
