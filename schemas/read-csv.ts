import { UserError } from './problem.ts'

/** One record of a CSV file and the line it begins on (1-based). */
export interface CsvRecord {
  readonly line: number
  readonly cells: readonly string[]
}

/**
 * Records of a CSV text: RFC 4180 quoting, LF or CRLF, with or without a final newline, empty lines left out, a byte
 * order mark dropped. `file` is only for sentences.
 *
 * @throws UserError for a quote that never closes, text after a closing quote, and binary data
 */
export function readCsv(text: string, file: string): CsvRecord[] {
  if (text.includes('\0')) {
    throw new UserError(`${file}: it has NUL bytes, so it is not CSV text — give CSV files.`)
  }
  const records: CsvRecord[] = []
  let position = text.startsWith('\uFEFF') ? 1 : 0
  let line = 1
  while (position < text.length) {
    const end = endOfLine(text, position)
    const plain = text.slice(position, text[end - 1] === '\r' ? end - 1 : end)
    if (!plain.includes('"')) {
      if (plain !== '') records.push({ line, cells: plain.split(',') })
      position = end + 1
      line += 1
      continue
    }
    const record = readQuoted(text, position, line, file)
    records.push({ line, cells: record.cells })
    line += record.lines
    position = record.next
  }
  return records
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from)
  return at === -1 ? text.length : at
}

/** A record that has a quote somewhere: cell by cell, since a quoted cell may hold commas and newlines. */
function readQuoted(text: string, start: number, line: number, file: string) {
  const cells: string[] = []
  let position = start
  let lines = 1
  for (;;) {
    if (text[position] === '"') {
      const close = closingQuote(text, position + 1)
      if (close === -1) {
        throw new UserError(`${file} line ${line}: a quoted cell is never closed — add the missing double quote.`)
      }
      const cell = text.slice(position + 1, close)
      lines += cell.split('\n').length - 1
      cells.push(cell.replaceAll('""', '"'))
      position = close + 1
    } else {
      const stop = /[,\r\n]|$/g
      stop.lastIndex = position
      const at = stop.exec(text)?.index ?? text.length
      cells.push(text.slice(position, at))
      position = at
    }
    if (text[position] === ',') {
      position += 1
      continue
    }
    if (text[position] === '\r') position += 1
    if (position >= text.length || text[position] === '\n') return { cells, lines, next: position + 1 }
    throw new UserError(
      `${file} line ${line}: text follows a closing quote — quote the whole cell and double the quotes inside it.`,
    )
  }
}

function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at
  }
  return -1
}
