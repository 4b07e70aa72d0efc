import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { calibrate } from '../../../processing/report/calibration.ts'
import { precisionRecallCurve, rocCurve } from '../../../processing/report/curves.ts'
import type { PredictionRecord } from '../../../processing/report/prediction-record.ts'
import { poolClassification } from '../../../processing/report/pooled-classification.ts'
import { poolRegression } from '../../../processing/report/pooled-regression.ts'

const numbers = z.array(z.number())
// Made with scikit-learn 1.2.1 from seeded random labels and scores with ties.
const expected = z
  .object({
    classification: z.object({
      labels: numbers,
      predictions: numbers,
      scores: z.array(numbers),
      accuracy: z.number(),
      macro_f1: z.number(),
      confusion: z.array(numbers),
      precision: numbers,
      recall: numbers,
      f1: numbers,
      support: numbers,
      auc: numbers,
      average_precision: numbers,
      roc0: z.array(numbers),
    }),
    regression: z.object({ labels: numbers, predictions: numbers, mae: z.number(), mse: z.number(), r2: z.number() }),
  })
  .parse(
    JSON.parse(
      readFileSync(fileURLToPath(new URL('../../fixtures/report/scikit_learn_metrics.json', import.meta.url)), 'utf8'),
    ),
  )

function records(
  labels: readonly unknown[],
  predictions: readonly unknown[],
  scores: readonly (readonly number[])[] = [],
) {
  return labels.map(
    (label, index): PredictionRecord => ({
      fold: index % 5,
      key: String(index),
      label: String(label),
      prediction: String(predictions[index]),
      scores: new Map((scores[index] ?? []).map((score, of) => [String(of), score])),
    }),
  )
}

describe('poolClassification', () => {
  const { classification } = expected
  const pooled = poolClassification(records(classification.labels, classification.predictions, classification.scores))
  if (pooled.kind !== 'classification') throw new Error('not a classification')

  it("equals scikit-learn's confusion matrix, precision, recall, F1 and support", () => {
    expect(pooled.confusion_matrix).toEqual(classification.confusion)
    expect(pooled.accuracy).toBe(classification.accuracy)
    expect(pooled.macro_f1).toBeCloseTo(classification.macro_f1, 14)
    pooled.classes.forEach((of, index) => {
      expect(of.precision).toBeCloseTo(classification.precision[index] ?? Number.NaN, 14)
      expect(of.recall).toBeCloseTo(classification.recall[index] ?? Number.NaN, 14)
      expect(of.f1).toBeCloseTo(classification.f1[index] ?? Number.NaN, 14)
      expect(of.support).toBe(classification.support[index])
    })
  })

  it("equals scikit-learn's AUC, average precision and the corners of its ROC curve, with ties in the scores", () => {
    expect(pooled.roc.map(curve => curve.positive)).toEqual(['0', '1', '2'])
    pooled.roc.forEach(({ area }, index) => expect(area).toBeCloseTo(classification.auc[index] ?? Number.NaN, 13))
    pooled.precision_recall.forEach(({ area }, index) =>
      expect(area).toBeCloseTo(classification.average_precision[index] ?? Number.NaN, 13),
    )
    const corner = ([x = 0, y = 0]: readonly number[]) => `${x.toFixed(12)} ${y.toFixed(12)}`
    const theirs = new Set(classification.roc0.map(corner))
    const ours = pooled.roc[0]?.points ?? []
    expect(ours.length).toBeGreaterThan(5)
    expect(ours.filter(point => !theirs.has(corner(point)))).toEqual([])
  })

  it('draws one curve for two classes, of the second, and none when a record lacks the score', () => {
    const two = poolClassification(
      records(['n', 'y', 'n', 'y'], ['n', 'y', 'y', 'y']).map((record, index) => ({
        ...record,
        scores: new Map([
          ['n', -index],
          ['y', index],
        ]),
      })),
    )
    if (two.kind !== 'classification') throw new Error('not a classification')
    expect(two.roc.map(({ positive, area }) => [positive, area])).toEqual([['y', 0.75]])
    const lacking = poolClassification(records(['n', 'y'], ['n', 'y'], [[1, 2]]))
    expect(lacking).toMatchObject({ roc: [], precision_recall: [] })
  })
})

describe('calibrate', () => {
  const fixture = z
    .object({
      scores: numbers,
      labels: numbers,
      prob_true: numbers,
      prob_pred: numbers,
      counts: numbers,
      brier: z.number(),
      ece: z.number(),
    })
    .parse(
      JSON.parse(
        readFileSync(
          fileURLToPath(new URL('../../fixtures/report/scikit_learn_calibration.json', import.meta.url)),
          'utf8',
        ),
      ),
    )

  it("equals scikit-learn's reliability curve and Brier score, with scores on the edges of bins", () => {
    const found = calibrate(
      'y',
      fixture.scores,
      fixture.labels.map(label => label === 1),
    )
    expect(found?.bins.map(({ records }) => records)).toEqual(fixture.counts)
    found?.bins.forEach(({ score, share }, bin) => {
      expect(score).toBeCloseTo(fixture.prob_pred[bin] ?? Number.NaN, 14)
      expect(share).toBeCloseTo(fixture.prob_true[bin] ?? Number.NaN, 14)
    })
    expect(found?.brier).toBeCloseTo(fixture.brier, 14)
    expect(found?.expected_calibration_error).toBeCloseTo(fixture.ece, 14)
  })

  it('says nothing of scores that are no probabilities, and pooled metrics then have no calibration', () => {
    expect(calibrate('y', [0.2, 1.1], [true, false])).toBeUndefined()
    expect(calibrate('y', [Number.NaN], [true])).toBeUndefined()
    expect(
      poolClassification(
        records(
          [0, 1],
          [0, 1],
          [
            [0.9, 2],
            [0.1, -2],
          ],
        ),
      ),
    ).not.toHaveProperty('calibration')
    const sure = poolClassification(
      records(
        [0, 1],
        [0, 1],
        [
          [1, 0],
          [0, 1],
        ],
      ),
    )
    expect(sure).toMatchObject({ calibration: [{ positive: '1', brier: 0, expected_calibration_error: 0 }] })
  })
})

describe('curves', () => {
  const scored = fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.boolean()), { minLength: 2, maxLength: 200 })

  it('have the AUC that counting pairs gives, ties as one half', () => {
    fc.assert(
      fc.property(scored, pairs => {
        const positives = pairs.filter(([, positive]) => positive)
        const negatives = pairs.filter(([, positive]) => !positive)
        fc.pre(positives.length > 0 && negatives.length > 0)
        const wins = positives.flatMap(([a]) => negatives.map(([b]) => (a > b ? 1 : a === b ? 0.5 : 0)))
        const auc = wins.reduce<number>((sum, win) => sum + win, 0) / wins.length
        const curve = rocCurve(
          'x',
          pairs.map(([score]) => score),
          pairs.map(([, positive]) => positive),
        )
        expect(curve?.area).toBeCloseTo(auc, 12)
        expect(curve?.points[0]).toEqual([0, 0])
        expect(curve?.points.at(-1)).toEqual([1, 1])
      }),
    )
  })

  it('keep at most 300 points and both ends', () => {
    const scores = Array.from({ length: 20_000 }, (_, index) => index)
    const positive = scores.map(score => Math.sin(score * 12.9898) * 10_000 + score > 10_000)
    for (const draw of [rocCurve, precisionRecallCurve]) {
      const curve = draw('x', scores, positive)
      expect(curve?.points.length).toBe(300)
      expect(curve?.points.at(-1)?.[0]).toBe(1)
    }
  })

  it('do not exist without positives', () => {
    expect(rocCurve('x', [1, 2], [false, false])).toBeUndefined()
    expect(precisionRecallCurve('x', [1, 2], [false, false])).toBeUndefined()
  })
})

describe('poolRegression', () => {
  it("equals scikit-learn's errors and r²", () => {
    const { labels, predictions, mae, mse, r2 } = expected.regression
    const pooled = poolRegression(records(labels, predictions))
    if (pooled.kind !== 'regression') throw new Error('not a regression')
    expect(pooled.mae).toBeCloseTo(mae, 13)
    expect(pooled.mse).toBeCloseTo(mse, 12)
    expect(pooled.r2).toBeCloseTo(r2, 13)
    expect(pooled.residuals).toHaveLength(40)
  })

  it('has no r² for labels that do not vary, and names a label that is no number', () => {
    expect(poolRegression(records([1, 1], [1, 2]))).toMatchObject({ r2: null })
    expect(() => poolRegression(records([1, 'x'], [1, 2]))).toThrow(
      'Predictions: fold 1, key "1": the label "x" is not a finite number.',
    )
  })

  it('keeps some thousand residuals of very many records', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => index)
    const pooled = poolRegression(records(many, many))
    expect(pooled.kind === 'regression' && pooled.residuals.length).toBe(2000)
  })
})
