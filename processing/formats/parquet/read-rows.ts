import type { ColumnChunk, FileMetaData } from 'hyparquet'
import { isUserError, UserError } from '../../../schemas/problem.ts'
import type { ByteSource } from '../format.ts'
import { decodeText, NotUtf8 } from './column-codec.ts'
import { findPages, windowEnd } from './find-pages.ts'
import type { PageLocation } from './find-pages.ts'
import { openFile, tableSchema } from './table-schema.ts'
import type { TableSchema } from './table-schema.ts'

/** Of a row group, that are decoded at once; as values of JavaScript they take several times the room. */
const BYTES_AT_ONCE = 4 * 1024 * 1024
const CHARACTERS_AT_ONCE = 256 * 1024

/**
 * The rows of a Parquet file as JSON arrays, a line each. Memory holds a part of a row group.
 *
 * @param onSchema Told the columns before the first row; may refuse them.
 */
export function readRows(path: string, name: string, onSchema: (schema: TableSchema) => void): ByteSource {
  const file = openFile(path)
  const chunks = lines()
  let rest = Buffer.alloc(0)
  return {
    async read(into, offset, length) {
      if (rest.length === 0) {
        const { value, done } = await chunks.next()
        if (done === true) return 0
        rest = value
      }
      const part = rest.subarray(0, length)
      into.set(part, offset)
      rest = rest.subarray(part.length)
      return part.length
    },
    close: () => file.close(),
  }

  async function* lines(): AsyncGenerator<Buffer<ArrayBuffer>> {
    const { parquetMetadataAsync } = await import('hyparquet')
    const metadata = await orDamaged(name, async () => {
      if (file.byteLength < 12) throw new Error(`it has ${file.byteLength} bytes`)
      return await parquetMetadataAsync(file, { geoparquet: false })
    })
    const schema = tableSchema(metadata, name)
    onSchema(schema)
    const physical = { ...metadata, schema: [...schema.physical] }
    let rowStart = 0
    for (const [index, group] of metadata.row_groups.entries()) {
      const rows = Number(group.num_rows)
      const pages = await orDamaged(name, () => Promise.all(group.columns.map(column => findPages(file, column, rows))))
      const pagesOfGroups: Record<string, readonly PageLocation[]>[] = []
      pagesOfGroups[index] = Object.fromEntries(group.columns.map((column, i) => [pathOf(column), pages[i] ?? []]))
      const most = Math.max(1, Math.floor(BYTES_AT_ONCE / (Number(group.total_byte_size) / rows)))
      for (let row = 0; row < rows; ) {
        const end = windowEnd(group, pages, row, most)
        const columns = await orDamaged(name, () =>
          readColumns(physical, pagesOfGroups, rowStart + row, rowStart + end),
        )
        yield* rowLines(columns, schema, rowStart + row, rowStart + end)
        row = end
      }
      rowStart += rows
    }
  }

  /** The values of each column in the order of the rows; of rows beside those that are asked for too. */
  async function readColumns(
    metadata: FileMetaData,
    pageLocationsByGroup: readonly Record<string, readonly PageLocation[]>[],
    rowStart: number,
    rowEnd: number,
  ): Promise<Column[]> {
    const [{ parquetRead }, { compressors }] = await Promise.all([import('hyparquet'), import('hyparquet-compressors')])
    const parts = new Map<string, ColumnPart[]>(metadata.schema.slice(1).map(column => [column.name, []]))
    const pages = { pageLocationsByGroup }
    await parquetRead({
      file,
      metadata,
      // What it calls what it finds in an index; without it, it would read whole columns.
      ...pages,
      rowStart,
      rowEnd,
      utf8: false,
      geoparquet: false,
      compressors,
      parsers: { stringFromBytes: decodeText },
      onChunk: ({ columnName, columnData, rowStart: from }) =>
        parts.get(columnName)?.push({ from, values: columnData }),
    })
    return [...parts].map(([column, columnParts]) => columnOf(column, columnParts, rowStart, rowEnd))
  }
}

const pathOf = (column: ColumnChunk): string => column.meta_data?.path_in_schema.join('.') ?? ''

/** The value of a row, for rows that come in order. */
type Column = (row: number) => unknown

interface ColumnPart {
  readonly from: number
  readonly values: ArrayLike<unknown>
}

function columnOf(name: string, parts: readonly ColumnPart[], rowStart: number, rowEnd: number): Column {
  const ends = parts.map(({ from, values }) => from + values.length)
  let next = rowStart
  for (const [i, { from }] of parts.entries()) if (from <= next) next = Math.max(next, ends[i] as number)
  if (next < rowEnd) throw new Error(`column ${name} has ${next - rowStart} rows where ${rowEnd - rowStart} should be`)
  let at = 0
  return row => {
    while (row >= (ends[at] as number)) at++
    const { from, values } = parts[at] as ColumnPart
    return values[row - from]
  }
}

function* rowLines(
  columns: readonly Column[],
  schema: TableSchema,
  rowStart: number,
  rowEnd: number,
): Generator<Buffer<ArrayBuffer>> {
  let lines = ''
  for (let row = rowStart; row < rowEnd; row++) {
    const cells = schema.columns.map(({ codec }, i) => {
      const value = (columns[i] as Column)(row)
      return value === null || value === undefined ? 'null' : codec.toJson(value)
    })
    lines += `[${cells.join(',')}]\n`
    if (lines.length < CHARACTERS_AT_ONCE && row + 1 < rowEnd) continue
    yield Buffer.from(lines)
    lines = ''
  }
}

async function orDamaged<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isUserError(error) || (error as NodeJS.ErrnoException).code !== undefined) throw error
    if (error instanceof NotUtf8)
      throw new UserError(`${name} — ${error.message}, though its column says so — repair the file`, { cause: error })
    throw new UserError(
      `${name} — this is no Parquet file, or it is damaged or cut off (${(error as Error).message}) — get the file again`,
      { cause: error },
    )
  }
}
