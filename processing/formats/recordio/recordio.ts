import { MAX_RECORD_BYTES } from '../../split/read-blocks.ts'
import type { BlockMemory } from '../block-memory.ts'
import { MalformedRecord } from '../format.ts'
import type { Format, RecordCodec, ValueSink } from '../format.ts'
import { labelValues } from './label-values.ts'

/**
 * RecordIO, the framing of MXNet, with SageMaker's protobuf records in it: a magic number, a word with the length and whether
 * the record goes on in another part, the bytes, and zeros up to a multiple of four. Records are kept with their framing.
 * Columns are the labels of the records; without any, records of whatever kind will do.
 */
export const recordio: Format = {
  extension: '.rec',
  allowsHeader: false,
  open: ({ columns }) => openRecordio(columns),
}

const MAGIC = 0xced7230a
const HEAD = 8
/** In the upper bits of a part's length: whole, or the first, a middle and the last part of a record. */
const WHOLE = 0
const FIRST = 1
const MIDDLE = 2
const LAST = 3

function openRecordio(columns: readonly string[]): RecordCodec {
  /** Records that the last scan found whole, and where they end. */
  let whole = { count: 0, end: 0 }

  function findEnds({ bytes, ends, capacity }: BlockMemory, start: number, length: number): number {
    let count = 0
    let at = start
    while (count < capacity) {
      const end = recordEnd(bytes, at, length)
      if (end === null) break
      ends[count++] = end
      at = end
    }
    whole = { count, end: at }
    return count
  }

  return {
    skipsEmptyLines: false,
    places: 'byte',
    findEnds,
    scan: findEnds,
    // Their framing is all that is asked of records whose labels are not.
    inspectRun: (_block, from, count) => (columns.length === 0 ? Math.min(count, whole.count) - from : 0),
    readHeader() {
      throw new Error('RecordIO has no header record')
    },
    inspect(bytes, start, _end, sinks) {
      if (start >= whole.end)
        throw new MalformedRecord(start, 'the file ends within this record — it was cut off — get the file again')
      if (columns.length === 0) return
      const labels = labelValues(payload(bytes, start, whole.end), start)
      columns.forEach((column, i) => (sinks[i] as ValueSink).addText(labelText(labels, column, start)))
    },
  }
}

/** Where the record at `at` ends, padding included; null when it is not there as a whole. */
function recordEnd(bytes: Uint8Array, at: number, length: number): number | null {
  let isFirst = true
  for (let part = at; ; isFirst = false) {
    const { next, flag } = partAt(bytes, part, length) ?? { next: 0, flag: WHOLE }
    if (next === 0 || next > length) return null
    if (isFirst ? flag === MIDDLE || flag === LAST : flag === WHOLE || flag === FIRST)
      throw new MalformedRecord(part, `the parts of a record are out of order (${flag}) — get the file again`)
    if (flag === WHOLE || flag === LAST) return next
    part = next
  }
}

function partAt(bytes: Uint8Array, at: number, length: number) {
  if (at + HEAD > length) return null
  const magic = word(bytes, at)
  if (magic !== MAGIC)
    throw new MalformedRecord(
      at,
      `no record begins here: there is 0x${magic.toString(16).padStart(8, '0')} instead of the magic number 0xced7230a — give a RecordIO file`,
    )
  const head = word(bytes, at + 4)
  const size = head & 0x1fffffff
  if (size > MAX_RECORD_BYTES)
    throw new MalformedRecord(
      at,
      `the record says that it has ${size} bytes, more than ${MAX_RECORD_BYTES / 2 ** 20} MiB — check the file`,
    )
  return { flag: head >>> 29, from: at + HEAD, size, next: at + HEAD + Math.ceil(size / 4) * 4 }
}

/** What the record holds; between its parts lies a magic number that was left out. */
function payload(bytes: Uint8Array, at: number, length: number): Uint8Array {
  const parts: Uint8Array[] = []
  for (let part = partAt(bytes, at, length); part !== null; part = partAt(bytes, part.next, length)) {
    if (parts.length > 0) parts.push(magicBytes)
    parts.push(bytes.subarray(part.from, part.from + part.size))
    if (part.flag === WHOLE || part.flag === LAST) break
  }
  return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts)
}

const magicBytes = Uint8Array.from([0x0a, 0x23, 0xd7, 0xce])

function word(bytes: Uint8Array, at: number): number {
  const byte = (i: number) => bytes[at + i] as number
  return (byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24)) >>> 0
}

function labelText(labels: ReadonlyMap<string, string>, column: string, offset: number): string {
  const value = labels.get(column)
  if (value !== undefined && value !== '') return value
  const names = [...labels.keys()].map(name => JSON.stringify(name))
  throw new MalformedRecord(
    offset,
    value === ''
      ? `label ${JSON.stringify(column)} is empty — every record needs a value there`
      : `there is no label ${JSON.stringify(column)} — ${names.length === 0 ? 'the record has none' : `the record has ${names.join(', ')}`}`,
  )
}
