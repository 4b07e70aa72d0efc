import { StringDecoder } from 'node:string_decoder'
import type { SchemaElement } from 'hyparquet'
import type { ColumnSource } from 'hyparquet-writer'
import type { TableSchema } from './table-schema.ts'

/** A row group is written when it has so many rows, or its lines so many characters. */
const GROUP_ROWS = 100_000
const GROUP_CHARACTERS = 32 * 1024 * 1024

/** Writes rows, given as the lines of `readRows`, to a new Parquet file with the columns of `schema`. */
export async function writeRows(lines: AsyncIterable<Uint8Array>, path: string, schema: TableSchema): Promise<void> {
  const { fileWriter, ParquetWriter } = await import('hyparquet-writer')
  const { elements, physical, columns, keyValues } = schema
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: [...physical],
    // Bounds of physical values would be wrong ones for some logical types.
    statistics: false,
    createdBy: 'foldwise',
    ...(keyValues && { kvMetadata: keyValues }),
  })
  let group: unknown[][] = columns.map(() => [])
  let characters = 0
  const flush = async () => {
    const rows = group[0]?.length ?? 0
    if (rows === 0) return
    const columnData = columns.map(
      ({ name }, i): ColumnSource => ({ name, data: group[i] as unknown[], ...encodingOf(physical[i + 1]) }),
    )
    await writer.write({ columnData, rowGroupSize: rows })
    group = columns.map(() => [])
    characters = 0
  }
  for await (const line of textLines(lines)) {
    const values = JSON.parse(line) as unknown[]
    columns.forEach(({ codec }, i) => {
      const value = values[i]
      group[i]?.push(value === null ? undefined : codec.fromJson(value))
    })
    characters += line.length
    if (group[0]?.length === GROUP_ROWS || characters > GROUP_CHARACTERS) await flush()
  }
  await flush()
  // Values were written as they are stored; the footer says again what they mean.
  writer.schema = [...elements]
  await writer.finish()
}

/** A dictionary takes -0 for 0. */
function encodingOf(element: SchemaElement | undefined): Pick<ColumnSource, 'encoding'> {
  return element?.type === 'FLOAT' || element?.type === 'DOUBLE' ? { encoding: 'PLAIN' } : {}
}

async function* textLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const chunk of chunks) {
    const parts = (rest + decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))).split('\n')
    rest = parts.pop() ?? ''
    yield* parts
  }
}
