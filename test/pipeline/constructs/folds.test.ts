import { describe, expect, it } from 'vitest'
import * as foldwise from 'foldwise'
import {
  blazingText,
  crossValidation,
  csv,
  type Data,
  type Folds,
  groupKFold,
  groupShuffleSplit,
  hashKFold,
  jsonLines,
  kFold,
  parquet,
  recordioProtobuf,
  xgboost,
  leaveOneGroupOut,
  leaveOneOut,
  leavePGroupsOut,
  leavePOut,
  maximize,
  nodeSvm,
  pipeline,
  predefinedSplit,
  repeatedKFold,
  repeatedStratifiedKFold,
  shuffleSplit,
  smxKFold,
  stratifiedGroupKFold,
  stratifiedKFold,
  stratifiedShuffleSplit,
  string,
  timeSeriesSplit,
  trainTestSplit,
  tsv,
} from 'foldwise'
import { parseArgs } from 'node:util'
import { parseSplitOptions } from '../../../processing/split/parse-options.ts'
import { strategies } from '../../../processing/split/strategies/strategies.ts'
import { strategyNames } from '../../../schemas/split-names.ts'
import { splitFlagName, splitFlags } from '../../../schemas/split-options.ts'
import { messageOf } from '../dsl/message-of.ts'

/** Every split strategy with all of its options, the container arguments it stands for, and its number of folds. */
const samples: readonly (readonly [Folds, readonly string[], number])[] = [
  [kFold({ k: 5, shuffle: true, seed: 23 }), ['kfold', '--k', '5', '--shuffle', '--seed', '23'], 5],
  [stratifiedKFold({ k: 3 }), ['stratified-kfold', '--k', '3'], 3],
  [
    groupKFold({ k: 4, groups: 'g', shuffle: true, seed: 0 }),
    ['group-kfold', '--k', '4', '--shuffle', '--seed', '0', '--groups', 'g'],
    4,
  ],
  [stratifiedGroupKFold({ k: 4, groups: 2 }), ['stratified-group-kfold', '--k', '4', '--groups', '2'], 4],
  [repeatedKFold({ k: 2, repeats: 3, seed: 1 }), ['repeated-kfold', '--k', '2', '--seed', '1', '--repeats', '3'], 6],
  [repeatedStratifiedKFold({ k: 2 }), ['repeated-stratified-kfold', '--k', '2'], 20],
  [
    shuffleSplit({ k: 4, testSize: 0.25, trainSize: 100, seed: 1 }),
    ['shuffle-split', '--k', '4', '--seed', '1', '--test-size', '0.25', '--train-size', '100'],
    4,
  ],
  [stratifiedShuffleSplit({ k: 4, testSize: 30 }), ['stratified-shuffle-split', '--k', '4', '--test-size', '30'], 4],
  [groupShuffleSplit({ k: 4, groups: 0 }), ['group-shuffle-split', '--k', '4', '--groups', '0'], 4],
  [
    timeSeriesSplit({ k: 4, gap: 0, testSize: 10, maxTrainSize: 50 }),
    ['time-series-split', '--k', '4', '--test-size', '10', '--gap', '0', '--max-train-size', '50'],
    4,
  ],
  [
    trainTestSplit({ testSize: 0.2, holdout: 0.25, seed: 7 }),
    ['train-test-split', '--k', '1', '--shuffle', '--seed', '7', '--test-size', '0.2', '--holdout', '0.25'],
    1,
  ],
  [
    trainTestSplit({ stratify: true, trainSize: 10 }),
    ['stratified-train-test-split', '--k', '1', '--train-size', '10'],
    1,
  ],
  [leaveOneOut({ k: 150 }), ['leave-one-out', '--k', '150'], 150],
  [leavePOut({ k: 10, p: 2 }), ['leave-p-out', '--k', '10', '--p', '2'], 10],
  [leaveOneGroupOut({ k: 7, groups: 'site' }), ['leave-one-group-out', '--k', '7', '--groups', 'site'], 7],
  [
    leavePGroupsOut({ k: 6, p: 2, groups: 'site' }),
    ['leave-p-groups-out', '--k', '6', '--groups', 'site', '--p', '2'],
    6,
  ],
  [predefinedSplit({ k: 3, testFold: 'fold' }), ['predefined-split', '--k', '3', '--test-fold', 'fold'], 3],
  [smxKFold({ k: 3, seed: 9 }), ['smx-kfold', '--k', '3', '--seed', '9'], 3],
  [hashKFold({ k: 3, key: 'customer', seed: 9 }), ['hash-kfold', '--k', '3', '--seed', '9', '--key', 'customer'], 3],
]

const made = (folds: Folds, data: Data = csv('s3://b/x.csv', { header: true, label: 'y' })) =>
  crossValidation({
    data,
    folds,
    training: data.format === 'csv' ? nodeSvm() : ({ channels }) => ({ channels: { ...channels } }),
    objective: maximize('validation:accuracy'),
    baseline: 0.9,
    role: 'arn:aws:iam::111122223333:role/Role',
    output: 's3://bucket/cv',
    images: { processing: 'processing', training: 'training' },
  })

const argumentsOf = (step: { readonly definition: { readonly Arguments: unknown } }): string[] =>
  (step.definition.Arguments as { AppSpecification: { ContainerArguments: string[] } }).AppSpecification
    .ContainerArguments

describe('folds', () => {
  it('are offered for every split strategy of the container, under scikit-learn’s name', () => {
    expect(samples.map(([{ options }]) => options.strategy).toSorted()).toEqual([...strategyNames].toSorted())
    for (const [{ call, options }] of samples) {
      expect(Object.keys(foldwise)).toContain(call)
      const { sklearn } = strategies[options.strategy]
      expect(call.toLowerCase()).toBe((sklearn ?? options.strategy).replaceAll(/[-_]/g, '').toLowerCase())
    }
  })

  it.each(samples.map(sample => [sample[0].call, ...sample] as const))('%s', (_call, folds, words, count) => {
    const cv = made(folds)
    const given = argumentsOf(cv.split)
    const ofTheData = ['--header', '--label', 'y']
    expect(given.filter(word => !ofTheData.includes(word))).toEqual(['--strategy', ...words])
    // The program itself understands them.
    const flags = Object.fromEntries(
      Object.entries(splitFlags).map(([name, { type }]) => [splitFlagName(name as keyof typeof splitFlags), { type }]),
    )
    const { values } = parseArgs({ args: given, options: flags })
    expect(parseSplitOptions(values as Record<string, string | boolean>)).toMatchObject(folds.options)
    // One training per fold, and an aggregation of as many.
    expect(cv.folds).toHaveLength(count)
    const aggregation = argumentsOf(cv.aggregate)
    expect(aggregation[aggregation.indexOf('--k') + 1]).toBe(String(count))
  })

  it('of a column by name need a header, whatever the format of delimited data', () => {
    const sentence = 'groupKFold: groups — "g" is a column name, but the data has no header'
    expect(messageOf(() => made(groupKFold({ k: 3, groups: 'g' }), csv('s3://b/x')))).toContain(sentence)
    expect(messageOf(() => made(groupKFold({ k: 3, groups: 'g' }), tsv('s3://b/x')))).toContain(sentence)
    expect(() => made(groupKFold({ k: 3, groups: 'g' }), jsonLines('s3://b/x'))).not.toThrow()
    expect(messageOf(() => made(hashKFold({ k: 3, key: 'id' }), csv('s3://b/x')))).toContain('hashKFold: key — "id"')
    expect(messageOf(() => made(predefinedSplit({ k: 3, testFold: 'f' }), csv('s3://b/x')))).toContain(
      'predefinedSplit: testFold — "f"',
    )
  })

  it.each([
    stratifiedKFold({ k: 3 }),
    stratifiedGroupKFold({ k: 3, groups: 0 }),
    repeatedStratifiedKFold({ k: 3 }),
    stratifiedShuffleSplit({ k: 3 }),
  ])('that balance classes need a label: %#', folds => {
    expect(messageOf(() => made(folds, csv('s3://b/x')))).toBe(
      `crossValidation: data — ${folds.call} balances the classes, and the data name no label; give the label, for example csv(uri, { header: true, label: "species" }).`,
    )
  })

  it.each([
    [() => repeatedKFold({ k: 5, repeats: 0 }), 'repeatedKFold: repeats — 0 is no number of repeats; give a whole'],
    [() => shuffleSplit({ k: 5, testSize: 1.5 }), 'shuffleSplit: testSize — 1.5 is no size; give a fraction below 1'],
    [() => shuffleSplit({ k: 5, trainSize: -1 }), 'shuffleSplit: trainSize — -1 is no size'],
    [() => shuffleSplit({ k: 5, testSize: Number.NaN }), 'shuffleSplit: testSize — NaN is no size'],
    [() => timeSeriesSplit({ k: 5, gap: 0.5 }), 'timeSeriesSplit: gap — 0.5 is no number of records'],
    [() => leavePOut({ k: 5, p: 0 }), 'leavePOut: p — 0 is no number to leave out'],
    [() => leavePOut({ k: 5 } as never), 'leavePOut: p — undefined is no number to leave out'],
    [() => groupKFold({ k: 5 } as never), 'groupKFold: groups — undefined is no column; give the name of a column'],
    [() => groupKFold({ k: 5, groups: '' }), 'groupKFold: groups — "" is no column'],
    [() => groupKFold({ k: 5, groups: 0, seed: 1 }), 'groupKFold: seed — 1 has no effect without shuffling'],
    [() => leaveOneOut({} as never), 'leaveOneOut: k — undefined is no number of folds'],
    [
      () => repeatedKFold({ k: 5, repeat: 3 } as never),
      'repeatedKFold: repeat — there is no such option. Did you mean "repeats"?',
    ],
    [
      () => kFold({ k: 5, groups: 'g' } as never),
      'kFold: groups — there is no such option. It has k, shuffle, seed, holdout, fraction, cap, weight.',
    ],
    [
      () => kFold({ k: 5, fraction: 1.5 }),
      'kFold: fraction — 1.5 is no fraction; give a number above 0 and not above 1',
    ],
    [() => kFold({ k: 5, holdout: -1 }), 'kFold: holdout — -1 is no size; give a fraction below 1'],
    [() => kFold({ k: 5, weight: 'w' }), 'kFold: weight — it says how likely a record is drawn, and nothing is'],
    [() => leaveOneOut({ k: 5, seed: 1 }), 'leaveOneOut: seed — 1 has no effect, because nothing is drawn'],
    [() => hashKFold({ k: 5, key: 'a', holdout: 3 } as never), 'hashKFold: holdout — there is no such option.'],
    [() => shuffleSplit({ k: 0 }), 'shuffleSplit: k — 0 is no number of folds; give a whole number of 1 or more'],
    [() => trainTestSplit({ stratify: true, shuffle: false }), 'trainTestSplit: stratify — classes cannot be balanced'],
    [() => kFold({ k: 5, shuffle: 'yes' as never }), 'kFold: shuffle — "yes" is no choice; give true or false.'],
  ])('tell of a wrong option: %#', (act, sentence) => {
    expect(messageOf(act)).toContain(sentence)
  })

  it('draw a part of every training set, and hold out a test set that has an output of its own', () => {
    const cv = made(kFold({ k: 3, holdout: 0.2, fraction: 0.5, cap: 100, weight: 'w', seed: 4 }))
    expect(argumentsOf(cv.split).join(' ')).toContain('--seed 4')
    expect(argumentsOf(cv.split).join(' ')).toContain('--holdout 0.2 --fraction 0.5 --cap 100 --weight w')
    expect(JSON.stringify(cv.split.definition)).toContain('/opt/ml/processing/output/test')
    expect(cv.test).toBeDefined()
    const plain = made(kFold({ k: 3 }))
    expect(plain.test).toBeUndefined()
    expect(JSON.stringify(plain.split.definition)).not.toContain('output/test')
    expect(messageOf(() => made(kFold({ k: 3, cap: 10, weight: 'w' }), csv('s3://b/x')))).toContain(
      'kFold: weight — "w"',
    )
  })

  it('cannot be chosen by a parameter', () => {
    const act = () =>
      pipeline('P', { parameters: { G: string('g') } }, p => made(groupKFold({ k: 3, groups: p.G as never })))
    expect(messageOf(act)).toBe(
      'groupKFold: groups — it is a reference, but the folds are chosen when the definition is written; give a literal value.',
    )
  })
})

describe('data', () => {
  it('in Parquet and RecordIO-protobuf tell the container their format and the channels their content type', () => {
    const rows = made(kFold({ k: 2 }), parquet('s3://b/x.parquet', { label: 'y' }))
    expect(argumentsOf(rows.split).join(' ')).toContain('--format parquet --label y')
    expect(JSON.stringify(rows.final.definition)).toContain('"ContentType":"application/x-parquet"')
    const records = made(kFold({ k: 2 }), recordioProtobuf('s3://b/x.rec', { label: 'values' }))
    expect(argumentsOf(records.split).join(' ')).toContain('--format recordio-protobuf --label values')
    expect(JSON.stringify(records.final.definition)).toContain('"ContentType":"application/x-recordio-protobuf"')
  })

  it('are one file per channel for BlazingText, which reads no more of plain text', () => {
    const data: Data = {
      kind: 'foldwise.data',
      uri: 's3://b/x.txt',
      format: 'text',
      contentType: 'text/plain',
      header: false,
      label: undefined,
    }
    const options = {
      data,
      folds: kFold({ k: 2 }),
      training: blazingText({ region: 'eu-west-1', hyperparameters: { mode: 'supervised' } }),
      objective: maximize('validation:accuracy'),
      baseline: 0.9,
      role: 'arn:aws:iam::111122223333:role/Role',
      output: 's3://bucket/cv',
      images: { processing: 'processing' },
    } as const
    expect(argumentsOf(crossValidation(options).split)).toContain('--single-file')
    expect(messageOf(() => crossValidation({ ...options, layout: 'manifest' }))).toContain(
      'the training reads one file of format text per channel',
    )
  })

  it('lose their header on the way to an algorithm that takes none', () => {
    const training = xgboost({
      region: 'eu-west-1',
      version: '1.7-1',
      hyperparameters: { num_round: 5, objective: 'binary:logistic', eval_metric: 'auc' },
    })
    const options = {
      folds: kFold({ k: 2 }),
      training,
      objective: maximize('validation:auc'),
      baseline: 0.9,
      role: 'arn:aws:iam::111122223333:role/Role',
      output: 's3://bucket/cv',
      images: { processing: 'processing' },
    } as const
    const headed = csv('s3://b/x.csv', { header: true, label: 0 })
    expect(messageOf(() => crossValidation({ ...options, data: headed }))).toContain('the CSV files have a header')
    const dropped = csv('s3://b/x.csv', { header: true, label: 0, dropHeader: true })
    expect(argumentsOf(crossValidation({ ...options, data: dropped }).split)).toContain('--drop-header')
    expect(messageOf(() => csv('s3://b/x.csv', { dropHeader: true }))).toContain(
      'csv: dropHeader — the data has no header',
    )
  })

  it('in TSV and JSON Lines tell the container their format and the channels their content type', () => {
    const tabs = made(kFold({ k: 2 }), tsv('s3://b/x.tsv', { label: 3 }))
    expect(argumentsOf(tabs.split)).toEqual(['--strategy', 'kfold', '--k', '2', '--format', 'tsv', '--label', '3'])
    expect(JSON.stringify(tabs.final.definition)).toContain('"ContentType":"text/tab-separated-values"')
    const lines = made(kFold({ k: 2 }), jsonLines('s3://b/x.jsonl', { label: 'y' }))
    expect(argumentsOf(lines.split)).toEqual(['--strategy', 'kfold', '--k', '2', '--format', 'jsonl', '--label', 'y'])
    expect(JSON.stringify(lines.final.definition)).toContain('"ContentType":"application/jsonlines"')
  })
})
