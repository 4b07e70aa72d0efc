import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as zlib from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import type { SplitOptionsInput } from '../../../schemas/split-options.ts'
import { splitOptionsSchema } from '../../../schemas/split-options.ts'
import { isUserError } from '../../../schemas/problem.ts'
import { mapOutputs } from '../../../processing/split/output-folders.ts'
import { splitData } from '../../../processing/split/split-data.ts'
import { caseFolder, readTree, removeCases } from './split-case.ts'
import type { DataFiles } from './split-case.ts'

afterEach(removeCases)

const zstd = readFileSync(new URL('../../fixtures/split/iris.csv.zst', import.meta.url))

/** The sentence of the refusal; nothing may be left behind. */
async function refusal(data: DataFiles, options: Partial<SplitOptionsInput> = {}): Promise<string> {
  const root = caseFolder(data)
  const names = Object.keys(data)
  const error = await splitData(splitOptionsSchema.parse({ strategy: 'kfold', k: 2, ...options }), {
    input: names.length === 1 ? join(root, 'data', names[0] as string) : join(root, 'data'),
    output: mapOutputs(name => join(root, 'out', name)),
  }).then(
    () => null,
    (error: unknown) => error,
  )
  expect(isUserError(error), String((error as Error | null)?.stack)).toBe(true)
  expect(existsSync(join(root, 'out'))).toBe(false)
  return (error as Error).message.replaceAll(root, '')
}

const header = { header: true } as const
const stratified = { strategy: 'stratified-kfold', header: true, label: 'y' } as const

describe('refused with one sentence and nothing written:', () => {
  test.each<[string, string | Uint8Array, Partial<SplitOptionsInput>, string]>([
    ['an empty file', '', {}, 'd.csv — empty, 0 bytes — give a file with records'],
    [
      'only a header',
      'a,b\n',
      header,
      'd.csv — only a header, no records — give a file with records, or leave out --header if the first line is data',
    ],
    ['only empty lines', '\n\r\n\n', {}, 'd.csv — only empty lines, no records — give a file with records'],
    [
      'more folds than records',
      '1\n2\n3\n',
      { k: 5 },
      'Cannot have number of splits n_splits=5 greater than the number of samples: n_samples=3.',
    ],
    [
      'a ragged row',
      'a,b\n1,2\n"x\ny",2\n1,2,3\n',
      header,
      'd.csv:5 — the row has 3 fields, the first row has 2 — every row needs the same number of fields — repair or remove the row',
    ],
    [
      'a ragged row without header',
      '1,2\n1\n',
      {},
      'd.csv:2 — the row has 1 field, the first row has 2 — every row needs the same number of fields — repair or remove the row',
    ],
    [
      'a quote that is never closed',
      'a,b\n1,2\n1,"x\n3,4\n5,6\n',
      header,
      'd.csv:3 — the quote that opens here is never closed — a quoted field ends with a quote — repair the row',
    ],
    [
      'a quote inside a field',
      '1,5" pipe\n2,6" pipe\n',
      {},
      'd.csv:1 — a quote stands inside an unquoted field — put the whole field in quotes and write the quote twice ("") — repair the row',
    ],
    [
      'text after a closing quote',
      '1,"a"b\n2,c\n',
      {},
      'd.csv:1 — a quoted field goes on after its closing quote — a quote inside a quoted field is written twice ("") — repair the row',
    ],
    [
      'line ends of a carriage return alone',
      'a,b\r1,2\r3,4\r',
      {},
      'd.csv:1 — a carriage return stands inside the row — line ends must be LF or CRLF — save the file with one of them',
    ],
    [
      'a NUL byte',
      'a,b\n1,2\n3,\0\n',
      header,
      'd.csv:3 — there is a NUL byte, so this is not text — give a UTF-8 text file',
    ],
    ['UTF-16', Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le'), header, 'd.csv:1 — the file is UTF-16 — save it as UTF-8'],
    [
      'a header that is not UTF-8',
      Buffer.from('a,\xff\n1,2\n', 'latin1'),
      header,
      'd.csv:1 — the header is not UTF-8 text — save the file as UTF-8',
    ],
    [
      'a label that is not UTF-8',
      Buffer.from('x,y\n1,a\n2,\xe9\n', 'latin1'),
      stratified,
      'd.csv:3 — the value is not UTF-8 text — save the file as UTF-8',
    ],
    [
      'a label that is missing in one row',
      'x,y\n1,a\n2,\n',
      stratified,
      'd.csv:3 — column "y" is empty — every record needs a value there — repair or remove the row',
    ],
    [
      'an unknown label column',
      'sepal,species\n1,2\n',
      { ...header, label: 'spcies' },
      'there is no column "spcies" — did you mean "species"? — the columns are "sepal", "species"',
    ],
    [
      'a label by name without header',
      '1,2\n3,4\n',
      { label: 'species' },
      'column "species" is a name, but the data has no header — give its 0-based index, or say that there is a header',
    ],
    [
      'a label index out of range',
      '1,2\n3,4\n',
      { label: '2' },
      'there is no column 2 — the rows have 2 fields, indices 0 to 1',
    ],
    [
      'a label column that exists twice',
      'y,y\n3,4\n',
      { ...header, label: 'y' },
      'the header has more than one column "y" — give the 0-based index of the one that is meant',
    ],
    [
      'continuous labels',
      'x,y\n1,0.5\n2,1.5\n',
      stratified,
      "Supported target types are: ('binary', 'multiclass'). Got 'continuous' instead.",
    ],
    [
      'more folds than members in each class',
      'x,y\n1,a\n2,b\n',
      stratified,
      'n_splits=2 cannot be greater than the number of members in each class.',
    ],
    [
      'a strategy without its label',
      '1\n2\n',
      { strategy: 'stratified-kfold' },
      'strategy stratified-kfold needs the label column — say which with --label',
    ],
    [
      'layout manifest without the S3 URI',
      '1\n2\n',
      { layout: 'manifest' },
      'layout manifest needs to know where the validation folder will lie in S3 — give its URI, s3://bucket/prefix/',
    ],
    [
      'a line that is not JSON',
      '{"a":1}\n{"a":\n',
      { format: 'jsonl' },
      'd.csv:2 — the line is not JSON (Unexpected end of JSON input) — every line must be one JSON object',
    ],
    [
      'a line that is no object',
      '{"a":1}\n[1]\n',
      { format: 'jsonl' },
      'd.csv:2 — the line is a JSON array — every line must be one JSON object',
    ],
    [
      'a JSON label that is missing',
      '{"clas":1}\n',
      { format: 'jsonl', label: 'class' },
      'd.csv:1 — there is no member "class" — did you mean "clas"? — the members are "clas"',
    ],
    [
      'a JSON label that is no value',
      '{"class":null}\n',
      { format: 'jsonl', label: 'class' },
      'd.csv:1 — member "class" is a JSON null — it must be a string, a number or a boolean',
    ],
    [
      'a header in JSON Lines',
      '{"a":1}\n',
      { format: 'jsonl', header: true },
      'format jsonl has no header — leave out --header',
    ],
  ])('%s', async (_, content, options, sentence) => {
    expect(await refusal({ 'd.csv': content }, options)).toBe(sentence)
  })

  test('headers that differ between files', async () => {
    expect(await refusal({ 'a.csv': 'x,y\n1,2\n', 'b.csv': 'y,x\n1,2\n' }, header)).toBe(
      'b.csv:1 — the header differs from that of a.csv — every input file needs the same columns in the same order',
    )
  })

  test('leaving out one of so many records that the links would be millions', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => `${i}\n`).join('')
    expect(await refusal({ 'd.csv': rows }, { strategy: 'leave-one-out', k: 3000 })).toBe(
      'leave-one-out makes 3000 folds of 3000 files each, more than 4000000 files in all — use kfold with fewer folds',
    )
    expect(await refusal({ 'd.csv': rows }, { strategy: 'leave-p-out', k: 10, p: 2 })).toBe(
      'leave-p-out makes 4498500 folds of this data, more than the 10000 that can be written as folders — use kfold with fewer folds',
    )
  })

  test.each([
    ['damaged', Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), Buffer.alloc(20, 0xff)])],
    ['cut off', zstd.subarray(0, zstd.length - 40)],
  ])('a zstd file that is %s', async (_, bytes) => {
    expect(await refusal({ 'd.csv.zst': bytes })).toMatch(
      /^d\.csv\.zst — the zstd data is damaged or cut off \(.+\) — get the file again$/,
    )
  })

  test('a gzip file that was cut off, and a ragged row in one', async () => {
    const zipped = zlib.gzipSync(`a,b\n${Array.from({ length: 50_000 }, (_, i) => `${i},${i * 7}\n`).join('')}`)
    expect(await refusal({ 'd.csv.gz': zipped.subarray(0, zipped.length - 100) }, header)).toBe(
      'd.csv.gz — the gzip data is damaged or cut off (unexpected end of file) — get the file again',
    )
    expect(await refusal({ 'd.csv.gz': zlib.gzipSync('a,b\n1,2\n3\n') }, header)).toMatch(
      /^d\.csv\.gz:3 — the row has 1 field/,
    )
  })

  test('a missing file', async () => {
    const root = caseFolder({})
    const split = splitData(splitOptionsSchema.parse({ strategy: 'kfold', k: 2 }), {
      input: join(root, 'nowhere.csv'),
      output: mapOutputs(name => join(root, 'out', name)),
    })
    await expect(split).rejects.toThrow(
      `${join(root, 'nowhere.csv')} — there is no such file — give the path of the data file or of a folder`,
    )
  })

  test('an unclosed quote far from its end, with the line where it opened', async () => {
    const rows = '1,2\n'.repeat(9_000_000)
    expect(await refusal({ 'd.csv': `1,2\n3,"4\n${rows}` })).toBe(
      'd.csv:2 — the quote that opens here is never closed — a quoted field ends with a quote — repair the row',
    )
  })

  test('a record too long to hold', async () => {
    expect(await refusal({ 'd.csv': `1\n${'x'.repeat(40 * 2 ** 20)}` })).toBe(
      'd.csv:2 — the record is longer than 32 MiB — check the line ends and the quotes',
    )
  })
})

test('a class with fewer members than folds is split, with the warning of scikit-learn', async () => {
  const root = caseFolder({ 'd.csv': 'a\na\na\nb\nb\n' })
  const report = await splitData(splitOptionsSchema.parse({ strategy: 'stratified-kfold', k: 3, label: '0' }), {
    input: join(root, 'data/d.csv'),
    output: mapOutputs(name => join(root, 'out', name)),
  })
  expect(report.warnings[0]).toBe('The least populated class in y has only 2 members, which is less than n_splits=3.')
})

describe('an output folder', () => {
  const options = splitOptionsSchema.parse({ strategy: 'kfold', k: 2 })

  test('that is not empty is left as it is', async () => {
    const root = caseFolder({ 'd.csv': '1\n2\n' })
    mkdirSync(join(root, 'out/all'), { recursive: true })
    writeFileSync(join(root, 'out/all/mine.txt'), 'mine')
    const split = splitData(options, {
      input: join(root, 'data/d.csv'),
      output: mapOutputs(name => join(root, 'out', name)),
    })
    await expect(split).rejects.toThrow(
      `${join(root, 'out/all')} — the output folder is not empty — choose another one, or empty it first`,
    )
    expect([...readTree(join(root, 'out')).keys()]).toEqual(['all/mine.txt'])
  })

  test('that exists and is empty is filled, and emptied again after a failure', async () => {
    const root = caseFolder({ 'd.csv': '1\n2\n', 'bad.csv': '1\n2,3\n' })
    const output = mapOutputs(name => join(root, 'out', name))
    for (const folder of Object.values(output)) mkdirSync(folder, { recursive: true })
    await expect(splitData(options, { input: join(root, 'data/bad.csv'), output })).rejects.toThrow('bad.csv:2')
    expect(readTree(join(root, 'out')).size).toBe(0)
    for (const folder of Object.values(output)) expect(existsSync(folder)).toBe(true)
    await splitData(options, { input: join(root, 'data/d.csv'), output })
    expect(readTree(join(root, 'out')).size).toBe(7)
  })

  test('on a file system that is read-only gives one sentence', async () => {
    const root = caseFolder({ 'd.csv': '1\n2\n' })
    const split = splitData(options, {
      input: join(root, 'data/d.csv'),
      output: mapOutputs(name => `/proc/foldwise/${name}`),
    })
    await expect(split).rejects.toSatisfy(isUserError)
  })

  test('on a full disk is left empty', async () => {
    const root = caseFolder({ 'd.csv': '1\n2\n' })
    const link = () => {
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    }
    const split = splitData(options, {
      input: join(root, 'data/d.csv'),
      output: mapOutputs(name => join(root, 'out', name)),
      link,
    })
    await expect(split).rejects.toThrow(
      'the disk is full — make room or choose another disk (ENOSPC); nothing was kept of the split',
    )
    expect(existsSync(join(root, 'out'))).toBe(false)
  })
})

test('an interrupted split leaves nothing behind', async () => {
  const root = caseFolder({ 'd.csv': '1,2\n'.repeat(2_000_000) })
  const interruption = new AbortController()
  const split = splitData(splitOptionsSchema.parse({ strategy: 'kfold', k: 2 }), {
    input: join(root, 'data/d.csv'),
    output: mapOutputs(name => join(root, 'out', name)),
    signal: interruption.signal,
    onProgress: ({ phase, bytes }) => {
      if (phase === 'writing' && bytes > 3_000_000) interruption.abort()
    },
  })
  await expect(split).rejects.toThrow('the split was interrupted — nothing was written')
  expect(existsSync(join(root, 'out'))).toBe(false)
})

test('data that changes between the passes is refused', async () => {
  const root = caseFolder({ 'd.csv': '1\n2\n3\n' })
  const path = join(root, 'data/d.csv')
  let changed = false
  const split = splitData(splitOptionsSchema.parse({ strategy: 'kfold', k: 2 }), {
    input: path,
    output: mapOutputs(name => join(root, 'out', name)),
    onProgress: ({ phase }) => {
      if (phase === 'writing' && !changed) {
        changed = true
        writeFileSync(path, '1\n2\n4\n5\n')
      }
    },
  })
  await expect(split).rejects.toThrow(
    'd.csv — the file changed while it was read — split it again when nobody writes to it',
  )
  expect(existsSync(join(root, 'out'))).toBe(false)
})
