import { afterEach, expect, test } from 'vitest'
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
