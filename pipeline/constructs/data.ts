import type { FormatName } from '../../schemas/split-options.ts'
import type { StringValue } from '../dsl/job-options.ts'
import { mistake } from '../dsl/mistake.ts'

/** A data set of records in S3: one object, or all objects below a prefix. */
export interface Data {
  readonly kind: 'foldwise.data'
  readonly uri: StringValue
  readonly format: FormatName
  /** MIME type for channels. */
  readonly contentType: string
  readonly header: boolean
  /** Column name, 0-based column index, or JSON member that holds the label. */
  readonly label: string | undefined
}

export interface CsvOptions {
  /** Column name (with `header`) or 0-based index of the label; stratified folds and the classes of the report need it. */
  readonly label?: string | number
  /** The first record of every file names the columns. @default false, as SageMaker's built-in algorithms have it */
  readonly header?: boolean
}

/**
 * Comma-separated records; quoted fields may hold commas and newlines.
 *
 * @throws UserError for a label by name without `header`
 */
export function csv(uri: StringValue, { label, header = false }: CsvOptions = {}): Data {
  const column = label === undefined ? undefined : String(label)
  if (column !== undefined && !header && !/^\d+$/.test(column)) {
    throw mistake(
      `csv: label — "${column}" is a column name, but the data has no header; add header: true, or give the 0-based index of the column.`,
    )
  }
  return Object.freeze({ kind: 'foldwise.data', uri, format: 'csv', contentType: 'text/csv', header, label: column })
}

export interface JsonLinesOptions {
  /** Top-level member of the label. */
  readonly label?: string
}

/** One JSON value per line. */
export function jsonLines(uri: StringValue, { label }: JsonLinesOptions = {}): Data {
  const contentType = 'application/jsonlines'
  return Object.freeze({ kind: 'foldwise.data', uri, format: 'jsonl', contentType, header: false, label })
}
