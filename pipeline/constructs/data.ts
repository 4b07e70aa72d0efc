import type { FormatName } from '../../schemas/split-options.ts'
import type { StringValue } from '../dsl/job-options.ts'
import { mistake, show } from '../dsl/mistake.ts'

/** A data set of records in S3: one object, or all objects below a prefix. */
export interface Data {
  readonly kind: 'foldwise.data'
  readonly uri: StringValue
  readonly format: FormatName
  /** MIME type for channels. */
  readonly contentType: string
  readonly header: boolean
  /** The header is read, and the folds are written without it. */
  readonly dropHeader?: boolean
  /** Column name, 0-based column index, or JSON member that holds the label. */
  readonly label: string | undefined
}

export interface CsvOptions {
  /** Column name (with `header`) or 0-based index of the label; stratified folds and the classes of the report need it. */
  readonly label?: string | number
  /** The first record of every file names the columns. @default false, as SageMaker's built-in algorithms have it */
  readonly header?: boolean
  /**
   * Write the folds without the header, as SageMaker's built-in algorithms want them. @default false
   */
  readonly dropHeader?: boolean
}

/**
 * Comma-separated records; quoted fields may hold commas and newlines.
 *
 * @throws UserError for a label by name without `header`
 */
export const csv = (uri: StringValue, options: CsvOptions = {}): Data =>
  delimited('csv', uri, { format: 'csv', contentType: 'text/csv' }, options)

/**
 * Tab-separated records; quoted fields may hold tabs and newlines.
 *
 * @throws UserError for a label by name without `header`
 */
export const tsv = (uri: StringValue, options: CsvOptions = {}): Data =>
  delimited('tsv', uri, { format: 'tsv', contentType: 'text/tab-separated-values' }, options)

function delimited(
  call: string,
  uri: StringValue,
  { format, contentType }: Pick<Data, 'format' | 'contentType'>,
  { label, header = false, dropHeader = false }: CsvOptions,
): Data {
  if (dropHeader && !header)
    throw mistake(`${call}: dropHeader — the data has no header; add header: true, or leave it out.`)
  const drops = dropHeader ? { dropHeader } : {}
  const made = { kind: 'foldwise.data', uri, format, contentType, header, label: undefined, ...drops } as const
  const column = label === undefined ? undefined : String(label)
  if (column !== undefined) checkColumn(`${call}: label`, column, made)
  return Object.freeze({ ...made, label: column })
}

export interface JsonLinesOptions {
  /** Top-level member of the label. */
  readonly label?: string
}

/** One JSON object per line; columns are its top-level members. */
export function jsonLines(uri: StringValue, { label }: JsonLinesOptions = {}): Data {
  const contentType = 'application/jsonlines'
  return Object.freeze({ kind: 'foldwise.data', uri, format: 'jsonl', contentType, header: false, label })
}

export interface ColumnDataOptions {
  /** Column of the label. */
  readonly label?: string
}

/** Apache Parquet with plain columns; a record is a row. */
export function parquet(uri: StringValue, { label }: ColumnDataOptions = {}): Data {
  const contentType = 'application/x-parquet'
  return Object.freeze({ kind: 'foldwise.data', uri, format: 'parquet', contentType, header: false, label })
}

/** SageMaker's RecordIO-protobuf. The label is an entry of the records' map `label`, usually `values`. */
export function recordioProtobuf(uri: StringValue, { label }: ColumnDataOptions = {}): Data {
  const contentType = 'application/x-recordio-protobuf'
  return Object.freeze({ kind: 'foldwise.data', uri, format: 'recordio-protobuf', contentType, header: false, label })
}

/** Formats whose columns are told by position when there is no header. */
const positional: ReadonlySet<FormatName> = new Set(['csv', 'tsv'])

/**
 * @param where The option that names the column, such as `csv: label`.
 * @throws UserError for a column by name in data without a header
 */
export function checkColumn(where: string, column: string, { format, header }: Data): void {
  if (!positional.has(format) || header || /^\d+$/.test(column)) return
  throw mistake(
    `${where} — ${show(column)} is a column name, but the data has no header; add header: true, or give the 0-based index of the column.`,
  )
}
