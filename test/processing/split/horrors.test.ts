import { closeSync, existsSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import * as zlib from 'node:zlib'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { isUserError } from '../../../schemas/problem.ts'
import { splitOptionsSchema } from '../../../schemas/split-options.ts'
import type { SplitOptionsInput } from '../../../schemas/split-options.ts'
import { mapOutputs } from '../../../processing/split/output-folders.ts'
import { splitData } from '../../../processing/split/split-data.ts'
import { bundle } from '../../support/bundle.ts'
import { runProgram } from '../../support/run-program.ts'
import { blake3 } from './plain-blake3.ts'
import { caseFolder, readTree, removeCases, splitCase } from './split-case.ts'

afterEach(removeCases)

const kfold = { strategy: 'kfold', k: 3, shuffle: true, seed: 8 } as const
const ROWS = Number(process.env['FOLDWISE_HORROR_ROWS'] ?? 350_000)
const LINE_MEGABYTES = Number(process.env['FOLDWISE_HORROR_LINE_MB'] ?? 1000)

/** Splits, and refuses to go on when anything of a refused split is left. */
async function refusalOf(root: string, file: string, options: Partial<SplitOptionsInput> = {}): Promise<string> {
  const error = await splitData(splitOptionsSchema.parse({ ...kfold, ...options }), {
    input: join(root, 'data', file),
    output: mapOutputs(name => join(root, 'out', name)),
  }).then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(isUserError(error), String((error as Error | null)?.stack)).toBe(true)
  expect(existsSync(join(root, 'out'))).toBe(false)
  return (error as Error).message
}

describe('text that is cut where a read ends', () => {
  test('in the middle of a character, a quote or a CRLF is whole again', async () => {
    // Reads take a mebibyte: every kind of border falls on one for some of these lengths.
    for (const shift of [0, 1, 2, 3, 4, 5]) {
      const filler = `${'x'.repeat(1024 * 1024 - 24 - shift)},a\r\n`
      const rows = [filler, ...Array.from({ length: 40 }, (_, i) => `"ß€😀""${i}\r\n,",ü${i % 2}\r\n`)]
      const { records, report } = await splitCase({ 'd.csv': rows.join('') }, { ...kfold, label: '1' })
      expect(report.records).toBe(41)
      expect(report.classes).toEqual({ a: 1, ü0: 20, ü1: 20 })
      const whole = Buffer.from(records('all'), 'latin1').toString()
      expect(whole.length).toBe(rows.join('').length)
      for (const row of rows) expect(whole).toContain(row)
    }
  })
})

describe('mixed line ends', () => {
  test('stay as they are, record by record', async () => {
    const rows = ['a,1\n', 'b,2\r\n', '"c\r\n\n",3\n', 'd,4\r\n', 'e,5']
    const { records, report } = await splitCase(
      { 'd.csv': rows.join('') },
      { ...kfold, k: 5, shuffle: false, seed: undefined },
    )
    expect(report.records).toBe(5)
    rows.forEach((row, i) => expect(records(`validation/${i}`)).toBe(row === 'e,5' ? 'e,5\n' : row))
  })
})

describe('the least that can be split', () => {
  test('is as many records as folds: each validates once', async () => {
    const { records, report } = await splitCase({ 'd.csv': '1\n2\n3\n' }, kfold)
    expect(report.folds.map(({ validation, train }) => [validation.records, train.records])).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ])
    expect(
      [0, 1, 2]
        .map(fold => records(`validation/${fold}`))
        .sort()
        .join(''),
    ).toBe('1\n2\n3\n')
  })

  test('is not one record', async () => {
    const root = caseFolder({ 'd.csv': '1\n' })
    expect(await refusalOf(root, 'd.csv')).toBe(
      'Cannot have number of splits n_splits=3 greater than the number of samples: n_samples=1.',
    )
  })

  test('may have a group of one', async () => {
    const { report } = await splitCase({ 'd.csv': 'a\nb\nb\nc\nc\n' }, { strategy: 'group-kfold', k: 3, groups: '0' })
    expect(report.certificate.groupsKeptTogether).toBe(true)
    expect(report.folds.map(({ validation }) => validation.records).sort()).toEqual([1, 2, 2])
  })
})

test('equal keys and equal rows are kept, each as often as it is there', async () => {
  const rows = Array.from({ length: 300 }, (_, i) => `k${i % 3},same\n`)
  for (const strategy of ['kfold', 'hash-kfold'] as const) {
    const options = strategy === 'kfold' ? kfold : ({ strategy, k: 2, key: '0', seed: 2 } as const)
    const { records, report } = await splitCase({ 'd.csv': rows.join('') }, options)
    expect(report.records).toBe(300)
    expect(records('all').split('\n').toSorted()).toEqual([...rows.map(row => row.trimEnd()), ''].toSorted())
    expect((report.certificate.duplicates?.records ?? 0) > 0).toBe(strategy === 'kfold')
  }
})

test(`a line of ${LINE_MEGABYTES} MB is refused with its number`, { timeout: 600_000 }, async () => {
  const root = caseFolder({})
  const folder = join(root, 'processing/input/data')
  mkdirSync(folder, { recursive: true })
  const fd = openSync(join(folder, 'd.csv'), 'w')
  writeSync(fd, '1,2\n"')
  const piece = Buffer.alloc(2 ** 20, 'x')
  for (let i = 0; i < LINE_MEGABYTES; i++) writeSync(fd, piece)
  writeSync(fd, '",3\n')
  closeSync(fd)
  const program = await bundle('processing/split/main.ts')
  const { code, stderr } = await runProgram([program, '--strategy', 'kfold', '--k', '2'], { SAGEMAKER_BASE_DIR: root })
  expect(stderr).toContain('d.csv:2 — ')
  expect(stderr).toMatch(/longer than 32 MiB|never closed/)
  expect(stderr).not.toMatch(/\n\s+at /)
  expect(code).toBe(1)
  expect(existsSync(join(root, 'processing/output'))).toBe(false)
})

describe(`${ROWS} generated records`, () => {
  const formats = {
    csv: (seed: number) => rowsOf(seed, (i, text) => `${i},"${text.replaceAll('"', '""')}",${i % 5}`),
    jsonl: (seed: number) => rowsOf(seed, (i, text) => JSON.stringify({ i, text, y: i % 5 })),
    text: (seed: number) => rowsOf(seed, (i, text) => `${i} ${text.replaceAll(/[\r\n\0]/g, ' ')}`),
  }

  test.each(Object.keys(formats) as (keyof typeof formats)[])(
    'of %s come out as they went in, each once, by count and by digest',
    { timeout: 600_000 },
    async format => {
      await fc.assert(
        fc.asyncProperty(fc.nat(1000), fc.constantFrom('none', 'gzip'), async (seed, packed) => {
          const rows = formats[format](seed)
          const text = rows.join('')
          const data = packed === 'gzip' ? zlib.gzipSync(text) : Buffer.from(text)
          const { report, records } = await splitCase({ 'd.txt': data }, { ...kfold, seed, format })
          expect(report.records).toBe(rows.length)
          const sizes = report.folds.map(({ validation }) => validation.records)
          expect(sizes.reduce((a, b) => a + b)).toBe(rows.length)
          const whole = records('all')
          expect(whole.length).toBe(Buffer.byteLength(text))
          for (const { index, validation } of report.folds) {
            const written = records(`validation/${index}`)
            expect(blake3(Buffer.from(written, 'latin1'))).toBe(validation.digest)
            expect(written.length + records(`train/${index}`).length).toBe(whole.length)
          }
          // In the order of the input, one of each is all of it.
          const single = await splitCase({ 'd.txt': data }, { ...kfold, seed, format, singleFile: true })
          expect(single.records('all') === Buffer.from(text).toString('latin1')).toBe(true)
          removeCases()
        }),
        { numRuns: 2 },
      )
    },
  )
})

/** Rows of pseudo-random text with quotes, line ends and characters of several bytes. */
function rowsOf(seed: number, row: (i: number, text: string) => string): string[] {
  const parts = ['a', 'ß', '€', '😀', '"', '\r\n', '\n', ',', ' ', '\\', "'", 'long text ']
  let state = seed + 1
  const next = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
  return Array.from({ length: ROWS }, (_, i) => {
    const text = Array.from({ length: next(6) }, () => parts[next(parts.length)]).join('')
    return `${row(i, text)}\n`
  })
}

test('a Parquet footer and a gzip end that are missing, and a NUL byte, leave nothing behind', async () => {
  const root = caseFolder({
    'd.parquet': 'PAR1 nothing that ends well',
    'd.csv.gz': zlib.gzipSync('1\n2\n3\n').subarray(0, 20),
    'nul.jsonl': '{"a": 1}\n\0\n',
  })
  expect(await refusalOf(root, 'd.parquet', { format: 'parquet' })).toMatch(/^d\.parquet — this is no Parquet file/)
  expect(await refusalOf(root, 'd.csv.gz')).toMatch(/^d\.csv\.gz — the gzip data is damaged or cut off/)
  expect(await refusalOf(root, 'nul.jsonl', { format: 'jsonl' })).toMatch(/^nul\.jsonl:2 — the line is not JSON/)
  expect([...readTree(root).keys()].filter(path => !path.startsWith('data/'))).toEqual([])
})
