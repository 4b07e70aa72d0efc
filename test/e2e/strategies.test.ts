import {
  type ConciseTraining,
  hashKFold,
  kFold,
  leaveOneGroupOut,
  maximize,
  minimize,
  nodeSvm,
  repeatedKFold,
  stratifiedKFold,
  type TrainingTemplate,
} from 'foldwise'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foldReportSchema } from '../../schemas/fold-report.ts'
import { bucket, type FinishedExecution, irisPipeline, type LocalIris, readText, startLocalIris } from './local-iris.ts'

let iris: LocalIris

beforeAll(async () => {
  iris = await startLocalIris()
})
afterAll(() => iris?.stop())

type Options = Parameters<typeof irisPipeline>[2]

async function run(name: string, folds: Parameters<typeof irisPipeline>[1], options?: Options, baseline = '0.9') {
  await iris.upsert(irisPipeline(name, folds, options))
  return iris.run(name, { BaselineObjective: baseline })
}

const fiveFolds = kFold({ k: 5, shuffle: true, seed: 23 })

/** One run that several tests compare with. */
let plainRun: Promise<FinishedExecution> | undefined
const plain = () => (plainRun ??= run('Plain', fiveFolds))

/** Keys below the execution's folder. */
const below = ({ keys, id }: FinishedExecution): string[] =>
  keys.map(key => key.slice(key.indexOf(`${id}/`) + id.length + 1))

async function foldReport({ keys }: FinishedExecution) {
  const key = keys.find(each => each.endsWith('/report/folds.json')) as string
  return foldReportSchema.parse(JSON.parse(await readText(iris.clients, key)))
}

/** What the service says a step's training job was told. */
async function hyperparameters({ arn }: FinishedExecution, step: string) {
  const { DescribeTrainingJobCommand, ListPipelineExecutionStepsCommand } = iris.clients.sagemakerSdk
  const { sagemaker } = iris.clients
  const { PipelineExecutionSteps: steps = [] } = await sagemaker.send(
    new ListPipelineExecutionStepsCommand({ PipelineExecutionArn: arn, MaxResults: 100 }),
  )
  const job = steps
    .find(({ StepName }) => StepName === step)
    ?.Metadata?.TrainingJob?.Arn?.split('/')
    .at(-1)
  return (await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: job }))).HyperParameters
}

const isRegistered = (execution: FinishedExecution) => below(execution).some(key => key.startsWith('models/final/'))

describe('cross-validation of Iris on this machine', { timeout: 120_000 }, () => {
  it('keeps the share of every class in stratified folds, and pools the predictions of all records', async () => {
    const execution = await run('Stratified', stratifiedKFold({ k: 5, shuffle: true, seed: 23 }), {
      predictions: 'predictions.csv',
      metrics: ['train:accuracy'],
    })
    expect(execution.status).toBe('Succeeded')
    const { folds, certificate } = await foldReport(execution)
    expect(folds.map(({ validation }) => Object.values(validation.classes ?? {}))).toEqual(
      Array.from({ length: 5 }, () => [10, 10, 10]),
    )
    expect(certificate).toMatchObject({ disjoint: true, complete: true })

    const { evaluation } = execution
    expect(evaluation?.metrics).toMatchObject([{ name: 'train:accuracy' }])
    expect(evaluation?.metrics?.[0]?.folds).toHaveLength(5)
    const pooled = evaluation?.pooled
    expect(pooled).toMatchObject({ kind: 'classification', records: 150 })
    // Folds of equal size: the accuracy over all records is the mean of the folds.
    expect(pooled?.kind === 'classification' && pooled.accuracy).toBeCloseTo(evaluation?.objective.mean ?? 0, 12)
    const predictions = execution.keys.find(key => key.endsWith('/evaluation/predictions.csv')) as string
    expect((await readText(iris.clients, predictions)).trimEnd().split('\n')).toHaveLength(151)
  })

  it('trains k times repeats folds of a repeated split, and widens the interval for what they share', async () => {
    const execution = await run('Repeated', repeatedKFold({ k: 3, repeats: 2, seed: 1 }))
    expect(execution.status).toBe('Succeeded')
    expect(execution.evaluation?.objective.folds.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5])
    const { repeats, folds, certificate } = await foldReport(execution)
    expect([repeats, folds.length, certificate.complete]).toEqual([2, 6, true])
    const { ci95, ci95_corrected: corrected } = execution.evaluation?.objective ?? {}
    expect((corrected?.[1] ?? 0) - (corrected?.[0] ?? 0)).toBeGreaterThan((ci95?.[1] ?? 0) - (ci95?.[0] ?? 0))
    expect(isRegistered(execution)).toBe(true)
  })

  it('gives the same numbers with manifests, which store every record once', async () => {
    const copied = await plain()
    const listed = await run('Listed', fiveFolds, { layout: 'manifest' })
    expect(listed.status).toBe('Succeeded')
    expect(listed.evaluation?.objective).toEqual(copied.evaluation?.objective)
    const data = (execution: FinishedExecution) => below(execution).filter(key => /^(train|validation|all)\//.test(key))
    expect(data(listed).filter(key => !key.endsWith('manifest.json'))).toHaveLength(5)
    expect(data(listed).filter(key => key.endsWith('manifest.json'))).toHaveLength(6)
    expect(data(copied)).toHaveLength(5 * 4 + 5 + 5)
  })

  it('gives the same numbers with one file per folder, and with files of a given size', async () => {
    const copied = await plain()
    const [single, small] = [
      await run('Single', fiveFolds, { singleFile: true }),
      await run('Small', fiveFolds, { shardSize: 300 }),
    ]
    expect([single.status, small.status]).toEqual(['Succeeded', 'Succeeded'])
    expect(single.evaluation?.objective).toEqual(copied.evaluation?.objective)
    expect(small.evaluation?.objective).toEqual(copied.evaluation?.objective)
    const data = (execution: FinishedExecution) => below(execution).filter(key => /^(train|validation|all)\//.test(key))
    expect(data(single)).toHaveLength(5 + 5 + 1)
    expect(data(small)).toHaveLength(2 * data(copied).length)
  })

  it('minimises a number of a file at full precision, and rejects with a message when it is too large', async () => {
    const objective = minimize({ file: 'metrics.json', path: 'validation.accuracy', name: 'score' })
    const folds = kFold({ k: 7, shuffle: true, seed: 23 })
    const passed = await run('Minimised', folds, { objective, metrics: ['train.accuracy'] }, '1')
    expect(passed.status).toBe('Succeeded')
    expect(passed.evaluation).toMatchObject({
      objective: { name: 'score', direction: 'minimize', source: 'file' },
      metrics: [{ name: 'train.accuracy' }],
    })
    // 150 records in 7 folds: proportions of 21 or 22 that no float32 could say.
    for (const { value, records = 0 } of passed.evaluation?.objective.folds ?? []) {
      expect(Number.isInteger(Math.round(value * records * 1e9) / 1e9)).toBe(true)
      expect(value).toBe(Math.round(value * records) / records)
    }
    expect(isRegistered(passed)).toBe(true)

    const failed = await run('Minimised', folds, { objective, rejectModel: true }, '0.5')
    expect(failed.status).toBe('Failed')
    expect(isRegistered(failed)).toBe(false)
  })

  it('compares with the champion on the same folds, and says when the folds are others', async () => {
    const champion = await plain()
    const folder = `s3://${bucket}/runs/Plain/${champion.id}/evaluation`
    const weak = { training: nodeSvm({ hyperparameters: { C: 0.001, kernel: 'linear' } }), champion: folder }
    const challenger = await run('Challenger', fiveFolds, { ...weak, predictions: 'predictions.csv' }, '0.1')
    const comparison = challenger.evaluation?.champion
    expect(comparison).toMatchObject({ comparable: true, champion_mean: champion.evaluation?.objective.mean })
    expect(comparison?.mean_difference).toBeCloseTo(
      (challenger.evaluation?.objective.mean ?? 0) - (champion.evaluation?.objective.mean ?? 0),
      12,
    )
    expect(comparison?.losses).toBeGreaterThan(0)
    expect(challenger.evaluation?.pooled?.records).toBe(150)

    const others = await run('Challenger', kFold({ k: 5, shuffle: true, seed: 24 }), weak, '0.1')
    expect(others.evaluation?.champion).toMatchObject({
      comparable: false,
      reason: 'The champion was evaluated on other folds.',
    })
  })

  it('gates on the lower end of the corrected interval when asked to', async () => {
    const execution = await run('Interval', fiveFolds, { compare: 'interval' }, '0.97')
    expect(execution.status).toBe('Succeeded')
    expect(execution.evaluation?.objective.mean).toBeGreaterThan(0.97)
    expect(execution.evaluation?.objective.ci95_corrected?.[0]).toBeLessThan(0.97)
    expect(isRegistered(execution)).toBe(false)
  })

  it('leaves one group out when the number of groups is as promised, and fails the split when it is not', async () => {
    const objective = maximize('validation:accuracy')
    const right = await run('Groups', leaveOneGroupOut({ k: 3, groups: 'species' }), { objective })
    expect(right.status).toBe('Succeeded')
    // The class that is left out was never seen.
    expect(right.evaluation?.objective.folds.map(({ value }) => value)).toEqual([0, 0, 0])
    expect(isRegistered(right)).toBe(false)
    const wrong = await run('Groups', leaveOneGroupOut({ k: 4, groups: 'species' }))
    expect([wrong.status, wrong.evaluation]).toEqual(['Failed', null])
  })

  it('draws folds by the hash of a column, and tells every training its facts', async () => {
    const training: TrainingTemplate['options'] = context => ({
      ...(nodeSvm().options(context) as ConciseTraining),
      channels: { ...context.channels },
      hyperparameters: { ...context.facts, kernel: 'linear', label: 'species', header: 'true' },
    })
    const execution = await run(
      'Hashed',
      hashKFold({ k: 3, key: 'sepal_length', seed: 1 }),
      { training, register: { group: 'Hashed', contentTypes: ['text/csv'], responseTypes: ['text/csv'] } },
      '0.5',
    )
    expect(execution.status).toBe('Succeeded')
    expect(await hyperparameters(execution, 'TrainFold-1')).toMatchObject({ fold_name: 'fold1', num_classes: '3' })
    expect(await hyperparameters(execution, 'TrainFinal')).toMatchObject({
      fold_name: 'final',
      num_classes: '3',
      num_training_samples: '150',
    })
    const { folds } = await foldReport(execution)
    expect(folds.reduce((sum, { validation }) => sum + validation.records, 0)).toBe(150)
  })
})
