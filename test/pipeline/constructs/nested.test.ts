import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  csv,
  kFold,
  maximize,
  nestedCrossValidation,
  type NestedCrossValidationOptions,
  nodeSvm,
  pipeline,
  repeatedKFold,
  shuffleSplit,
  trainTestSplit,
} from 'foldwise'
import { describe, expect, it, onTestFinished } from 'vitest'
import { buildGraph, topologicalOrder } from '../../../pipeline/definition/index.ts'
import { validateDefinition } from '../../../pipeline/validate/index.ts'
import { mapOutputs } from '../../../processing/split/output-folders.ts'
import { splitData } from '../../../processing/split/split-data.ts'
import { messageOf } from '../dsl/message-of.ts'
import { containerOptions } from './container-options.ts'

const base = {
  data: csv('s3://bucket-of-mine/data.csv', { header: true, label: 'y' }),
  folds: kFold({ k: 3, shuffle: true, seed: 1 }),
  innerK: 2,
  candidates: { weak: { C: 0.1, kernel: 'rbf' }, strong: { C: 10, kernel: 'rbf' } },
  training: nodeSvm({ hyperparameters: { gamma: 'scale', C: 1 } }),
  objective: maximize('validation:accuracy'),
  baseline: 0.9,
  register: { group: 'Mine' },
  role: 'arn:aws:iam::111122223333:role/Role',
  output: { bucket: 'bucket-of-mine' },
  images: {
    processing: '111122223333.dkr.ecr.us-east-1.amazonaws.com/p:1',
    training: '111122223333.dkr.ecr.us-east-1.amazonaws.com/t:1',
  },
} as const satisfies NestedCrossValidationOptions

const made = (options: Partial<NestedCrossValidationOptions> = {}) => nestedCrossValidation({ ...base, ...options })
const documentOf = (options: Partial<NestedCrossValidationOptions> = {}) =>
  pipeline('Nested', {}, () => made(options)).document
const argumentsOf = (step: { definition: unknown }) => JSON.parse(JSON.stringify(step.definition)).Arguments

describe('a nested cross-validation', () => {
  it('tries every candidate on the inner folds, trains what is chosen, and chooses again behind the gate', () => {
    const document = documentOf()
    expect(document.Steps.map(({ Name }) => Name)).toEqual([
      'SplitFolds',
      ...[0, 1, 2].flatMap(fold => [
        ...['weak', 'strong'].flatMap(candidate => [0, 1].map(at => `Try-${fold}-${candidate}-${at}`)),
        `Choose-${fold}`,
        `TrainFold-${fold}`,
      ]),
      'AggregateFolds',
      'CompareWithBaseline',
    ])
    const gate = document.Steps.at(-1) as { Arguments: { IfSteps: { Name: string }[] } }
    expect(gate.Arguments.IfSteps.map(({ Name }) => Name)).toEqual([
      ...['weak', 'strong'].flatMap(candidate => [0, 1, 2].map(at => `TryFinal-${candidate}-${at}`)),
      'ChooseFinal',
      'TrainFinal',
      'RegisterModel',
    ])
    expect(validateDefinition(document).filter(({ severity }) => severity === 'error')).toEqual([])
    expect(topologicalOrder(buildGraph(document)).cyclic).toEqual([])
  })

  it('lays a candidate over the hyperparameters of the training, and what is chosen as it will be known', () => {
    const { folds } = made()
    const [first] = folds
    expect(argumentsOf(first?.tried['weak']?.[1] as never).HyperParameters).toMatchObject({
      gamma: 'scale',
      C: '0.1',
      kernel: 'rbf',
    })
    expect(argumentsOf(first?.training as never).HyperParameters).toMatchObject({
      gamma: 'scale',
      C: {
        'Std:JsonGet': { PropertyFile: { Get: 'Steps.Choose-0.PropertyFiles.Choice' }, Path: 'hyperparameters.C' },
      },
    })
  })

  it.each([
    [{}],
    [{ folds: repeatedKFold({ k: 2, repeats: 3, seed: 1 }) }],
    [{ folds: shuffleSplit({ k: 3, seed: 1, holdout: 0.2 }), innerK: 4 }],
    [{ layout: 'manifest' as const }],
  ])('reads the folders that the split writes, and the facts of those folds: %j', async options => {
    const root = mkdtempSync(join(tmpdir(), 'foldwise-nested-'))
    onTestFinished(() => rmSync(root, { recursive: true, force: true }))
    const rows = Array.from({ length: 60 }, (_, i) => `${i},${i % 2}\n`)
    writeFileSync(join(root, 'data.csv'), `x,y\n${rows.join('')}`)
    const { split, folds, chooseFinal, final } = made({
      ...options,
      training: ({ channels, facts }) => ({
        channels: { ...channels },
        hyperparameters: { rows: facts.num_training_samples },
        metrics: { 'validation:accuracy': 'a=(.*)' },
      }),
    })
    const report = await splitData(containerOptions(argumentsOf(split).AppSpecification.ContainerArguments), {
      input: join(root, 'data.csv'),
      output: mapOutputs(name => join(root, name)),
      s3Uri: 's3://bucket-of-mine/v/',
    })
    const places = folds.flatMap(({ tried, training }) => [...(tried['weak'] ?? []), training])
    const asked = places.map(step => placeOf(argumentsOf(step)))
    expect(asked.map(({ folder }) => folder).toSorted()).toEqual(report.folds.map(({ folder }) => folder).toSorted())
    for (const { folder, name } of asked) expect(report.folds[name]?.folder).toBe(folder)
    const compared = argumentsOf(chooseFinal).AppSpecification.ContainerArguments as string[]
    const outer = (compared[compared.indexOf('--folds') + 1] as string).split(',').map(Number)
    expect(outer.map(index => report.folds[index]?.folder)).toEqual(folds.map((_, fold) => `outer/${fold}/refit`))
    expect(argumentsOf(final).InputDataConfig).toHaveLength(1)
  })

  it.each<[string, Partial<NestedCrossValidationOptions>]>([
    ['innerK — 1 is no number', { innerK: 1 }],
    ['candidates — 1 of them', { candidates: { only: { C: 1 } } }],
    ['candidates — 0 of them', { candidates: {} }],
    ['candidates — "b" has C, D, and "a" has C', { candidates: { a: { C: 1 }, b: { C: 2, D: 3 } } }],
    ['candidates — "a" has no hyperparameters', { candidates: { a: {}, b: {} } }],
    ['candidates — "a b" becomes part of the names', { candidates: { 'a b': { C: 1 }, c: { C: 2 } } }],
    ['candidates — the hyperparameter "a.b"', { candidates: { a: { 'a.b': 1 }, b: { 'a.b': 2 } } }],
    ['candidates — step "Choose-0" needs', { candidates: many(60) }],
    ['candidates — step "Choose-0" would compare 1200 trainings, and there is room for 1000', { innerK: 600 }],
    ['folds — trainTestSplit has no inner folds', { folds: trainTestSplit({ testSize: 0.2 }) }],
    ['objective — "a:b" comes from a file', { objective: maximize({ file: 'm.json', path: 'a.b' }) }],
    [
      'training — it gives the whole request',
      { training: () => ({ arguments: { RoleArn: 'r', OutputDataConfig: { S3OutputPath: 's3://b' } } }) },
    ],
  ])('refuses: %s', (start, options) => {
    expect(messageOf(() => made(options))).toContain(`nestedCrossValidation: ${start}`)
  })
})

function many(count: number) {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`c${index}`, { C: index }]))
}

/** The folder that a training reads, and the fold that its facts are of. */
function placeOf(request: { InputDataConfig: object[]; HyperParameters?: object }): { folder: string; name: number } {
  const [uri = ''] = /\/outer\/\d+\/(?:inner\/\d+|refit)/.exec(JSON.stringify(request.InputDataConfig)) ?? []
  return { folder: uri.slice(1), name: Number(/folds\[(\d+)\]/.exec(JSON.stringify(request))?.[1]) }
}
