import type { FileMetaData } from 'hyparquet'
import { isUserError, UserError } from '../../../schemas/problem.ts'
import type { ByteSource } from '../format.ts'
import { decodeText, NotUtf8 } from './column-codec.ts'
import { openFile, tableSchema } from './table-schema.ts'
import type { TableSchema } from './table-schema.ts'

/** Rows that are decoded at once where the file has an index of its pages; without one, a row group. */
const ROWS_AT_ONCE = 16 * 1024

/**
 * The rows of a Parquet file as JSON arrays, a line each. Memory holds one row group, or a part of one where the file says
 * where its pages begin.
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
    for (const group of metadata.row_groups) {
      const groupEnd = rowStart + Number(group.num_rows)
      const indexed = group.columns.every(column => column.offset_index_offset !== undefined)
      while (rowStart < groupEnd) {
        const rowEnd = indexed ? Math.min(groupEnd, rowStart + ROWS_AT_ONCE) : groupEnd
        const rows = await orDamaged(name, () => readRange(physical, rowStart, rowEnd))
        for (let from = 0; from < rows.length; from += 4096)
          yield Buffer.from(
            rows
              .slice(from, from + 4096)
              .map(row => rowLine(row, schema))
              .join(''),
          )
        rowStart = rowEnd
      }
    }
  }

  async function readRange(metadata: FileMetaData, rowStart: number, rowEnd: number): Promise<unknown[][]> {
    const [{ parquetRead }, { compressors }] = await Promise.all([import('hyparquet'), import('hyparquet-compressors')])
    let rows: unknown[][] = []
    await parquetRead({
      file,
      metadata,
      rowStart,
      rowEnd,
      utf8: false,
      useOffsetIndex: true,
      geoparquet: false,
      compressors,
      parsers: { stringFromBytes: decodeText },
      onComplete: read => {
        rows = read
      },
    })
    if (rows.length !== rowEnd - rowStart) throw new Error(`${rows.length} rows where ${rowEnd - rowStart} should be`)
    return rows
  }
}

function rowLine(row: readonly unknown[], { columns }: TableSchema): string {
  const cells = columns.map(({ codec }, i) => {
    const value = row[i]
    return value === null || value === undefined ? 'null' : codec.toJson(value)
  })
  return `[${cells.join(',')}]\n`
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
