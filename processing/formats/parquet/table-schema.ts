import { closeSync, openSync, readSync, statSync } from 'node:fs'
import type { AsyncBuffer, FileMetaData, SchemaElement } from 'hyparquet'
import { UserError } from '../../../schemas/problem.ts'
import { columnCodec, isText } from './column-codec.ts'
import type { ColumnCodec } from './column-codec.ts'

/** The columns of a Parquet file, and what is to be written of its footer. */
export interface TableSchema {
  readonly elements: readonly SchemaElement[]
  /** Columns in order. */
  readonly columns: readonly { readonly name: string; readonly codec: ColumnCodec }[]
  /** The same columns as their physical types: values are read and written as they are stored. */
  readonly physical: readonly SchemaElement[]
  /** Of the file, such as what pandas and Arrow note there. */
  readonly keyValues: FileMetaData['key_value_metadata']
}

/** @throws UserError for columns that could not be written as they were */
export function tableSchema({ schema, key_value_metadata: keyValues }: FileMetaData, name: string): TableSchema {
  const names = new Set<string>()
  const columns = schema.slice(1).map(element => {
    if (names.has(element.name))
      throw new UserError(`${name} — two columns are named ${JSON.stringify(element.name)} — give each its own name`)
    names.add(element.name)
    const codec = columnCodec(element)
    if (codec !== null && element.repetition_type !== 'REPEATED') return { name: element.name, codec }
    const what = element.type === 'INT96' ? 'holds INT96 timestamps' : 'is nested'
    throw new UserError(
      `${name} — column ${JSON.stringify(element.name)} ${what}, which Foldwise cannot write as it was — write it as plain values, for example INT64 timestamps or JSON text`,
    )
  })
  return { elements: schema, columns, physical: schema.map(physicalElement), keyValues }
}

function physicalElement(element: SchemaElement): SchemaElement {
  const { converted_type: _converted, logical_type: _logical, scale: _scale, precision: _precision, ...plain } = element
  return isText(element) ? { ...plain, converted_type: 'UTF8' } : plain
}

/** The columns as text, equal for equal schemas. */
export function schemaText({ elements }: TableSchema): string {
  return JSON.stringify(elements)
}

/** A file as hyparquet reads it. */
export function openFile(path: string): AsyncBuffer & { close(): void } {
  const fd = openSync(path, 'r')
  const { size } = statSync(path)
  return {
    byteLength: size,
    slice(start, end = size) {
      const bytes = new Uint8Array(Math.max(0, end - start))
      let filled = 0
      while (filled < bytes.length) {
        const read = readSync(fd, bytes, filled, bytes.length - filled, start + filled)
        if (read === 0) throw new Error(`the file ends at byte ${start + filled}`)
        filled += read
      }
      return bytes.buffer
    },
    close: () => closeSync(fd),
  }
}
