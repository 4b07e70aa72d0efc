import { afterEach, describe, expect, test } from 'vitest'
import type { SplitOptionsInput } from '../../../schemas/split-options.ts'
import { formats } from '../../../processing/formats/formats.ts'
import { removeCases, splitCase } from '../split/split-case.ts'

afterEach(removeCases)

interface Sample {
  readonly header?: string
  readonly rows: readonly string[]
  readonly label?: string
  readonly bad: string
  readonly sentence: string
}

const manifestRow = (i: number) =>
  `{"source-ref": "s3://b/${i}.jpg","class":"${i % 2}", "class-metadata":{"confidence":1.0}}`

/** One sample per format of lines; one without does not compile. Binary formats have suites of their own. */
const samples = {
  csv: {
    header: 'a,b',
    rows: Array.from({ length: 8 }, (_, i) => `"${i},\n""x""",${i % 2}`),
    label: 'b',
    bad: '1',
    sentence: 'the row has 1 field, the first row has 2',
  },
  tsv: {
    header: 'a\tb',
    rows: Array.from({ length: 8 }, (_, i) => `${i},x\t${i % 2}`),
    label: 'b',
    bad: '1',
    sentence: 'the row has 1 field, the first row has 2',
  },
  jsonl: {
    rows: Array.from({ length: 8 }, (_, i) => `{"n": ${i}.0,"y":${i % 2}}`),
    label: 'y',
    bad: '{',
    sentence: 'the line is not JSON',
  },
  'augmented-manifest': {
    rows: Array.from({ length: 8 }, (_, i) => manifestRow(i)),
    label: 'class',
    bad: '{"class":1}',
    sentence: 'the line has neither "source-ref" nor "source"',
  },
  libsvm: {
    rows: Array.from({ length: 8 }, (_, i) => `${i % 2} qid:${i} 1:0.5 7:-1e-3 # c`),
    label: 'label',
    bad: '1 x:2',
    sentence: 'the line is not "<label> <index>:<value> …"',
  },
  text: { rows: ['a', '', 'b "', 'c', '', 'd', 'é', 'f'], bad: '\0', sentence: 'there is a NUL byte' },
} satisfies Record<Exclude<keyof typeof formats, 'parquet' | 'recordio-protobuf' | 'files'>, Sample>

describe.each(Object.entries<Sample>(samples))('format %s', (name, { header, rows, label, bad, sentence }) => {
  const format = name as keyof typeof formats
  const { extension } = formats[format]
  const options: SplitOptionsInput = {
    strategy: label === undefined ? 'kfold' : 'stratified-kfold',
    k: 2,
    format,
    header: header !== undefined,
    ...(label === undefined ? {} : { label }),
  }
  const data = (lines: readonly string[], lineEnd = '\n') => ({
    'd.txt': [...(header === undefined ? [] : [header]), ...lines].join(lineEnd),
  })

  test.each(['\n', '\r\n'])('keeps every record to the byte, line end %j', async lineEnd => {
    const { records, files, report } = await splitCase(data(rows, lineEnd), options)
    expect(report.records).toBe(rows.length)
    expect(latin1(records('validation/0'))).toEqual(latin1(records('train/1')))
    const all = Buffer.from(records('all'), 'latin1').toString()
    expect(all.length).toBe(rows.join('').length + rows.length * lineEnd.length)
    for (const row of rows) expect(all).toContain(row + lineEnd)
    expect([...files('all').keys()]).toEqual([`part-0${extension}`, `part-1${extension}`])
    if (label !== undefined) expect(report.folds[0]?.validation.classes).toEqual({ 0: 2, 1: 2 })
  })

  test('refuses a record that is none, with its line', async () => {
    await expect(splitCase(data([...rows.slice(0, 1), bad, ...rows.slice(1)]), options)).rejects.toThrow(sentence)
  })

  test('refuses a column that there is not', async () => {
    await expect(splitCase(data(rows), { ...options, label: 'nowhere' })).rejects.toThrow('"nowhere"')
  })
})

function latin1(text: string): string[] {
  return text.split('\n')
}

test('libsvm data is grouped by its query', async () => {
  const rows = Array.from({ length: 8 }, (_, i) => `${i} qid:${i >> 1} 1:${i}\n`)
  const { report, records } = await splitCase(
    { 'd.libsvm': rows.join('') },
    { strategy: 'group-kfold', k: 4, format: 'libsvm', groups: 'qid' },
  )
  expect(report.certificate.groupsKeptTogether).toBe(true)
  for (let i = 0; i < 4; i++) expect(new Set(records(`validation/${i}`).match(/qid:\d/g)).size).toBe(1)
})
