import { tQuantile } from './student-t.ts'

/** What is told about a list of values; see `objectiveSchema` for the meaning of each. */
export interface Summary {
  readonly mean: number
  readonly std: number
  readonly std_sample: number
  readonly sem: number
  readonly min: number
  readonly max: number
  readonly ci95: [number, number]
}

/** Statistics of one or more finite values. For a single value every spread is 0. */
export function summarize(values: readonly number[]): Summary {
  const average = mean(values)
  const sample = sampleStd(values)
  const sem = sample / Math.sqrt(values.length)
  return {
    mean: average,
    std: populationStd(values),
    std_sample: sample,
    sem,
    min: Math.min(...values),
    max: Math.max(...values),
    ci95: tInterval(average, sem, values.length - 1),
  }
}

/**
 * The mean, rounded to 15 significant digits: what is left of the rounding of single values and of the sum does not
 * decide a gate (0.98 and not 0.9799999999999999). Equal values have exactly their own mean.
 */
export function mean(values: readonly number[]): number {
  const centre = centreOf(values)
  return centre === values[0] ? centre : round15(centre)
}

/** Mean of `values` weighted by `weights`, which are not all 0. */
export function weightedMean(values: readonly number[], weights: readonly number[]): number {
  return round15(compensatedSum(values.map((value, index) => value * (weights[index] ?? 0))) / compensatedSum(weights))
}

/** numpy's `std` with ddof = 0. */
export function populationStd(values: readonly number[]): number {
  return Math.sqrt(squaredDeviations(values) / values.length)
}

/** numpy's `std` with ddof = 1; 0 for a single value. */
export function sampleStd(values: readonly number[]): number {
  return values.length < 2 ? 0 : Math.sqrt(squaredDeviations(values) / (values.length - 1))
}

/** 95 % interval by Student's t; both ends are the centre when there are no degrees of freedom. */
export function tInterval(centre: number, standardError: number, df: number): [number, number] {
  if (df < 1 || standardError === 0) return [centre, centre]
  const half = tQuantile(0.95, df) * standardError
  return [centre - half, centre + half]
}

/**
 * Standard error of a mean over J folds that share training data: sqrt((1/J + n_test/n_train) * s²).
 *
 * The folds' values are correlated, so s/√J is too small. Nadeau and Bengio, "Inference for the Generalization Error",
 * Machine Learning 52 (2003); `testToTrain` is n_test/n_train.
 */
export function correctedStandardError(values: readonly number[], testToTrain: number): number {
  return sampleStd(values) * Math.sqrt(1 / values.length + testToTrain)
}

/** Neumaier's sum: the rounding error of every addition is carried along. */
export function compensatedSum(values: readonly number[]): number {
  let sum = 0
  let lost = 0
  for (const value of values) {
    const next = sum + value
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
    sum = next
  }
  return sum + lost
}

function squaredDeviations(values: readonly number[]): number {
  const centre = centreOf(values)
  return compensatedSum(values.map(value => (value - centre) * (value - centre)))
}

/** The first value and the mean distance from it: so equal values have no spread at all. */
function centreOf(values: readonly number[]): number {
  const [first = Number.NaN] = values
  return first + compensatedSum(values.map(value => value - first)) / values.length
}

function round15(value: number): number {
  return Number(value.toPrecision(15))
}
