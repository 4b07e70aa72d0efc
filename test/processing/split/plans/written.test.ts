import { afterEach, describe, expect, test } from 'vitest'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { SplitOptionsInput } from '../../../../schemas/split-options.ts'
import { foldCount } from '../../../../schemas/split-options.ts'
import { blake3 } from '../plain-blake3.ts'
import { removeCases, splitCase } from '../split-case.ts'
import type { SplitCase } from '../split-case.ts'

afterEach(removeCases)

const rows = Array.from({ length: 60 }, (_, i) => `${i},${i % 3},${i % 7},${1 + (i % 4)}\n`)
const data = { 'd.csv': `id,y,g,w\n${rows.join('')}` }
const shuffled = { strategy: 'kfold', k: 3, shuffle: true, seed: 5, header: true, label: 'y' } as const

const sorted = (text: string) => text.trimEnd().split('\n').toSorted()

/** Sums of counts and the digest of every validation set are those of what lies in the folders. */
function expectBooksToBalance({ report, records }: SplitCase): void {
  for (const { index, folder = String(index), train, validation } of report.folds) {
    const written = { train: records(`train/${folder}`), validation: records(`validation/${folder}`) }
    expect(sorted(written.train)).toHaveLength(train.records)
    expect(sorted(written.validation)).toHaveLength(validation.records)
    expect(written.train).toHaveLength(train.bytes)
    expect(validation.digest).toBe(blake3(Buffer.from(written.validation, 'latin1')))
    const trained = new Set(sorted(written.train))
    expect(sorted(written.validation).some(row => trained.has(row))).toBe(false)
  }
}

describe('records that are held out', () => {
  test('lie in test/ and nowhere else, and the rest are all/', async () => {
    const made = await splitCase(data, { ...shuffled, holdout: 0.25 })
    const { report, records } = made
    expectBooksToBalance(made)
    const held = records('test')
    expect(report.test).toMatchObject({ records: 15, digest: blake3(Buffer.from(held)) })
    expect(report.certificate).toMatchObject({ disjoint: true, complete: true })
    expect(sorted(held + records('all'))).toEqual(rows.map(row => row.trimEnd()).toSorted())
    for (let fold = 0; fold < 3; fold++)
      expect(sorted(records(`train/${fold}`) + records(`validation/${fold}`))).toEqual(sorted(records('all')))
    expect(report.hyperparameters['num_training_samples']).toBe('45')
    expect(Object.values(report.test?.classes ?? {}).reduce((a, b) => a + b)).toBe(15)
  })

  test('make training, validation and test sets in one go, also in layout manifest', async () => {
    const options = { ...shuffled, strategy: 'stratified-train-test-split', k: 1, shuffle: false } as const
    const copied = await splitCase(data, { ...options, testSize: 0.25, holdout: 0.2 })
    expectBooksToBalance(copied)
    const parts = ['train/0', 'validation/0', 'test'].map(folder => sorted(copied.records(folder)))
    expect(parts.map(part => part.length)).toEqual([36, 12, 12])
    expect(parts.flat().toSorted()).toEqual(rows.map(row => row.trimEnd()).toSorted())
    for (const part of parts)
      for (const label of ['0', '1', '2'])
        expect(part.filter(row => row.split(',')[1] === label)).toHaveLength(part.length / 3)
    const listed = await splitCase(
      data,
      { ...options, testSize: 0.25, holdout: 0.2, layout: 'manifest' },
      { s3Uri: 's3://b/validation' },
    )
    expect(sorted(listed.records('test'))).toEqual(parts[2])
    expect(JSON.parse(listed.files('all').get('manifest.json')?.toString() ?? '')).toHaveLength(3)
    expect(listed.report.certificate.digest).toBe(copied.report.certificate.digest)
  })

  test('are whole groups where groups stay together', async () => {
    const made = await splitCase(data, {
      strategy: 'group-kfold',
      k: 2,
      groups: 'g',
      holdout: 2,
      seed: 1,
      header: true,
    })
    const groupsOf = (folder: string) => new Set(sorted(made.records(folder)).map(row => row.split(',')[2]))
    expect(groupsOf('test').size).toBe(2)
    for (const group of groupsOf('test')) expect(groupsOf('all')).not.toContain(group)
    expectBooksToBalance(made)
  })

  test('are not made when nothing is held out', async () => {
    const { root, report } = await splitCase(data, shuffled)
    expect(existsSync(join(root, 'out/test'))).toBe(false)
    expect(report.test).toBeUndefined()
  })
})

describe('nested folds', () => {
  test.each<SplitOptionsInput>([
    { ...shuffled, innerK: 2 },
    { ...shuffled, innerK: 2, holdout: 10 },
    { strategy: 'repeated-stratified-kfold', k: 2, repeats: 2, seed: 3, innerK: 3, header: true, label: 'y' },
    { ...shuffled, innerK: 2, fraction: 0.5 },
  ])('have a folder each, and a refit of every outer training set: %j', async options => {
    const made = await splitCase(data, options)
    const { report, records } = made
    expect(report.folds).toHaveLength(foldCount(options))
    expectBooksToBalance(made)
    expect(report.repeats).toBe(options.repeats ?? 1)
    const outers = options.k * (options.repeats ?? 1)
    const inners = (options.innerK ?? 0) * (options.repeats ?? 1)
    for (let outer = 0; outer < outers; outer++) {
      const judged = sorted(records(`validation/outer/${outer}/refit`))
      for (let inner = 0; inner < inners; inner++) {
        const seen = sorted(
          records(`train/outer/${outer}/inner/${inner}`) + records(`validation/outer/${outer}/inner/${inner}`),
        )
        expect(judged.some(row => seen.includes(row))).toBe(false)
        if (options.fraction === undefined) expect(seen).toEqual(sorted(records(`train/outer/${outer}/refit`)))
      }
    }
    expect(sorted(records('all')).length + (report.test?.records ?? 0)).toBe(60)
    expect(report.folds.at(-1)?.hyperparameters['fold_name']).toMatch(/^outer-\d-(refit|inner-\d)$/)
  })
})

test('a part of the training records is drawn by weight from the data, and all/ stays whole', async () => {
  const made = await splitCase(data, { ...shuffled, fraction: 0.3, weight: 'w' })
  expectBooksToBalance(made)
  expect(made.report.folds.map(({ train }) => train.records)).toEqual([12, 12, 12])
  expect(sorted(made.records('all'))).toHaveLength(60)
  const whole = await splitCase(data, shuffled)
  for (let fold = 0; fold < 3; fold++)
    expect(sorted(made.records(`validation/${fold}`))).toEqual(sorted(whole.records(`validation/${fold}`)))
})
