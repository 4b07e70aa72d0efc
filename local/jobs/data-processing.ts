import { csvCell, parseCsv } from './checks/table.ts'
import { applyRecordFilter, parseRecordFilter, type RecordFilter } from './record-filter.ts'
import { ClientFault, CreateRefused } from './step-fault.ts'

/** What a transform job does with records before and after the model. */
export interface DataProcessing {
  readonly input: RecordFilter
  readonly output: RecordFilter
  readonly join: boolean
}

/** DataProcessing of CreateTransformJob. */
interface Given {
  readonly InputFilter?: string | undefined
  readonly OutputFilter?: string | undefined
  readonly JoinSource?: string | undefined
}

/**
 * @returns undefined when records stay as they are.
 * @throws CreateRefused for a filter that cannot be read.
 */
export function readDataProcessing(given: Given | undefined): DataProcessing | undefined {
  const { InputFilter = '$', OutputFilter = '$', JoinSource = 'None' } = given ?? {}
  if (InputFilter === '$' && OutputFilter === '$' && JoinSource === 'None') return undefined
  const parse = (member: string, text: string): RecordFilter => {
    const filter = parseRecordFilter(text)
    if (filter === undefined)
      throw new CreateRefused(`${member} ${JSON.stringify(text)} is not one of the supported JSONPath expressions`)
    return filter
  }
  return {
    input: parse('InputFilter', InputFilter),
    output: parse('OutputFilter', OutputFilter),
    join: JoinSource === 'Input',
  }
}

interface RecordFormat {
  readonly parse: (text: string) => unknown[]
  readonly render: (record: unknown) => string
  /** One record with what the model said of it. Source: Developer Guide, "Associate Prediction Results with Input Records". */
  readonly join: (record: unknown, answer: unknown) => unknown
}

const csv: RecordFormat = {
  parse: text => parseCsv(text, 'A record').map(({ cells }) => [...cells]),
  render: record => (Array.isArray(record) ? record : [record]).map(csvCell).join(','),
  join: (record, answer) => [...(record as unknown[]), ...(answer as unknown[])],
}

const json: RecordFormat = {
  parse: text => {
    const whole = parseJson(text)
    if (whole.found) return [whole.value]
    return text
      .split('\n')
      .filter(line => line.trim() !== '')
      .map(line => {
        const one = parseJson(line)
        if (!one.found) throw new ClientFault(`The record ${JSON.stringify(line.slice(0, 100))} is not JSON`)
        return one.value
      })
  },
  render: record => JSON.stringify(record),
  join: (record, answer) =>
    typeof record === 'object' && record !== null && !Array.isArray(record)
      ? { ...record, SageMakerOutput: answer }
      : { SageMakerInput: record, SageMakerOutput: answer },
}

/** One entry per content type whose records can be filtered. */
const formats: Readonly<Record<string, RecordFormat>> = {
  'text/csv': csv,
  'application/json': json,
  'application/jsonlines': json,
}

function formatOf(type: string | undefined): RecordFormat {
  const plain = (type ?? 'text/csv').replace(/;.*$/, '').trim().toLowerCase()
  const format = Object.hasOwn(formats, plain) ? formats[plain] : undefined
  if (format === undefined)
    throw new ClientFault(
      `Records of ${plain} cannot be filtered or joined — ${Object.keys(formats).join(', ')} can — use one of them.`,
    )
  return format
}

/** A request of records, filtered on the way to the model and back. */
export interface ProcessedBatch {
  readonly body: Buffer
  /** What is stored of the model's answer. @throws ClientFault when it has not one record for each that was asked. */
  readonly finish: (answer: Buffer) => Buffer
}

/** @param types ContentType and Accept of the job; without Accept the model answers in the content type. */
export function processBatch(
  processing: DataProcessing,
  batch: Buffer,
  types: { readonly contentType: string | undefined; readonly accept: string | undefined },
): ProcessedBatch {
  const asked = formatOf(types.contentType)
  const answered = formatOf(types.accept ?? types.contentType)
  const records = asked.parse(batch.toString('utf8'))
  const lines = records.map(record => asked.render(applyRecordFilter(processing.input, record)))
  return {
    body: Buffer.from(`${lines.join('\n')}\n`),
    finish: answer => {
      const answers = answered.parse(answer.toString('utf8'))
      // One JSON list for several records is one answer for each.
      const each =
        answers.length === 1 && records.length > 1 && Array.isArray(answers[0]) && answered === json
          ? (answers[0] as unknown[])
          : answers
      if (processing.join && each.length !== records.length)
        throw new ClientFault(
          `The model gave ${each.length} records for ${records.length} — JoinSource Input needs one for each — let the model answer line by line.`,
        )
      const joined = processing.join ? each.map((one, index) => joinRecord(asked, answered, records[index], one)) : each
      const kept = joined.map(record => answered.render(applyRecordFilter(processing.output, record)))
      return Buffer.from(`${kept.join('\n')}\n`)
    },
  }
}

/** A joined record has the format of the answer; only records of one format can be put together. */
function joinRecord(asked: RecordFormat, answered: RecordFormat, record: unknown, answer: unknown): unknown {
  if (asked !== answered)
    throw new ClientFault(
      'JoinSource Input needs a ContentType and an Accept of the same format — CSV with CSV, or JSON with JSON — make them equal.',
    )
  return answered.join(record, answer)
}

function parseJson(text: string): { readonly found: true; readonly value: unknown } | { readonly found: false } {
  try {
    return { found: true, value: JSON.parse(text) as unknown }
  } catch {
    return { found: false }
  }
}
