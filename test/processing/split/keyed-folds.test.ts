import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import type { SplitOptionsInput } from '../../../schemas/split-options.ts'
import { hashBytes, hashInteger, SPARK_SEED } from '../../../processing/split/keyed-folds.ts'
import { removeCases, splitCase } from './split-case.ts'

afterEach(removeCases)

const hashText = (text: string, seed: number) => hashBytes(Buffer.from(text), 0, Buffer.byteLength(text), seed)

test("the hash is that of Spark SQL: SELECT hash('Spark', array(123), 2) of its documentation", () => {
  expect(hashInteger(2, hashInteger(123, hashText('Spark', SPARK_SEED)))).toBe(-1321691492)
})

test('a record keeps its fold when the data set grows or is put in another order', async () => {
  const rows = Array.from({ length: 3000 }, (_, i) => `id-${i},${i % 7}`)
  const options = { strategy: 'hash-kfold', k: 5, key: 'id', seed: 7, header: true } as const
  const foldOf = (records: (folder: string) => string) =>
    new Map(
      [0, 1, 2, 3, 4].flatMap(fold =>
        records(`validation/${fold}`)
          .trimEnd()
          .split('\n')
          .map(row => [row, fold] as const),
      ),
    )
  const small = await splitCase({ 'd.csv': ['id,x', ...rows.slice(0, 1000)].join('\n') }, options)
  const large = await splitCase({ 'd.csv': ['id,x', ...rows.toReversed()].join('\n') }, options)
  const [before, after] = [foldOf(small.records), foldOf(large.records)]
  expect(before.size).toBe(1000)
  for (const [row, fold] of before) expect(after.get(row)).toBe(fold)
  for (const { validation } of large.report.folds) expect(Math.abs(validation.records - 600)).toBeLessThan(100)
  const other = await splitCase({ 'd.csv': ['id,x', ...rows].join('\n') }, { ...options, seed: 8 })
  expect(foldOf(other.records)).not.toEqual(after)
})

test('a key that leaves a fold without records is refused', async () => {
  await expect(splitCase({ 'd.csv': 'a\na\na\n' }, { strategy: 'hash-kfold', k: 2, key: '0' })).rejects.toThrow(
    /^fold \d has no records to (train|validate) on — choose fewer folds$/,
  )
})

/** The fold of every record, told by its text; texts may occur more than once. */
async function foldsOf(records: readonly string[], options: SplitOptionsInput): Promise<Map<string, Set<number>>> {
  const { files, report } = await splitCase({ 'd.txt': records.map(record => `${record}\n`).join('') }, options)
  expect(report.records).toBe(records.length)
  const folds = new Map<string, Set<number>>()
  let written = 0
  for (const { index } of report.folds)
    for (const bytes of files(`validation/${index}`).values())
      for (const record of bytes.toString().split('\n').slice(0, -1)) {
        written++
        folds.set(record, (folds.get(record) ?? new Set()).add(index))
      }
  expect(written).toBe(records.length)
  removeCases()
  return folds
}

test('whatever the records, each keeps its fold when others come before, between and after it', async () => {
  const record = fc.stringMatching(/^[a-z0-9 ]{1,12}$/)
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { minLength: 30, maxLength: 60 }),
      fc.array(record, { maxLength: 60 }),
      fc.nat(2 ** 32 - 1),
      async (records, more, seed) => {
        // Enough records that no fold is empty.
        const common = Array.from({ length: 40 }, (_, i) => `common ${i}`)
        const options = { strategy: 'hash-kfold', k: 2, seed, format: 'text' } as const
        const before = await foldsOf([...common, ...records], options)
        const mixed = [...more, ...records, ...common].map((text, i) => [(i * 7919) % 997, text] as const)
        const after = await foldsOf(
          mixed.toSorted(([a], [b]) => a - b).map(([, text]) => text),
          options,
        )
        for (const [text, folds] of before) {
          expect(folds.size).toBe(1)
          expect(after.get(text)).toEqual(folds)
        }
      },
    ),
    { numRuns: 10 },
  )
})

test('without a key the whole record is hashed, line end aside, and equal records are never on both sides', async () => {
  const rows = Array.from({ length: 900 }, (_, i) => `${i % 300},"x\n${i % 300}"`)
  const options = { strategy: 'hash-kfold', k: 3, seed: 5, header: true } as const
  const unix = await splitCase({ 'd.csv': `id,x\n${rows.join('\n')}` }, options)
  const windows = await splitCase({ 'd.csv': `id,x\r\n\r\n${rows.join('\r\n')}\r\n` }, options)
  expect(unix.report.certificate.duplicates?.records).toBe(0)
  expect(unix.report.folds.map(({ validation }) => validation.records)).toEqual(
    windows.report.folds.map(({ validation }) => validation.records),
  )
  expect(unix.records('all').split('\n').length).toBe(2 * 900 + 1)
})

test('the data are read once, and give the same folds as when they are read twice', async () => {
  const rows = Array.from({ length: 40_000 }, (_, i) => `id-${i % 9000},${i % 3},${'x'.repeat(i % 90)}`)
  const data = {
    'a.csv': ['id,y,t', ...rows.slice(0, 25_000)].join('\n'),
    'b.csv': ['', 'id,y,t', '', ...rows.slice(25_000), '', ''].join('\r\n'),
  }
  const options = { strategy: 'hash-kfold', k: 4, key: 'id', header: true, label: 'y' } as const
  const phases = new Set<string>()
  const once = await splitCase(data, options, { onProgress: ({ phase }) => phases.add(phase) })
  expect([...phases]).toEqual(['writing'])
  // One file per folder is written by a pass of its own.
  const twice = await splitCase(data, { ...options, singleFile: true })
  expect(once.report.records).toBe(40_000)
  expect(once.report.classes).toEqual(twice.report.classes)
  for (let fold = 0; fold < 4; fold++) {
    expect(once.records(`validation/${fold}`) === twice.records(`validation/${fold}`)).toBe(true)
    expect(once.report.folds[fold]?.validation).toEqual(twice.report.folds[fold]?.validation)
  }
})
