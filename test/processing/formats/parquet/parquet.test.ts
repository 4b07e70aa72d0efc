import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { SplitOptionsInput } from '../../../../schemas/split-options.ts'
import { isUserError } from '../../../../schemas/problem.ts'
import { removeCases, splitCase } from '../../split/split-case.ts'
import type { SplitCase } from '../../split/split-case.ts'

afterEach(removeCases)

const COUNT = 1000
const range = <T>(value: (i: number) => T) => Array.from({ length: COUNT }, (_, i) => value(i))

/** Every type that is stored in a physical type, some of whose values JSON has no numbers for. */
const table = parquetWriteBuffer({
  schema: [
    { name: 'root', num_children: 12 },
    { name: 'id', type: 'INT32', repetition_type: 'REQUIRED' },
    { name: 'y', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
    { name: 'big', type: 'INT64', repetition_type: 'OPTIONAL' },
    { name: 'x', type: 'DOUBLE', repetition_type: 'REQUIRED' },
    { name: 'f', type: 'FLOAT', repetition_type: 'OPTIONAL' },
    { name: 'flag', type: 'BOOLEAN', repetition_type: 'OPTIONAL' },
    { name: 'raw', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
    { name: 'fixed', type: 'FIXED_LEN_BYTE_ARRAY', type_length: 4, repetition_type: 'REQUIRED' },
    { name: 'day', type: 'INT32', converted_type: 'DATE', repetition_type: 'REQUIRED' },
    {
      name: 'at',
      type: 'INT64',
      repetition_type: 'REQUIRED',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'NANOS' },
    },
    {
      name: 'price',
      type: 'INT64',
      converted_type: 'DECIMAL',
      scale: 2,
      precision: 18,
      repetition_type: 'REQUIRED',
      logical_type: { type: 'DECIMAL', scale: 2, precision: 18 },
    },
    { name: 'u', type: 'INT32', converted_type: 'UINT_32', repetition_type: 'REQUIRED' },
  ],
  columnData: [
    { name: 'id', data: range(i => i) },
    { name: 'y', data: range(i => ['red', 'grün', 'a"\n,'][i % 3]) },
    { name: 'big', data: range(i => (i % 5 === 0 ? undefined : 2n ** 62n + BigInt(i))) },
    {
      name: 'x',
      data: range(i => [0.1 * i, -0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324][i % 5]),
      encoding: 'PLAIN',
    },
    { name: 'f', data: range(i => (i % 7 === 0 ? undefined : Math.fround(i / 3))) },
    { name: 'flag', data: range(i => (i % 3 === 0 ? undefined : i % 2 === 0)) },
    { name: 'raw', data: range(i => (i % 4 === 0 ? undefined : new Uint8Array([0xff, i & 0xff, 0]))) },
    { name: 'fixed', data: range(i => new Uint8Array([1, 2, 3, i & 0xff])) },
    { name: 'day', data: range(i => new Date(86_400_000 * i)) },
    { name: 'at', data: range(i => 1_700_000_000_000_000_000n + BigInt(i)) },
    { name: 'price', data: range(i => BigInt(i) * 10_000_000_000_001n) },
    { name: 'u', data: range(i => 4_294_967_295 - i) },
  ],
  rowGroupSize: 300,
  kvMetadata: [{ key: 'pandas', value: '{"index_columns": []}' }],
})
const data = { 'd.parquet': new Uint8Array(table) }
const options = { strategy: 'stratified-kfold', k: 3, shuffle: true, seed: 4, format: 'parquet', label: 'y' } as const

type Row = Readonly<Record<string, unknown>>

/** The rows of a folder's files in their order, timestamps as they are stored. */
async function rowsOf({ root, files }: SplitCase, folder: string): Promise<Row[]> {
  const parts = await Promise.all(
    [...files(folder).keys()].map(async name => readTable(join(root, 'out', folder, name))),
  )
  return parts.flat()
}

async function readTable(path: string): Promise<Row[]> {
  const raw = (value: bigint) => value
  return await parquetReadObjects({
    file: await asyncBufferFromFile(path),
    utf8: false,
    parsers: { timestampFromNanoseconds: raw },
  })
}

describe('Parquet', () => {
  test('is split by rows, every value and the columns as they were', async () => {
    const made = await splitCase(data, options)
    const source = await readTable(join(made.root, 'data/d.parquet'))
    const byId = (rows: Row[]) => rows.toSorted((a, b) => Number(a['id']) - Number(b['id']))
    expect(made.report.records).toBe(COUNT)
    expect(made.report.classes).toEqual({ red: 334, grün: 333, 'a"\n,': 333 })
    for (let fold = 0; fold < 3; fold++) {
      const train = await rowsOf(made, `train/${fold}`)
      const validation = await rowsOf(made, `validation/${fold}`)
      expect(validation).toHaveLength(made.report.folds[fold]?.validation.records ?? 0)
      expect(byId([...train, ...validation])).toEqual(source)
    }
    expect(byId(await rowsOf(made, 'all'))).toEqual(source)
    const written = join(made.root, 'out/all/part-0.parquet')
    const [before, after] = await Promise.all(
      [join(made.root, 'data/d.parquet'), written].map(async path =>
        parquetMetadataAsync(await asyncBufferFromFile(path)),
      ),
    )
    expect(after?.schema).toEqual(before?.schema)
    expect(after?.key_value_metadata).toEqual(before?.key_value_metadata)
  })

  test('is split alike however its rows are grouped, and into files of a given size', async () => {
    const whole = await splitCase(data, options)
    const cut = await splitCase(data, { ...options, shardSize: 10_000 })
    expect(cut.report.certificate.digest).toBe(whole.report.certificate.digest)
    expect(cut.files('validation/0').size).toBeGreaterThan(3)
    expect(await rowsOf(cut, 'validation/0')).toEqual(await rowsOf(whole, 'validation/0'))
    const single = await splitCase(data, { ...options, singleFile: true })
    expect((await rowsOf(single, 'all')).map(row => row['id'])).toEqual(range(i => i))
  })

  test('keeps groups of a column together, and is split the same again', async () => {
    const grouped = { strategy: 'group-kfold', k: 3, format: 'parquet', groups: 'day' } as const
    const [one, two] = await Promise.all([splitCase(data, grouped), splitCase(data, grouped)])
    expect(one.report.certificate.groupsKeptTogether).toBe(true)
    expect([...one.files('all')]).toEqual([...two.files('all')])
  })

  test.each<[string, Record<string, Uint8Array>, Partial<SplitOptionsInput>, RegExp]>([
    [
      'a wrong footer',
      { 'd.parquet': Uint8Array.from(data['d.parquet']).fill(0x20, -4) },
      {},
      /^d\.parquet — this is no Parquet file, or it is damaged or cut off \(.*footer.*\) — get the file again$/,
    ],
    [
      'a file that was cut off',
      { 'd.parquet': data['d.parquet'].subarray(0, 3000) },
      {},
      /^d\.parquet — this is no Parquet file, or it is damaged or cut off \(.+\) — get the file again$/,
    ],
    [
      'a footer length beyond the file',
      { 'd.parquet': withBytes(data['d.parquet'], -8, [0xff, 0xff, 0xff, 0x7f]) },
      {},
      /^d\.parquet — this is no Parquet file, or it is damaged or cut off \(.*metadata length.*\) — get the file again$/,
    ],
    [
      'damaged pages',
      {
        'd.parquet': withBytes(
          data['d.parquet'],
          10,
          Array.from({ length: 300 }, () => 0xff),
        ),
      },
      {},
      /^d\.parquet — this is no Parquet file, or it is damaged or cut off \(.+\) — get the file again$/,
    ],
    [
      'three bytes',
      { 'd.parquet': new Uint8Array([1, 2, 3]) },
      {},
      /^d\.parquet — .*\(it has 3 bytes\) — get the file again$/,
    ],
    [
      'a label that is null in a row',
      data,
      { label: 'big' },
      /^d\.parquet:1 — column "big" is null — every record needs a value there — repair or remove the row$/,
    ],
    [
      'an unknown column',
      data,
      { label: 'flagg' },
      /^there is no column "flagg" — did you mean "flag"\? — the columns are "id"/,
    ],
    ['a header', data, { header: true }, /^format parquet has no header — leave out --header$/],
    [
      'other columns in a second file',
      { ...data, 'e.parquet': other() },
      {},
      /^e\.parquet — its columns differ from those of d\.parquet/,
    ],
    [
      'nested columns',
      { 'd.parquet': nested() },
      {},
      /^d\.parquet — column "a" is nested, which Foldwise cannot write as it was/,
    ],
    [
      'two columns of one name',
      { 'd.parquet': twins() },
      {},
      /^d\.parquet — two columns are named "y" — give each its own name$/,
    ],
  ])('is refused with %s', async (_, files, more, sentence) => {
    const error = await splitCase(files, { ...options, ...more }).catch((reason: unknown) => reason)
    expect(isUserError(error), String((error as Error).stack)).toBe(true)
    expect((error as Error).message).toMatch(sentence)
  })

  test('without rows is refused', async () => {
    const empty = parquetWriteBuffer({ columnData: [{ name: 'y', data: [], type: 'STRING' }] })
    await expect(splitCase({ 'd.parquet': new Uint8Array(empty) }, options)).rejects.toSatisfy(isUserError)
  })
})

function withBytes(bytes: Uint8Array, at: number, values: readonly number[]): Uint8Array {
  const changed = Uint8Array.from(bytes)
  changed.set(values, at < 0 ? bytes.length + at : at)
  return changed
}

function other(): Uint8Array {
  return new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'y', data: ['a', 'b'] }] }))
}

function twins(): Uint8Array {
  const column = { name: 'y', data: ['a', 'b'] }
  return new Uint8Array(parquetWriteBuffer({ columnData: [column, column] }))
}

function nested(): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({
      schema: [
        { name: 'root', num_children: 2 },
        { name: 'a', repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', type: 'INT32', repetition_type: 'OPTIONAL' },
        { name: 'y', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
      ],
      columnData: [
        { name: 'a', data: [[1], [2, 3]] },
        { name: 'y', data: ['a', 'b'] },
      ],
    }),
  )
}
