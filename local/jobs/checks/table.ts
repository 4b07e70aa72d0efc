import { readFile, stat } from 'node:fs/promises'
import { isUserError } from '../../../schemas/problem.ts'
import { readCsv } from '../../../schemas/read-csv.ts'
import { type JsonStep, parseJsonPath, readJsonPath } from '../../engine/json-path.ts'
import { ClientFault } from '../step-fault.ts'
import { filesBelow } from '../upload-folder.ts'

/** A value of a data set; null is missing. */
export type Cell = string | number | boolean | null

/** A data set in memory. Every row has a cell for each column. */
export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** Larger files do not fit into one text of Node. */
const largestFileBytes = 400 * 1024 * 1024

/**
 * The CSV files of a folder, in byte order of their paths, as one table. An empty cell is missing.
 *
 * @param header True: the first record of every file names the columns. A list: names from elsewhere; a first record that
 *   repeats them is left out. False: names are `_c0`, `_c1`, … as Spark gives them.
 * @throws ClientFault for records of different lengths, and for what is no CSV.
 */
export async function readCsvTable(folder: string, header: boolean | readonly string[]): Promise<Table> {
  let columns: readonly string[] | undefined = Array.isArray(header) ? (header as readonly string[]) : undefined
  const rows: Cell[][] = []
  for (const { text, path } of await textsBelow(folder)) {
    const records = parseCsv(text, path)
    const [first] = records
    if (first === undefined) continue
    if (columns === undefined) columns = header === true ? first.cells : first.cells.map((_, index) => `_c${index}`)
    const repeated = header !== false && first.cells.every((cell, index) => cell === columns?.[index])
    for (const { line, cells } of repeated ? records.slice(1) : records) {
      if (cells.length !== columns.length)
        throw new ClientFault(
          `${path} line ${line} has ${cells.length} columns — ${columns.length} are expected — correct the file or the headers.`,
        )
      rows.push(cells.map(cell => (cell === '' ? null : cell)))
    }
  }
  return { columns: columns ?? [], rows }
}

/** @throws ClientFault for what is no CSV. */
export function parseCsv(text: string, path: string): ReturnType<typeof readCsv> {
  try {
    return readCsv(text, path)
  } catch (error) {
    if (isUserError(error)) throw new ClientFault(error.message)
    throw error
  }
}

/**
 * The JSON Lines files of a folder as one table: one object per line, one column per member in the order of their first
 * appearance; members of members are `a.b`. Lists become JSON text.
 */
export async function readJsonLinesTable(folder: string): Promise<Table> {
  const columns: string[] = []
  const places = new Map<string, number>()
  const rows: Cell[][] = []
  for await (const { value } of jsonLines(folder)) {
    const row: Cell[] = []
    for (const [name, cell] of flatten(value, '')) {
      const place = places.get(name) ?? columns.push(name) - 1
      places.set(name, place)
      row[place] = cell
    }
    rows.push(row)
  }
  return { columns, rows: rows.map(row => columns.map((_, index) => row[index] ?? null)) }
}

/**
 * JSON Lines whose features are a list at one path and whose label lies at another.
 *
 * @param headers Names of the features, and of the label as the last when there is one. @default `feature_0`, …, `label`
 */
export async function readFeatureLines(
  folder: string,
  paths: {
    readonly features: string
    readonly label?: string | undefined
    readonly headers?: readonly string[] | undefined
  },
): Promise<Table> {
  const features = stepsOf(paths.features)
  const label = paths.label === undefined ? undefined : stepsOf(paths.label)
  let columns: readonly string[] = paths.headers ?? []
  const rows: Cell[][] = []
  for await (const { value, path, line } of jsonLines(folder)) {
    const found = readJsonPath(value, features)
    if (!found.found || !Array.isArray(found.value))
      throw new ClientFault(`${path} line ${line} has no list at ${paths.features} — correct "features" or the data.`)
    const row = found.value.map(cellOf)
    if (label !== undefined) {
      const target = readJsonPath(value, label)
      row.push(target.found ? cellOf(target.value) : null)
    }
    if (columns.length === 0)
      columns = row.map((_, index) => (label !== undefined && index === row.length - 1 ? 'label' : `feature_${index}`))
    if (row.length !== columns.length)
      throw new ClientFault(
        `${path} line ${line} has ${row.length} values — ${columns.length} columns are named — correct "headers" or the data.`,
      )
    rows.push(row)
  }
  return { columns, rows }
}

function stepsOf(path: string): readonly JsonStep[] {
  const steps = parseJsonPath(path)
  if (steps === undefined)
    throw new ClientFault(
      `The path ${JSON.stringify(path)} is not of the form a.b[0] — only such paths are read locally — use one.`,
    )
  return steps
}

async function* jsonLines(folder: string): AsyncGenerator<{ value: object; path: string; line: number }> {
  for (const { text, path } of await textsBelow(folder)) {
    for (const [index, one] of text.split('\n').entries()) {
      if (one.trim() === '') continue
      const value = parseLine(one)
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw new ClientFault(
          `${path} line ${index + 1} is not a JSON object — JSON Lines has one per line — correct it.`,
        )
      yield { value, path, line: index + 1 }
    }
  }
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function flatten(value: object, prefix: string): [string, Cell][] {
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? flatten(member, `${prefix}${name}.`)
      : [[`${prefix}${name}`, cellOf(member)] as [string, Cell]],
  )
}

/** @returns A scalar as it is, anything else as JSON text. */
export function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value === '' ? null : value
  if (typeof value === 'number' || typeof value === 'boolean') return value
  return JSON.stringify(value)
}

async function textsBelow(folder: string): Promise<{ readonly text: string; readonly path: string }[]> {
  const texts: { text: string; path: string }[] = []
  for (const { file, path } of await filesBelow(folder)) {
    const { size } = await stat(file)
    if (size > largestFileBytes)
      throw new ClientFault(
        `${path} has ${size} bytes — files of up to ${largestFileBytes} are read locally — part it.`,
      )
    texts.push({ text: await readFile(file, 'utf8'), path })
  }
  return texts
}

/** The number that a cell is, or is the text of. */
export function numberIn(cell: Cell): number | undefined {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : undefined
  if (typeof cell !== 'string' || !/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(cell)) return undefined
  return Number(cell)
}

/** The column of a name, of a number among them, or of Spark's `_c<number>`; undefined when there is none. */
export function columnIndex(table: Pick<Table, 'columns'>, name: string | number): number | undefined {
  const at = table.columns.indexOf(String(name))
  if (at >= 0) return at
  const number = /^(?:_c)?(\d+)$/.exec(String(name))?.[1]
  return number !== undefined && Number(number) < table.columns.length ? Number(number) : undefined
}

/** A cell of a CSV file: quoted where it must be, empty when it is missing, JSON for what is no scalar. */
export function csvCell(cell: unknown): string {
  const text = cell === null || cell === undefined ? '' : typeof cell === 'object' ? JSON.stringify(cell) : String(cell)
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
