import { appendFileSync, copyFileSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { verifyFolds } from '../../../processing/split/verify-folds.ts'
import { removeCases, splitCase } from './split-case.ts'

afterEach(removeCases)

const iris = readFileSync(new URL('../../fixtures/split/iris.csv', import.meta.url))
const options = { strategy: 'kfold', k: 3, shuffle: true, seed: 23, header: true, label: 'species' } as const

async function written(more: object = {}): Promise<string> {
  const { root } = await splitCase({ 'iris.csv': iris }, { ...options, ...more }, { s3Uri: 's3://b/v/' })
  return join(root, 'out')
}

test.each([
  {},
  { layout: 'manifest' as const },
  { strategy: 'leave-one-group-out' as const, groups: 'species', shuffle: false, seed: undefined },
])('folds as they were written are sound: %j', async more => {
  expect((await verifyFolds(await written(more))).problems).toEqual([])
})

test('a changed record is found', async () => {
  const folder = await written()
  const file = join(folder, 'validation/1/part-1.csv')
  const changed = readFileSync(file, 'utf8').replace(/\n5\./, '\n6.')
  rmSync(file)
  writeFileSync(file, changed)
  expect((await verifyFolds(folder)).problems).toEqual([
    expect.stringMatching(/^validation\/1 has digest [0-9a-f]{64}, the report says /),
  ])
})

test('a validation shard among the training files is found', async () => {
  const folder = await written()
  linkSync(join(folder, 'validation/0/part-0.csv'), join(folder, 'train/0/part-0.csv'))
  expect((await verifyFolds(folder)).problems).toEqual([
    'train/0 holds 150 records, the report says 100',
    expect.stringMatching(/^train\/0 holds \d+ bytes/),
    expect.stringMatching(/^fold 0 trains on [0-9a-f]{64}, which it validates on$/),
  ])
})

test('lost and added records are found', async () => {
  const folder = await written()
  copyFileSync(join(folder, 'all/part-0.csv'), join(folder, 'copy'))
  rmSync(join(folder, 'all/part-0.csv'))
  appendFileSync(join(folder, 'copy'), '1,2,3,4,0\n')
  copyFileSync(join(folder, 'copy'), join(folder, 'all/part-0.csv'))
  expect((await verifyFolds(folder)).problems).toEqual(['all holds 151 records, the report says 150'])
  rmSync(join(folder, 'validation/2'), { recursive: true })
  expect((await verifyFolds(folder)).problems).toContain('validation/2 holds 0 records, the report says 50')
})

test('a folder without a report is refused', async () => {
  await expect(verifyFolds('/nowhere')).rejects.toThrow(
    '/nowhere/report/folds.json — there is no fold report — give the folder that the split wrote',
  )
})
