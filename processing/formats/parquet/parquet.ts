import { nearest } from '../../../schemas/nearest.ts'
import { UserError } from '../../../schemas/problem.ts'
import { MalformedRecord } from '../format.ts'
import type { Format, RecordCodec, ValueSink } from '../format.ts'
import { lineCodec } from '../lines.ts'
import { readRows } from './read-rows.ts'
import { schemaText } from './table-schema.ts'
import type { TableSchema } from './table-schema.ts'
import { writeRows } from './write-rows.ts'

/**
 * Apache Parquet with plain columns. A record is a row, which travels as a line of JSON with an array of the stored values;
 * digests, counts of bytes and line numbers are of these lines. Files are written with the columns and the metadata of the
 * input, values bit for bit, in row groups and pages of our own.
 */
export const parquet: Format = {
  extension: '.parquet',
  allowsHeader: false,
  rewritesFiles: true,
  open: ({ columns }) => openParquet(columns),
}

function openParquet(columns: readonly string[]): RecordCodec {
  let table: { readonly schema: TableSchema; readonly file: string } | null = null
  let wanted: readonly number[] = []

  function takeSchema(schema: TableSchema, file: string): void {
    if (table === null) {
      wanted = columns.map(column => findColumn(column, schema))
      table = { schema, file }
    } else if (schemaText(schema) !== schemaText(table.schema))
      throw new UserError(
        `${file} — its columns differ from those of ${table.file} — every input file needs the same columns and types in the same order`,
      )
  }

  return {
    skipsEmptyLines: false,
    ...lineCodec,
    // Rows are well-formed by the way that they are made.
    inspectRun: (_block, from, count) => (columns.length === 0 ? count - from : 0),
    openRecords: (path, name) => readRows(path, name, schema => takeSchema(schema, name)),
    async writeRecords(records, path) {
      if (table === null) throw new Error('rows are written before any were read')
      await writeRows(records, path, table.schema)
    },
    readHeader() {
      throw new Error('Parquet files have no header record')
    },
    inspect(bytes, start, end, sinks) {
      const line = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
      const row = JSON.parse(line) as unknown[]
      wanted.forEach((field, i) => {
        const value = row[field]
        if (value === null)
          throw new MalformedRecord(
            start,
            `column ${JSON.stringify(columns[i])} is null — every record needs a value there — repair or remove the row`,
          )
        ;(sinks[i] as ValueSink).addText(String(value))
      })
    },
  }
}

function findColumn(column: string, { columns }: TableSchema): number {
  const names = columns.map(({ name }) => name)
  const named = names.indexOf(column)
  if (named >= 0) return named
  if (/^\d+$/.test(column) && Number(column) < names.length) return Number(column)
  const meant = nearest(column, names)
  throw new UserError(
    `there is no column ${JSON.stringify(column)}${meant === undefined ? '' : ` — did you mean ${JSON.stringify(meant)}?`} — the columns are ${names.map(name => JSON.stringify(name)).join(', ')}`,
  )
}
