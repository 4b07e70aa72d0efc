import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { verifyFolds } from '../../../../processing/split/verify-folds.ts'
import { folderFiles } from '../../../../processing/split/verify/fold-files.ts'
import { strategyNames } from '../../../../schemas/split-names.ts'
import type { StrategyName } from '../../../../schemas/split-names.ts'
import type { SplitOptionsInput } from '../../../../schemas/split-options.ts'
import { caseFolder, removeCases, splitCase } from '../split-case.ts'
import { dealFiles, linesOf, splitOver } from './over-hosts.ts'

afterEach(removeCases)

/** 97 different records in 7 files of unequal length; classes and groups first appear in different files. */
const data = Object.fromEntries(
  Array.from({ length: 7 }, (_, file) => [
    `part-${file}.csv`,
    ['id,label,group,fold,weight']
      .concat(
        Array.from({ length: [20, 3, 17, 1, 30, 16, 10][file] as number }, (_unused, row) => {
          const id = file * 100 + row
          const label = (id * 7 + file) % 3
          return `${id},${['b', 'a', 'c'][label]},g${(id * 13) % 11},${id % 4 === 3 ? -1 : id % 4},${1 + (id % 5)}`
        }),
      )
      .map(line => `${line}\n`)
      .join(''),
  ]),
)

const cases: Readonly<Partial<Record<StrategyName, Partial<SplitOptionsInput>>>> = {
  kfold: { shuffle: true, seed: 3 },
  'stratified-kfold': { shuffle: true, seed: 3 },
  'group-kfold': { groups: 'group' },
  'stratified-group-kfold': { groups: 'group', shuffle: true, seed: 3 },
  'repeated-kfold': { seed: 3, repeats: 2 },
  'repeated-stratified-kfold': { seed: 3, repeats: 2 },
  'shuffle-split': { seed: 3, testSize: 0.3 },
  'stratified-shuffle-split': { seed: 3, testSize: 0.3 },
  'group-shuffle-split': { seed: 3, groups: 'group' },
  'train-test-split': { k: 1, shuffle: true, seed: 3 },
  'stratified-train-test-split': { k: 1, seed: 3 },
  'time-series-split': { gap: 2 },
  'predefined-split': { k: 3, testFold: 'fold' },
  'smx-kfold': { seed: 3 },
  'hash-kfold': { key: 'id', seed: 3 },
}

/** What the folds of one host are: every fold's sides as sorted lines. */
async function compare(options: SplitOptionsInput, hosts: number, files: Readonly<Record<string, string>> = data) {
  const one = await splitCase(files, options)
  const several = await splitOver(dealFiles(files, hosts), options)
  for (const fold of one.report.folds)
    for (const side of ['validation', 'train']) {
      const folder = `${side}/${fold.folder ?? fold.index}`
      expect(several.lines(folder), folder).toEqual(linesOf(join(one.root, 'out', folder), one.report.header))
    }
  expect(several.lines('all')).toEqual(linesOf(join(one.root, 'out/all'), one.report.header))
  expect(several.lines('test')).toEqual(linesOf(join(one.root, 'out/test'), one.report.header))
  return { one: one.report, several }
}

describe('three hosts make the folds of one', () => {
  // A fold per record and more make very many files: those are shown with fewer records below.
  test.each(strategyNames.filter(name => !name.startsWith('leave-')))('%s', async strategy => {
    const options: SplitOptionsInput = { strategy, k: 4, header: true, label: 'label', ...cases[strategy] }
    const { one, several } = await compare(options, 3)
    const { folds, certificate, warnings: _warnings, generator: _generator, ...rest } = several.report
    expect({ ...rest, generator: one.generator }).toEqual({
      ...rest,
      generator: one.generator,
      inputs: one.inputs,
      classes: one.classes,
    })
    expect(folds.map(({ train }) => train)).toEqual(one.folds.map(({ train }) => train))
    expect(folds.map(({ validation: { records, bytes, classes } }) => ({ records, bytes, classes }))).toEqual(
      one.folds.map(({ validation: { records, bytes, classes } }) => ({ records, bytes, classes })),
    )
    expect({ ...certificate, digest: '' }).toEqual({ ...one.certificate, digest: '' })
    expect((await verifyFolds(folderFiles(several.folder))).problems).toEqual([])
  })

  test.each<SplitOptionsInput>([
    { strategy: 'leave-one-out', k: 5 },
    { strategy: 'leave-p-out', k: 10, p: 2 },
    { strategy: 'leave-one-group-out', k: 3, groups: '1' },
    { strategy: 'leave-p-groups-out', k: 3, p: 2, groups: '1' },
  ])('$strategy', async options => {
    const few = { 'a.csv': '1,b\n2,c\n', 'b.csv': '3,c\n4,a\n', 'c.csv': '5,b\n' }
    const { several } = await compare(options, 3, few)
    expect((await verifyFolds(folderFiles(several.folder))).problems).toEqual([])
  })

  test.each<Partial<SplitOptionsInput>>([
    { strategy: 'stratified-kfold', holdout: 0.2, shuffle: true, seed: 5 },
    { strategy: 'group-kfold', groups: 'group', innerK: 2 },
    { strategy: 'kfold', shuffle: true, seed: 5, fraction: 0.5, weight: 'weight' },
    { strategy: 'hash-kfold', key: 'id', cap: 20, seed: 1 },
  ])('with what other options make of them: %j', async more => {
    await compare({ strategy: 'kfold', k: 3, header: true, label: 'label', ...more }, 3)
  })

  test.each([2, 5, 7, 9])('whatever their number: %i', async hosts => {
    const options: SplitOptionsInput = {
      strategy: 'stratified-kfold',
      k: 3,
      shuffle: true,
      seed: 9,
      header: true,
      label: 'label',
    }
    const { several } = await compare(options, hosts)
    expect(several.report.records).toBe(97)
    const input = caseFolder(data)
    expect((await verifyFolds(folderFiles(several.folder), { input: join(input, 'data') })).problems).toEqual([])
    const path = join(input, 'data/part-2.csv')
    writeFileSync(path, readFileSync(path, 'utf8').replace('200,', '299,'))
    const { problems } = await verifyFolds(folderFiles(several.folder), { input: join(input, 'data') })
    expect(problems.some(problem => problem.startsWith('part-2.csv — the input has'))).toBe(true)
    expect(problems.some(problem => problem.endsWith(' holds other records than those that the inputs give'))).toBe(
      true,
    )
  })

  test('with numbers as classes that are written in several ways', async () => {
    const files = { 'a.csv': '1,1\n2,2\n3,1.0\n', 'b.csv': '4,1.0\n5,2\n6,2.0\n', 'c.csv': '7,01\n8,2\n' }
    await compare({ strategy: 'stratified-kfold', k: 2, label: '1' }, 3, files)
    const mixed = { ...files, 'c.csv': '7,x\n8,x\n' }
    await compare({ strategy: 'leave-one-group-out', k: 5, groups: '1' }, 3, mixed)
  })
})

test('layout manifest lists the files of all hosts, and the first host alone writes the lists', async () => {
  const options: SplitOptionsInput = {
    strategy: 'kfold',
    k: 3,
    shuffle: true,
    seed: 1,
    header: true,
    layout: 'manifest',
  }
  const { folder, report } = await splitOver(dealFiles(data, 3), options, { s3Uri: 's3://b/v/' })
  const [, ...names] = JSON.parse(readFileSync(join(folder, 'train/0/manifest.json'), 'utf8')) as unknown[]
  expect(names).toEqual([
    '1/part-1-0.csv',
    '1/part-1-1.csv',
    '1/part-1-2.csv',
    '2/part-2-0.csv',
    '2/part-2-1.csv',
    '2/part-2-2.csv',
  ])
  expect(report.folds[0]?.validation.parts?.map(({ file }) => file)).toEqual([
    'part-0-0.csv',
    'part-0-1.csv',
    'part-0-2.csv',
  ])
  const { problems } = await verifyFolds(folderFiles(folder))
  expect(problems).toEqual([])
})

test('compressed files of several hosts are sound', async () => {
  const options: SplitOptionsInput = { strategy: 'kfold', k: 3, header: true, compress: 'gzip', layout: 'manifest' }
  const { folder } = await splitOver(dealFiles(data, 3), options, { s3Uri: 's3://b/v/' })
  expect((await verifyFolds(folderFiles(folder))).problems).toEqual([])
})

test('a seed that nobody gave is drawn once', async () => {
  let seeds = 100
  const { report } = await splitOver(
    dealFiles(data, 3),
    { strategy: 'kfold', k: 3, shuffle: true, header: true },
    { randomSeed: () => seeds++ },
  )
  expect(report.seed).toBeGreaterThanOrEqual(100)
  expect(report.certificate.complete).toBe(true)
})

describe('bad days', () => {
  const options: SplitOptionsInput = { strategy: 'kfold', k: 2, header: true }
  const parts = dealFiles(data, 2)

  test('other options on one host end all', async () => {
    await expect(splitOver(parts, [options, { ...options, k: 3 }])).rejects.toThrow(
      /^(algo-\d: )?algo-2 was started with other options than algo-1 \(.*"k":3.* instead of .*"k":2/,
    )
  })

  test.each([
    { format: 'files' as const, header: false, label: 'folder' },
    { strategy: 'hash-kfold' as const, shuffle: false, groups: undefined },
  ])('what needs to see all data is refused: %j', async more => {
    await expect(splitOver(parts, { ...options, ...more })).rejects.toThrow(
      /over several instances — it is for one — split on one/,
    )
  })

  test.each([{ singleFile: true }, { shardSize: 100 }, { labels: 'label,group' }])(
    'what one host alone can do is refused: %j',
    async more => {
      await expect(splitOver(parts, { ...options, ...more })).rejects.toThrow(
        /over several instances — .* only on one instance/,
      )
    },
  )

  test('the same file on two hosts is no share of the data', async () => {
    await expect(splitOver([data, data], options)).rejects.toThrow(
      'part-0.csv — algo-1 and algo-2 were both given this file — its records would be counted twice — let S3DataDistributionType be ShardedByS3Key',
    )
  })

  test('a broken record on one host is named by all', async () => {
    const broken = [parts[0] as object, { 'x.csv': 'id,label,group,fold,weight\n1,"\n' }] as never
    await expect(splitOver(broken, options)).rejects.toThrow(/x\.csv:2 — the quote that opens here is never closed/)
  })

  test('another header on one host is refused', async () => {
    const other = [parts[0] as object, { 'x.csv': 'a,b,c,d,e\n1,2,3,4,5\n' }] as never
    await expect(splitOver(other, options)).rejects.toThrow(
      'x.csv on algo-2 — the header differs from that of part-0.csv',
    )
  })

  test('hosts without a record are fine as long as one has some', async () => {
    const { report } = await splitOver([{}, { 'a.csv': 'x\n1\n2\n3\n' }, { 'b.csv': 'x\n' }], options)
    expect(report.records).toBe(3)
    await expect(splitOver([{}, {}], options)).rejects.toThrow('the hosts were given no records')
  })

  test('too many folds for all records are refused with the sentence of one host', async () => {
    await expect(splitOver([{ 'a.csv': '1\n' }, { 'b.csv': '2\n' }], { strategy: 'kfold', k: 3 })).rejects.toThrow(
      'Cannot have number of splits n_splits=3 greater than the number of samples: n_samples=2.',
    )
  })
})
