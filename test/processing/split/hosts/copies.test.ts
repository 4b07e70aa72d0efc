import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { verifyFolds } from '../../../../processing/split/verify-folds.ts'
import { folderFiles } from '../../../../processing/split/verify/fold-files.ts'
import type { SplitOptionsInput } from '../../../../schemas/split-options.ts'
import { removeCases, splitCase } from '../split-case.ts'
import { dealFiles, splitOver } from './over-hosts.ts'

afterEach(removeCases)

/** Files of some records each, of which many are equal, also in different files. */
const files = (sizes: readonly number[], different: number) =>
  Object.fromEntries(
    sizes.map((size, file) => [
      `part-${file}.csv`,
      Array.from({ length: size }, (_, row) => `${(row * 7 + file * 3) % different},${row % 3}\n`).join(''),
    ]),
  )

/** What one host and several say of copies. */
async function certificates(data: Readonly<Record<string, string>>, options: SplitOptionsInput, hosts: number) {
  const one = await splitCase(data, options)
  const several = await splitOver(dealFiles(data, hosts), options)
  return { one: one.report, several: several.report, folder: several.folder }
}

describe('copies of records on several hosts', () => {
  test.each<Partial<SplitOptionsInput>>([
    { shuffle: true, seed: 3 },
    { strategy: 'stratified-kfold', label: '1' },
    { strategy: 'repeated-kfold', seed: 3, repeats: 3 },
    { strategy: 'shuffle-split', seed: 3, testSize: 0.2 },
    { strategy: 'time-series-split' },
    { innerK: 2 },
    { holdout: 0.2, shuffle: true, seed: 1 },
    { fraction: 0.5, seed: 1 },
    { strategy: 'hash-kfold', key: '0' },
    { strategy: 'hash-kfold', key: '0', cap: 50, seed: 1 },
  ])('are counted and named as by one host: %j', async more => {
    const data = files([70, 3, 0, 110, 61], 83)
    const { one, several, folder } = await certificates(data, { strategy: 'kfold', k: 3, ...more }, 3)
    expect(several.certificate.duplicates).toEqual(one.certificate.duplicates)
    expect(several.warnings.filter(warning => warning.includes('copies'))).toEqual(
      one.warnings.filter(warning => warning.includes('copies')),
    )
    const { promises } = await verifyFolds(folderFiles(folder))
    expect(promises.find(({ name }) => name === 'duplicates')).toMatchObject({ state: 'kept' })
  })

  test('are found in whatever data', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 30 }), { minLength: 2, maxLength: 6 }),
        fc.integer({ min: 2, max: 4 }),
        async (numbers, hosts) => {
          fc.pre(numbers.flat().length >= 4)
          const data = Object.fromEntries(
            numbers.map((values, file) => [`${file}.csv`, values.map(value => `${value}\n`).join('')]),
          )
          const { one, several } = await certificates(data, { strategy: 'kfold', k: 2, shuffle: true, seed: 1 }, hosts)
          expect(several.certificate.duplicates).toEqual(one.certificate.duplicates)
        },
      ),
      { numRuns: 15 },
    )
  })

  test('of a million records travel in parts', { timeout: 60_000 }, async () => {
    const data = files([400_000, 300_000, 300_000], 250_007)
    const { one, several } = await certificates(data, { strategy: 'kfold', k: 5, shuffle: true, seed: 3 }, 2)
    expect(one.certificate.duplicates?.records).toBeGreaterThan(1000)
    expect(several.certificate.duplicates).toEqual(one.certificate.duplicates)
  })
})
