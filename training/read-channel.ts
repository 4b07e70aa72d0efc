import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { didYouMean } from '../schemas/nearest.ts'
import { UserError } from '../schemas/problem.ts'
import { readCsv } from '../schemas/read-csv.ts'
import type { CsvRecord } from '../schemas/read-csv.ts'

/** The records of one channel: numbers in feature order, labels and keys as text. */
export interface Dataset {
  readonly features: readonly string[]
  readonly rows: readonly (readonly number[])[]
  readonly labels: readonly string[]
  /** Identifies a record: the cell of the key column, else its 0-based number in the channel. */
  readonly keys: readonly string[]
}

/** Which columns mean what. */
export interface ColumnOptions {
  readonly header: boolean
  /** Column name or 0-based index. @default the last column */
  readonly label?: string
  readonly key?: string
}

/** Longest text a Node string holds is about 512 MiB; a C-SVC of that size would not end anyway. */
const MAX_FILE_BYTES = 0x1fffffe8

/**
 * The CSV files of a channel's folder, in the order of their names, as one data set.
 *
 * Files whose name begins with `.` or `_` are left out (`_SUCCESS` and the like).
 *
 * @throws UserError naming channel, file and line
 */
export async function readChannel(folder: string, channel: string, options: ColumnOptions): Promise<Dataset> {
  const names = await csvNames(folder, channel)
  const files: { name: string; records: CsvRecord[] }[] = []
  for (const name of names) {
    const path = join(folder, name)
    const { size } = await stat(path)
    if (size > MAX_FILE_BYTES) {
      throw new UserError(
        `Channel "${channel}": ${name} has ${size} bytes; the C-SVC trainer takes at most ${MAX_FILE_BYTES} per file — split it into smaller files.`,
      )
    }
    files.push({ name, records: readCsv(await readFile(path, 'utf8'), `${channel}/${name}`) })
  }
  return toDataset(
    files.filter(file => file.records.length > 0),
    channel,
    options,
  )
}

async function csvNames(folder: string, channel: string): Promise<string[]> {
  let entries: import('node:fs').Dirent[]
  try {
    entries = await readdir(folder, { recursive: true, withFileTypes: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new UserError(
      `Channel "${channel}": the folder ${folder} is missing — give the training job an input channel named "${channel}".`,
    )
  }
  const names = entries
    .filter(entry => !entry.isDirectory() && !/^[._]/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
  if (names.length > 0) return names
  throw new UserError(`Channel "${channel}": the folder ${folder} has no files — point the channel at CSV data.`)
}

interface Columns {
  readonly names: readonly string[]
  readonly label: number
  readonly key: number | undefined
}

function toDataset(
  files: readonly { name: string; records: readonly CsvRecord[] }[],
  channel: string,
  options: ColumnOptions,
): Dataset {
  const first = files[0]?.records[0]
  if (first === undefined) {
    throw new UserError(`Channel "${channel}": its files are empty — point the channel at CSV data with records.`)
  }
  const columns = findColumns(first.cells, channel, options)
  const rows: number[][] = []
  const labels: string[] = []
  const keys: string[] = []
  for (const { name, records } of files) {
    const file = `${channel}/${name}`
    if (options.header) checkHeader(records[0], columns, file)
    for (const record of options.header ? records.slice(1) : records) {
      checkWidth(record, columns, file)
      rows.push(numbers(record, columns, file, options))
      labels.push(labelOf(record, columns, file))
      keys.push(columns.key === undefined ? String(keys.length) : (record.cells[columns.key] ?? ''))
    }
  }
  if (rows.length === 0) {
    throw new UserError(`Channel "${channel}": its files have a header but no records — point the channel at data.`)
  }
  const features = columns.names.filter((_, index) => isFeature(index, columns))
  return { features, rows, labels, keys }
}

function findColumns(cells: readonly string[], channel: string, options: ColumnOptions): Columns {
  const names = options.header ? cells.map(cell => cell.trim()) : cells.map((_, index) => String(index))
  const label = options.label === undefined ? names.length - 1 : findColumn('label', options.label, names, channel)
  const key = options.key === undefined ? undefined : findColumn('key', options.key, names, channel)
  if (names.filter((_, index) => isFeature(index, { names, label, key })).length > 0) return { names, label, key }
  throw new UserError(
    `Channel "${channel}": there is no feature column beside the label "${names[label]}" — give it at least two columns, comma-separated.`,
  )
}

function findColumn(role: 'label' | 'key', wanted: string, names: readonly string[], channel: string): number {
  const byName = names.indexOf(wanted)
  if (byName !== -1) return byName
  if (/^\d+$/.test(wanted) && Number(wanted) < names.length) return Number(wanted)
  throw new UserError(
    `Channel "${channel}": there is no ${role} column "${wanted}"; the columns are ${names.join(', ')}.${didYouMean(wanted, names)}`,
  )
}

function isFeature(index: number, columns: Columns): boolean {
  return index !== columns.label && index !== columns.key
}

function checkHeader(header: CsvRecord | undefined, columns: Columns, file: string): void {
  const found = (header?.cells ?? []).map(cell => cell.trim()).join(',')
  const expected = columns.names.join(',')
  if (found === expected) return
  throw new UserError(
    `${file}: its header is "${found}", but the first file of the channel has "${expected}" — all files of a channel need the same columns.`,
  )
}

function checkWidth(record: CsvRecord, columns: Columns, file: string): void {
  if (record.cells.length === columns.names.length) return
  throw new UserError(
    `${file} line ${record.line}: ${record.cells.length} cells, but the first record has ${columns.names.length} — repair the record.`,
  )
}

function numbers(record: CsvRecord, columns: Columns, file: string, options: ColumnOptions): number[] {
  const row: number[] = []
  for (let index = 0; index < record.cells.length; index++) {
    if (!isFeature(index, columns)) continue
    const cell = record.cells[index] ?? ''
    const value = toNumber(cell)
    if (value === undefined) {
      const column = options.header ? `"${columns.names[index]}"` : `${index}`
      const advice =
        record.line === 1 && !options.header
          ? 'set the hyperparameter header to true if this is a header'
          : 'fill in a number or leave the record out'
      throw new UserError(
        `${file} line ${record.line}, column ${column}: "${cell}" is not a finite number — ${advice}.`,
      )
    }
    row.push(value)
  }
  return row
}

/** A finite decimal number; `Number` alone would also take "", "0x1F" and "0b1". */
export function toNumber(cell: string): number | undefined {
  const value = Number(cell)
  return Number.isFinite(value) && !/[xob]/i.test(cell) && cell.trim() !== '' ? value : undefined
}

function labelOf(record: CsvRecord, columns: Columns, file: string): string {
  const label = (record.cells[columns.label] ?? '').trim()
  if (label !== '') return label
  throw new UserError(
    `${file} line ${record.line}: the label column "${columns.names[columns.label]}" is empty — fill it in or leave the record out.`,
  )
}
