import { describe, expect, it } from 'vitest'
import { aggregateFolds } from '../../../processing/report/aggregate-folds.ts'
import { parseAggregateOptions } from '../../../processing/report/parse-options.ts'
import { tQuantile } from '../../../processing/report/student-t.ts'
import { aggregateArguments } from '../../../schemas/aggregate-options.ts'
import type { AggregateOptions } from '../../../schemas/aggregate-options.ts'
import { evaluationSchema } from '../../../schemas/evaluation.ts'
import { foldReport } from './fold-report.ts'
import { processingSandbox, tarGz } from './sandbox.ts'

const metric: AggregateOptions = { k: 3, objective: 'validation:accuracy', direction: 'maximize', source: 'metric' }
const file: AggregateOptions = { ...metric, source: 'file', file: 'metrics.json', path: 'accuracy' }
const jobs = ['job-a', 'job-b', 'job-c']

/** A sandbox whose folds wrote the given files; returns the inputs of the aggregation. */
async function inputs(sizes: readonly number[], files: readonly Readonly<Record<string, string>>[]) {
  const archives = await Promise.all(
    files.map(async (of, index) => [
      `processing/input/models/fold-${index}/${jobs[index]}/output/output.tar.gz`,
      await tarGz(of),
    ]),
  )
  const root = await processingSandbox(undefined, Object.fromEntries(archives) as Record<string, Uint8Array>)
  return {
    foldReport: foldReport(sizes),
    models: `${root}/processing/input/models`,
    environment: { FOLD_TRAINING_JOBS_0: jobs.join(',') },
  }
}

const ofMetric = (values: string, more: Record<string, string> = {}, sizes = [10, 10, 10]) => ({
  foldReport: foldReport(sizes),
  models: '',
  environment: { FOLD_OBJECTIVES_0: values, ...more },
})

describe('aggregateFolds', () => {
  it('weights by validation records, names the worst fold and corrects the interval', async () => {
    const { evaluation } = await aggregateFolds(metric, ofMetric('1,0.5,0.8', {}, [20, 10, 10]))
    const { objective } = evaluation
    expect(objective.weighted_mean).toBe(0.825)
    expect(objective.worst).toEqual({ index: 1, value: 0.5 })
    const ratio = (20 / 20 + 10 / 30 + 10 / 30) / 3
    const half = tQuantile(0.95, 2) * objective.std_sample * Math.sqrt(1 / 3 + ratio)
    expect(objective.ci95_corrected?.[0]).toBeCloseTo(objective.mean - half, 12)
    expect(objective.ci95_corrected?.[1]).toBeCloseTo(objective.mean + half, 12)
    expect(evaluationSchema.parse(JSON.parse(JSON.stringify(evaluation)))).toEqual(evaluation)
  })

  it('takes the largest value for the worst when minimising', async () => {
    const { evaluation } = await aggregateFolds({ ...metric, direction: 'minimize' }, ofMetric('1,0.5,0.8'))
    expect(evaluation.objective.worst).toEqual({ index: 0, value: 1 })
  })

  it('summarises several metrics of either source', async () => {
    const extra = { FOLD_METRIC_0_0: '0.25,0.5,0.75', FOLD_METRIC_1_0: '3,4,5' }
    const fromMetrics = await aggregateFolds(
      { ...metric, metrics: 'validation:f1, validation:rmse' },
      ofMetric('1,0.5,0.9', extra),
    )
    expect(fromMetrics.evaluation.metrics?.map(({ name, mean }) => [name, mean])).toEqual([
      ['validation:f1', 0.5],
      ['validation:rmse', 4],
    ])
    expect(fromMetrics.evaluation.multiclass_classification_metrics?.['f1']?.value).toBe(0.5)
    expect(fromMetrics.evaluation.regression_metrics?.['rmse']?.value).toBe(4)

    const texts = [1, 2, 3].map(value => ({ 'metrics.json': `{"accuracy": ${value}, "deep": {"f1": ${value * 2}}}` }))
    const fromFiles = await aggregateFolds({ ...file, metrics: 'deep.f1' }, await inputs([5, 5, 5], texts))
    expect(fromFiles.evaluation.metrics).toMatchObject([{ name: 'deep.f1', mean: 4, min: 2, max: 6 }])
  })

  it('keeps the folds of a further metric that have it, and refuses one that no fold has', async () => {
    const texts = [
      { 'metrics.json': '{"accuracy": 1, "f1": 0.5}' },
      ...[0, 1].map(() => ({ 'metrics.json': '{"accuracy": 1}' })),
    ]
    const some = await aggregateFolds({ ...file, metrics: 'f1' }, await inputs([5, 5, 5], texts))
    expect(some.evaluation.metrics?.[0]?.folds).toEqual([{ index: 0, value: 0.5 }])
    await expect(aggregateFolds({ ...file, metrics: 'auc' }, await inputs([5, 5, 5], texts))).rejects.toThrow(
      'Metric "auc": no fold has it. Fold 0 (job job-a): metrics.json has no number at "auc"; it has accuracy, f1.',
    )
  })

  it('goes on without a fold only when enough folds are left, and names it', async () => {
    const texts = [
      { 'metrics.json': '{"accuracy": 0.9}' },
      { 'other.json': '{}' },
      { 'metrics.json': '{"accuracy": 0.7}' },
    ]
    const sources = await inputs([5, 5, 5], texts)
    const { evaluation } = await aggregateFolds({ ...file, minFolds: 2 }, sources)
    expect(evaluation.objective.mean).toBe(0.8)
    expect(evaluation.objective.folds.map(fold => fold.index)).toEqual([0, 2])
    expect(evaluation.missing_folds).toMatchObject([
      { index: 1, reason: expect.stringContaining('Fold 1 (job job-b)') },
    ])
    await expect(aggregateFolds(file, sources)).rejects.toThrow(/^Fold 1 \(job job-b\): the training wrote no/)
    await expect(aggregateFolds({ ...file, minFolds: 3 }, sources)).rejects.toThrow(/^Fold 1/)
  })

  it('joins the out-of-fold predictions in fold order and pools them', async () => {
    const of = (lines: string) => ({
      'metrics.json': '{"accuracy": 1}',
      'p.csv': `key,label,prediction,score:a,score:b\n${lines}`,
    })
    const sources = await inputs(
      [2, 1, 1],
      [of('r1,a,a,2,-2\nr2,b,a,1,-1\n'), of('r3,b,b,-3,3\n'), of('r4,a,a,1,-1\n')],
    )
    const { evaluation, predictions } = await aggregateFolds({ ...file, predictions: 'p.csv' }, sources)
    expect(predictions?.map(({ fold, key }) => [fold, key])).toEqual([
      [0, 'r1'],
      [0, 'r2'],
      [1, 'r3'],
      [2, 'r4'],
    ])
    expect(evaluation.pooled).toMatchObject({
      kind: 'classification',
      records: 4,
      accuracy: 0.75,
      confusion_matrix: [
        [2, 0],
        [1, 1],
      ],
    })
  })

  it.each([
    ['key,label,prediction\nr1,a,a\n', 'p.csv has 1 predictions, but fold 0 validates on 2 records'],
    ['key,label\nr1,a\nr2,a\n', 'p.csv has no column "prediction"; it has key, label'],
    ['key,label,prediction,score:a\nr1,a,a,high\nr2,a,a,1\n', 'p.csv line 2: the score "high" is not a finite number'],
    ['key,label,prediction\nr1,a,a\nr1,a,a\n', 'the key "r1" is twice in fold 0'],
    ['key,label,prediction\nr1,a,a\nr3,a,a\n', 'the key "r3" is in folds 0 and 1'],
  ])('refuses predictions %j', async (text, sentence) => {
    const of = (lines: string) => ({ 'metrics.json': '{"accuracy": 1}', 'p.csv': lines })
    const sources = await inputs(
      [2, 1, 1],
      [of(text), of('key,label,prediction\nr3,b,b\n'), of('key,label,prediction\nr4,a,a\n')],
    )
    await expect(aggregateFolds({ ...file, predictions: 'p.csv' }, sources)).rejects.toThrow(sentence)
  })

  it('compares with a champion on the same folds', async () => {
    const champion = (await aggregateFolds(metric, ofMetric('0.9,0.4,0.9'))).evaluation
    const { evaluation } = await aggregateFolds(metric, { ...ofMetric('1,0.5,0.9'), champion })
    expect(evaluation.champion).toMatchObject({ comparable: true, wins: 2, ties: 1, losses: 0 })
  })
})

describe('parseAggregateOptions', () => {
  const full: AggregateOptions = { ...file, metrics: 'a,b', minFolds: 2, predictions: 'predictions.csv' }

  it('reads what aggregateArguments writes', () => {
    for (const options of [metric, file, full]) {
      expect(parseAggregateOptions(aggregateArguments(options))).toEqual(options)
    }
  })

  it.each([
    [[], /^Argument --k: it is missing/],
    [['--k', 'five'], /^Argument --k: "five" does not fit/],
    [['--k', '0'], /^Argument --k: "0" does not fit/],
    [['--fold', '1'], /Unknown option '--fold'/],
    [aggregateArguments({ ...metric, minFolds: 4 }), /^Argument --min-folds: 4 is more than the 3 folds/],
    [aggregateArguments({ ...metric, source: 'file' }), /needs --file and --path/],
    [[...aggregateArguments(metric), '--direction', 'up'], /^Argument --direction: "up" does not fit/],
  ])('refuses %j', (args, sentence) => {
    expect(() => parseAggregateOptions(args)).toThrow(sentence)
  })
})
