import type { FormatName } from '../../schemas/split-names.ts'
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
  /** The folds are written as pairs of files, features and label. */
  readonly numberPairs?: boolean
  /** Column name, 0-based column index, or JSON member that holds the label. */
  readonly label: string | undefined
  /** Several label columns, in place of `label`. */
  readonly labels?: readonly string[]
  /** Of an augmented manifest: what a training is given of every line, in order. */
  readonly attributes?: readonly string[]
}

/** A column that is told by its name (with a header) or its 0-based index. */
type Position = string | number

interface Labels<C extends Position> {
  /** Column of the label; stratified folds and the classes of the report need one. */
  readonly label?: C
  /** Several label columns (multi-label), in place of `label`: stratified folds warn of them as scikit-learn does. */
  readonly labels?: readonly C[]
}

export interface CsvOptions extends Labels<Position> {
  /** The first record of every file names the columns. @default false, as SageMaker's built-in algorithms have it */
  readonly header?: boolean
  /**
   * Write the folds without the header, as SageMaker's built-in algorithms want them. @default false
   */
  readonly dropHeader?: boolean
  /**
   * Write every folder as two files of numbers, features and label, as `numpy.savetxt` does: `train_x.csv` and `train_y.csv`,
   * for validation `test_x.csv` and `test_y.csv`. Only of CSV, and it needs `label`. @default false
   */
  readonly numberPairs?: boolean
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
export const tsv = (uri: StringValue, options: Omit<CsvOptions, 'numberPairs'> = {}): Data =>
  delimited('tsv', uri, { format: 'tsv', contentType: 'text/tab-separated-values' }, options)

type Kind = Pick<Data, 'format' | 'contentType'>

function delimited(call: string, uri: StringValue, kind: Kind, options: CsvOptions): Data {
  const { header = false, dropHeader = false, numberPairs = false } = options
  if (dropHeader && !header)
    throw mistake(`${call}: dropHeader — the data has no header; add header: true, or leave it out.`)
  if (numberPairs && options.label === undefined)
    throw mistake(`${call}: numberPairs — the label is written to a file of its own, and none is named; add label.`)
  const data = makeData(call, uri, kind, options, {
    header,
    ...(dropHeader && { dropHeader }),
    ...(numberPairs && { numberPairs }),
  })
  if (data.label !== undefined) checkColumn(`${call}: label`, data.label, data)
  for (const column of data.labels ?? []) checkColumn(`${call}: labels`, column, data)
  return data
}

function makeData(
  call: string,
  uri: StringValue,
  { format, contentType }: Kind,
  { label, labels }: Labels<Position> = {},
  more: Partial<Data> = {},
): Data {
  if (label !== undefined && labels !== undefined)
    throw mistake(`${call}: labels — label names a column too; give one of the two.`)
  const names = labels?.map(String)
  const wrong = names?.find((name, index) => name === '' || name.includes(',') || names.indexOf(name) !== index)
  if (wrong !== undefined || names?.length === 0) {
    const what = wrong === undefined ? 'the list is empty' : `${show(wrong)} is twice in it, empty, or has a comma`
    throw mistake(`${call}: labels — ${what}; list every label column once.`)
  }
  return Object.freeze({
    kind: 'foldwise.data',
    uri,
    format,
    contentType,
    header: false,
    label: label === undefined ? undefined : String(label),
    ...(names && { labels: Object.freeze(names) }),
    ...more,
  })
}

export interface JsonLinesOptions extends Labels<string> {}

/** One JSON object per line; columns are its top-level members. */
export const jsonLines = (uri: StringValue, options: JsonLinesOptions = {}): Data =>
  makeData('jsonLines', uri, { format: 'jsonl', contentType: 'application/jsonlines' }, options)

export interface ColumnDataOptions extends Labels<string> {}

/** Apache Parquet with plain columns; a record is a row. */
export const parquet = (uri: StringValue, options: ColumnDataOptions = {}): Data =>
  makeData('parquet', uri, { format: 'parquet', contentType: 'application/x-parquet' }, options)

/** SageMaker's RecordIO-protobuf. The label is an entry of the records' map `label`, usually `values`. */
export const recordioProtobuf = (uri: StringValue, options: ColumnDataOptions = {}): Data =>
  makeData(
    'recordioProtobuf',
    uri,
    { format: 'recordio-protobuf', contentType: 'application/x-recordio-protobuf' },
    options,
  )

/** libsvm's sparse lines, `<label> [qid:<query>] <index>:<value> …`, as XGBoost reads them; the groups may be `qid`. */
export const libsvm = (uri: StringValue): Data =>
  makeData('libsvm', uri, { format: 'libsvm', contentType: 'text/libsvm' }, { label: 'label' })

/** Newline-separated text, such as BlazingText's; every line is a record, and there are no columns. */
export const textLines = (uri: StringValue): Data =>
  makeData('textLines', uri, { format: 'text', contentType: 'text/plain' })

export interface FilesOptions {
  /** `folder`, the name of the folder that a file lies in, or the 0-based position of a folder on its path. */
  readonly label?: 'folder' | number
  /** MIME type of the files. @default 'application/x-image' */
  readonly contentType?: string
}

/**
 * Files as records, such as images: all objects below the prefix. With `layout: 'manifest'` the folds are S3 manifests, and no
 * file is copied.
 */
export const files = (uri: StringValue, { contentType = 'application/x-image', ...options }: FilesOptions = {}): Data =>
  makeData('files', uri, { format: 'files', contentType }, options)

export interface AugmentedManifestOptions extends Labels<string> {
  /** Members of every line that a training is given, in this order, such as `['source-ref', 'class']`. */
  readonly attributes: readonly string[]
  /** MIME type of what the training is given. @default 'application/x-recordio' */
  readonly contentType?: string
}

/**
 * SageMaker's augmented manifest: JSON Lines that name an object by `source-ref`, or hold it as `source`, and what is known of it.
 * Every folder of the folds holds one manifest, which a training reads in Pipe mode, wrapped in RecordIO; no object is copied.
 *
 * @throws UserError for an empty list of attributes, more than 16, or one that is twice in it
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html, AttributeNames
 */
export function augmentedManifest(uri: StringValue, options: AugmentedManifestOptions): Data {
  const { attributes, contentType = 'application/x-recordio', ...labels } = options
  const twice = attributes.find((name, index) => attributes.indexOf(name) !== index)
  if (attributes.length === 0 || attributes.length > 16 || twice !== undefined) {
    const what = twice === undefined ? `${attributes.length} attributes` : `${show(twice)} is twice in the list`
    throw mistake(`augmentedManifest: attributes — ${what}; list 1 to 16 members of the lines, each once.`)
  }
  return makeData('augmentedManifest', uri, { format: 'augmented-manifest', contentType }, labels, {
    attributes: Object.freeze([...attributes]),
  })
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
