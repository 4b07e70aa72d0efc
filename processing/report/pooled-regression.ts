import type { PooledMetrics } from '../../schemas/evaluation.ts'
import { UserError } from '../../schemas/problem.ts'
import type { PredictionRecord } from './prediction-record.ts'
import { compensatedSum, mean } from './statistics.ts'

/** Residuals that are kept for the drawing. */
const MAX_RESIDUALS = 2000

/**
 * Mean absolute and squared error, its root, r² and residuals of all records.
 *
 * @throws UserError when a label or a prediction is not a number
 */
export function poolRegression(records: readonly PredictionRecord[]): PooledMetrics {
  const pairs = records.map((record): [number, number] => [number(record, 'label'), number(record, 'prediction')])
  const residuals = pairs.map(([label, prediction]) => label - prediction)
  const squared = compensatedSum(residuals.map(residual => residual * residual))
  const centre = compensatedSum(pairs.map(([label]) => label)) / pairs.length
  const spread = compensatedSum(pairs.map(([label]) => (label - centre) ** 2))
  const every = Math.max(1, Math.ceil(pairs.length / MAX_RESIDUALS))
  return {
    kind: 'regression',
    records: pairs.length,
    mae: mean(residuals.map(Math.abs)),
    mse: squared / pairs.length,
    rmse: Math.sqrt(squared / pairs.length),
    r2: spread === 0 ? null : 1 - squared / spread,
    residuals: pairs
      .filter((_, index) => index % every === 0)
      .map(([label, prediction]): [number, number] => [prediction, label - prediction]),
  }
}

function number(record: PredictionRecord, part: 'label' | 'prediction'): number {
  const text = record[part]
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isFinite(value)) return value
  throw new UserError(
    `Predictions: fold ${record.fold}, key "${record.key}": the ${part} "${text}" is not a finite number.`,
  )
}
