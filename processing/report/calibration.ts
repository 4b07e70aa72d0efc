import type { Calibration } from '../../schemas/evaluation.ts'
import { compensatedSum } from './statistics.ts'

const BINS = 10

/**
 * How far scores are probabilities: the share of positives among the records of each tenth of the scores, as scikit-learn's
 * `calibration_curve` with ten uniform bins; the expected calibration error, which is the mean gap weighted by records; and
 * the Brier score, `brier_score_loss`. Undefined when a score is no number from 0 to 1, such as an SVM's margin.
 */
export function calibrate(
  positive: string,
  scores: readonly number[],
  isPositive: readonly boolean[],
): Calibration | undefined {
  if (scores.length === 0 || scores.some(score => !(score >= 0 && score <= 1))) return undefined
  const bins = Array.from({ length: BINS }, () => ({ scores: [] as number[], positives: 0 }))
  scores.forEach((score, record) => {
    const bin = bins[binOf(score)]
    bin?.scores.push(score)
    if (bin !== undefined && isPositive[record] === true) bin.positives += 1
  })
  const filled = bins.flatMap(bin => {
    const records = bin.scores.length
    if (records === 0) return []
    return [{ score: compensatedSum(bin.scores) / records, share: bin.positives / records, records }]
  })
  const gaps = filled.map(({ score, share, records }) => Math.abs(score - share) * records)
  const squares = scores.map((score, record) => (score - (isPositive[record] === true ? 1 : 0)) ** 2)
  return {
    positive,
    bins: filled,
    expected_calibration_error: compensatedSum(gaps) / scores.length,
    brier: compensatedSum(squares) / scores.length,
  }
}

/** A score on an edge belongs to the bin below it, as numpy's `searchsorted` puts it. */
function binOf(score: number): number {
  let bin = 0
  while (bin < BINS - 1 && (bin + 1) * 0.1 < score) bin++
  return bin
}
