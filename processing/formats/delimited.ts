import { isUtf8 } from 'node:buffer'
import { UserError } from '../../schemas/problem.ts'
import { MAX_FIELDS, MAX_WANTED } from './block-memory.ts'
import type { BlockMemory } from './block-memory.ts'
import { nearest } from '../../schemas/nearest.ts'
import { MalformedRecord } from './format.ts'
import type { Format, FormatOptions, RecordCodec, ValueSink } from './format.ts'
import { contentEnd } from './lines.ts'

const QUOTE = 0x22
const CR = 0x0d

/**
 * Records of delimited fields with RFC 4180 quoting: a quoted field may hold delimiters, line ends and doubled quotes.
 * Stricter than most readers, because a misread quote would glue records together: a quote inside an unquoted field and
 * text after a closing quote are refused.
 */
export function delimitedFormat(extension: string, delimiter: string): Format {
  return { extension, allowsHeader: true, open: options => openDelimited(delimiter.charCodeAt(0), options) }
}

function openDelimited(delimiter: number, { columns, header }: FormatOptions): RecordCodec {
  let fieldCount: number | null = null
  let wanted: readonly number[] | null = null
  /** The field of each slot whose bounds the last scan wrote down; null when it did not look at the records. */
  let slots: readonly number[] | null = null

  function inspect(bytes: Uint8Array, start: number, end: number, sinks: readonly ValueSink[]): void {
    wanted ??= columns.map(column => columnIndex(column))
    let field = 0
    let at = start
    for (;;) {
      const stop = fieldEnd(bytes, at, end, delimiter)
      for (let i = 0; i < wanted.length; i++)
        if (wanted[i] === field) readValue(bytes, at, stop, sinks[i] as ValueSink, columns[i] as string)
      field++
      if (stop === end) break
      at = stop + 1
    }
    fieldCount ??= field
    if (field !== fieldCount)
      throw new MalformedRecord(
        start,
        `the row has ${fields(field)}, the first row has ${fieldCount} — every row needs the same number of fields — repair or remove the row`,
      )
    for (let i = 0; i < wanted.length; i++)
      if ((wanted[i] as number) >= field)
        throw new UserError(
          `there is no column ${wanted[i]} — the rows have ${fields(field)}, indices 0 to ${field - 1}`,
        )
  }

  return {
    skipsEmptyLines: true,
    findEnds: ({ kernel, blockAt, endsAt, capacity }, _start, length) =>
      kernel.run.scanQuotedLines(blockAt, length, endsAt, capacity),
    scan,
    inspect,
    inspectRun,
    readHeader,
  }

  function readHeader(bytes: Uint8Array): void {
    if (!isUtf8(bytes)) throw new MalformedRecord(0, 'the header is not UTF-8 text — save the file as UTF-8')
    const names: string[] = []
    for (let at = 0; ; ) {
      const stop = fieldEnd(bytes, at, bytes.length, delimiter)
      names.push(fieldText(bytes, at, stop))
      if (stop === bytes.length) break
      at = stop + 1
    }
    fieldCount = names.length
    wanted = columns.map(column => namedColumn(column, names))
  }

  function scan(block: BlockMemory, start: number, length: number): number {
    const { kernel, blockAt, endsAt, irregularAt, slotsAt, startsAt, stopsAt, capacity } = block
    if (fieldCount === null) prepare(block, start, length)
    if (fieldCount === null || fieldCount > MAX_FIELDS || wanted === null || wanted.length > MAX_WANTED) {
      slots = null
      return kernel.run.scanQuotedLines(blockAt, length, endsAt, capacity)
    }
    slots = [...new Set(wanted)]
    const table = kernel.bytes(slotsAt, fieldCount).fill(255)
    slots.forEach((field, slot) => {
      table[field] = slot
    })
    const wantsFields = slots.length > 0
    return kernel.run.scanRecords(
      blockAt,
      start,
      length,
      delimiter,
      fieldCount,
      slotsAt,
      wantsFields,
      endsAt,
      irregularAt,
      startsAt,
      stopsAt,
      capacity,
    )
  }

  /** Learns the fields from the first record ahead of its inspection. What is wrong with it, the inspection will say. */
  function prepare({ kernel, blockAt, endsAt, bytes, ends }: BlockMemory, start: number, length: number): void {
    if (kernel.run.scanQuotedLines(blockAt, length, endsAt, 1) === 0) return
    const first = bytes.subarray(start, contentEnd(bytes, start, ends[0] as number))
    try {
      if (header) return readHeader(first)
      let count = 1
      for (let at = fieldEnd(first, 0, first.length, delimiter); at < first.length; count++)
        at = fieldEnd(first, at + 1, first.length, delimiter)
      const indices = columns.map(columnIndex)
      if (first.length === 0 || indices.some(index => index >= count)) return
      wanted = indices
      fieldCount = count
    } catch {
      fieldCount = null
      wanted = null
    }
  }

  function inspectRun(block: BlockMemory, from: number, count: number, sinks: readonly ValueSink[]): number {
    if (slots === null) return 0
    const { kernel, irregularAt, startsAt, stopsAt, capacity, bytes } = block
    const next = kernel.bytes(irregularAt, count).indexOf(1, from)
    let run = (next < 0 ? count : next) - from
    if (run === 0 || wanted === null) return run
    const fields = wanted
    const places = fields.map(field => (slots as readonly number[]).indexOf(field))
    const starts = places.map(slot => kernel.words(startsAt + 4 * slot * capacity, capacity))
    const stops = places.map(slot => kernel.words(stopsAt + 4 * slot * capacity, capacity))
    for (let i = 0; i < fields.length; i++)
      run = Math.min(run, plainRun(bytes, starts[i] as Uint32Array, stops[i] as Uint32Array, from, from + run))
    for (let i = 0; i < fields.length; i++)
      sinks[i]?.addRun(bytes, starts[i] as Uint32Array, stops[i] as Uint32Array, from, from + run)
    return run
  }
}

/** How many values from `from` on are neither empty nor quoted. */
function plainRun(bytes: Uint8Array, starts: Uint32Array, stops: Uint32Array, from: number, to: number): number {
  for (let i = from; i < to; i++) if (starts[i] === stops[i] || bytes[starts[i] as number] === QUOTE) return i - from
  return to - from
}

/** Where the field that starts at `start` ends: at a delimiter or at `end`. Checks its quoting. */
function fieldEnd(bytes: Uint8Array, start: number, end: number, delimiter: number): number {
  let at = start
  if (bytes[at] === QUOTE && at < end) {
    at++
    for (;;) {
      while (at < end && bytes[at] !== QUOTE) {
        if (bytes[at] === 0) throw nulByte(at)
        at++
      }
      if (at >= end) throw new MalformedRecord(start, unclosedQuote)
      if (at + 1 < end && bytes[at + 1] === QUOTE) at += 2
      else break
    }
    at++
    if (at < end && bytes[at] !== delimiter)
      throw new MalformedRecord(
        at,
        'a quoted field goes on after its closing quote — a quote inside a quoted field is written twice ("") — repair the row',
      )
    return at
  }
  for (; at < end; at++) {
    const byte = bytes[at]
    if (byte === delimiter) return at
    if (byte === QUOTE)
      throw new MalformedRecord(
        at,
        'a quote stands inside an unquoted field — put the whole field in quotes and write the quote twice ("") — repair the row',
      )
    if (byte === 0) throw nulByte(at)
    if (byte === CR)
      throw new MalformedRecord(
        at,
        'a carriage return stands inside the row — line ends must be LF or CRLF — save the file with one of them',
      )
  }
  return end
}

export const unclosedQuote =
  'the quote that opens here is never closed — a quoted field ends with a quote — repair the row'

function nulByte(at: number): MalformedRecord {
  return new MalformedRecord(at, 'there is a NUL byte, so this is not text — give a UTF-8 text file')
}

function readValue(bytes: Uint8Array, start: number, stop: number, sink: ValueSink, column: string): void {
  if (start === stop || (stop - start === 2 && bytes[start] === QUOTE))
    throw new MalformedRecord(
      start,
      `column "${column}" is empty — every record needs a value there — repair or remove the row`,
    )
  if (bytes[start] === QUOTE) return sink.addText(fieldText(bytes, start, stop))
  sink.addBytes(bytes, start, stop)
}

function fieldText(bytes: Uint8Array, start: number, stop: number): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, stop - start).toString('utf8')
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text
}

function namedColumn(column: string, names: readonly string[]): number {
  const index = names.indexOf(column)
  if (index >= 0) {
    if (names.includes(column, index + 1))
      throw new UserError(
        `the header has more than one column "${column}" — give the 0-based index of the one that is meant`,
      )
    return index
  }
  if (/^\d+$/.test(column) && Number(column) < names.length) return Number(column)
  const meant = nearest(column, names)
  const shown = names.slice(0, 50).map(name => JSON.stringify(name))
  const list = `${shown.join(', ')}${names.length > shown.length ? `, … ${names.length - shown.length} more` : ''}`
  throw new UserError(
    `there is no column ${JSON.stringify(column)}${meant === undefined ? '' : ` — did you mean ${JSON.stringify(meant)}?`} — the columns are ${list}`,
  )
}

function columnIndex(column: string): number {
  if (/^\d+$/.test(column)) return Number(column)
  throw new UserError(
    `column ${JSON.stringify(column)} is a name, but the data has no header — give its 0-based index, or say that there is a header`,
  )
}

function fields(count: number): string {
  return count === 1 ? '1 field' : `${count} fields`
}
