import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { removeCases, splitCase } from './split-case.ts'
import { broken, stateOf, unlink } from './verify-case.ts'

afterEach(removeCases)

/** 400 records of 97 different contents, so that every fold trains on copies of what it validates on. */
const rows = Array.from({ length: 400 }, (_, i) => `${i % 97},${i % 3}\n`)

async function written(more: object = {}): Promise<string> {
  const options = { strategy: 'kfold' as const, k: 4, shuffle: true, seed: 5, label: '1', ...more }
  const { root } = await splitCase({ 'x.csv': rows.join('') }, options, { s3Uri: 's3://b/v/validation/' })
  return join(root, 'out')
}

const reportOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'report/folds.json'), 'utf8'))

/** The same by the lines of each fold's two folders. */
function countPlainly(folder: string): number {
  let copies = 0
  for (const { index } of reportOf(folder).folds) {
    const trained = new Set(linesOf(join(folder, 'train', String(index))))
    copies += linesOf(join(folder, 'validation', String(index))).filter(line => trained.has(line)).length
  }
  return copies
}

function linesOf(folder: string): string[] {
  return readdirSync(folder).flatMap(name => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean))
}

describe('copies on both sides of a fold', () => {
  test.each([
    {},
    { layout: 'manifest' as const },
    { strategy: 'repeated-kfold' as const, repeats: 3, shuffle: false },
    { strategy: 'shuffle-split' as const, testSize: 0.2, shuffle: false },
    { strategy: 'time-series-split' as const, shuffle: false, seed: undefined },
    { innerK: 2 },
    { holdout: 0.2 },
    { fraction: 0.4 },
    { singleFile: true },
    { compress: 'gzip' as const },
  ])('are as many as the report says: %j', async more => {
    const folder = await written(more)
    const { records } = reportOf(folder).certificate.duplicates
    expect(records).toBeGreaterThan(50)
    expect(await stateOf(folder, 'duplicates')).toMatchObject({
      state: 'kept',
      detail: `${records} validation records that are copies of training records`,
    })
  })

  test('are those that a plain look at every fold finds', async () => {
    const folder = await written({ strategy: 'repeated-kfold', repeats: 2, shuffle: false })
    expect(reportOf(folder).certificate.duplicates.records).toBe(countPlainly(folder))
  })

  test('break the promise when the report says another number', async () => {
    const folder = await written()
    const report = reportOf(folder)
    const { records } = report.certificate.duplicates
    report.certificate.duplicates.records = 0
    writeFileSync(join(folder, 'report/folds.json'), JSON.stringify(report))
    expect(await broken(folder)).toEqual({
      promises: ['duplicates'],
      first: `${records} validation records are copies of records that the same fold trains on, the report says 0`,
    })
  })

  test('are found in one training folder that somebody changed', async () => {
    const folder = await written({ k: 2 })
    const path = join(folder, 'train/0/part-1.csv')
    unlink(path)
    const [first = ''] = readFileSync(join(folder, 'validation/0/part-0.csv'), 'utf8').split('\n')
    const lines = readFileSync(path, 'utf8').split('\n')
    writeFileSync(path, [...lines.slice(0, -1).map(() => first), ''].join('\n'))
    expect((await broken(folder)).promises).toContain('duplicates')
  })

  test.each([
    [null, 'the report counts none'],
    [{ records: 0, checkedShare: 0.5, examples: [] }, 'the report counts only some'],
  ])('are not counted where the report says %j', async (duplicates, detail) => {
    const folder = await written()
    const report = reportOf(folder)
    report.certificate.duplicates = duplicates
    writeFileSync(join(folder, 'report/folds.json'), JSON.stringify(report))
    expect(await stateOf(folder, 'duplicates')).toMatchObject({ state: 'not checked', detail })
  })
})
