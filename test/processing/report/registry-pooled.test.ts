import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { poolClassification } from '../../../processing/report/pooled-classification.ts'
import { poolRegression } from '../../../processing/report/pooled-regression.ts'
import type { PredictionRecord } from '../../../processing/report/prediction-record.ts'
import { mergeGroups } from '../../../processing/report/registry-metrics.ts'
import { pooledGroups } from '../../../processing/report/registry-pooled.ts'
import { evaluationSchema } from '../../../schemas/evaluation.ts'

const many = z.array(z.number())
// Made with scikit-learn: fbeta_score, precision_score, recall_score with average="weighted" or of the positive class.
const expected = z
  .object({
    binary: z.object({ labels: many, predictions: many, scores: many, metrics: z.record(z.string(), z.number()) }),
    multiclass: z.object({ labels: many, predictions: many, metrics: z.record(z.string(), z.number()) }),
  })
  .parse(
    JSON.parse(
      readFileSync(fileURLToPath(new URL('../../fixtures/report/scikit_learn_f_scores.json', import.meta.url)), 'utf8'),
    ),
  )

function records(labels: readonly number[], predictions: readonly number[], scores: readonly number[] = []) {
  return labels.map(
    (label, index): PredictionRecord => ({
      fold: 0,
      key: String(index),
      label: String(label),
      prediction: String(predictions[index]),
      scores: new Map(scores.length === 0 ? [] : [['1', scores[index] ?? 0]]),
    }),
  )
}

function valuesOf(group: object | undefined): Record<string, number> {
  return Object.fromEntries(
    Object.entries(group ?? {}).flatMap(([name, metric]) =>
      typeof (metric as { value?: unknown }).value === 'number' ? [[name, (metric as { value: number }).value]] : [],
    ),
  )
}

it("has the rates, F scores and curves of AWS's binary form, with scikit-learn's values", () => {
  const { labels, predictions, scores, metrics } = expected.binary
  const { binary_classification_metrics: group } = pooledGroups(
    poolClassification(records(labels, predictions, scores)),
  )
  const found = valuesOf(group)
  for (const [name, value] of Object.entries(metrics)) expect(found[name], name).toBeCloseTo(value, 13)
  expect(found['false_positive_rate']).toBeCloseTo(1 - (found['true_negative_rate'] ?? 0), 14)
  expect(group).toMatchObject({
    confusion_matrix: { 0: { 0: expect.any(Number), 1: expect.any(Number) } },
    receiver_operating_characteristic_curve: { false_positive_rates: expect.any(Array) },
    precision_recall_curve: { precisions: expect.any(Array), recalls: expect.any(Array) },
    f1: { standard_deviation: 'NaN' },
  })
})

it("has the weighted metrics of AWS's multiclass form, with scikit-learn's values", () => {
  const { labels, predictions, metrics } = expected.multiclass
  const { multiclass_classification_metrics: group } = pooledGroups(poolClassification(records(labels, predictions)))
  const found = valuesOf(group)
  for (const [name, value] of Object.entries(metrics)) expect(found[name], name).toBeCloseTo(value, 13)
})

it('has the four metrics of the regression form, and keeps what the folds say of them', () => {
  const pooled = pooledGroups(poolRegression(records([1, 2, 3], [1, 2, 5])))
  expect(Object.keys(pooled.regression_metrics ?? {})).toEqual(['mae', 'mse', 'rmse', 'r2'])
  const folds = { regression_metrics: { rmse: { value: 1.1, standard_deviation: 0.2 } } }
  const merged = mergeGroups(pooled, folds)
  expect(merged.regression_metrics).toMatchObject({
    rmse: { value: 1.1, standard_deviation: 0.2 },
    mae: { value: expect.closeTo(2 / 3, 13), standard_deviation: 'NaN' },
  })
  expect(Object.keys(merged.regression_metrics ?? {})[0]).toBe('rmse')
  expect(evaluationSchema.partial().parse(merged)).toEqual(merged)
})
