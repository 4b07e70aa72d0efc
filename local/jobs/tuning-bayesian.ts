import { fitGaussianProcess } from './gaussian-process.ts'
import {
  dimensionsOf,
  type Dimension,
  type Hyperparameters,
  randomHyperparameters,
  type Ranges,
  uniform,
} from './tuning-ranges.ts'
import type { Observation, Trial } from './tuning-trial.ts'

/** What a proposal is made from. */
export interface SearchHistory {
  readonly ranges: Ranges
  readonly seed: string
  /** Trainings of this tuning job that have begun, in the order of their numbers. */
  readonly trials: readonly Trial[]
  /** Results of the parents of a warm start. */
  readonly prior: readonly Observation[]
}

/** Trainings at random places before there is enough to learn from: more coordinates need more. */
const firstTrainings = (dimensions: readonly Dimension[]): number => Math.min(10, 3 + dimensions.length)
/** Results that are learnt from; the cost of a proposal grows with their cube. */
const remembered = 250

/**
 * Hyperparameters where the expected improvement over the best result so far is greatest, by a Gaussian process. Trainings
 * that still run count with the value that is expected of them, so that parallel ones are not sent to one place. The
 * proposal is a function of the seed, the number and the history.
 *
 * Source: Developer Guide, "How Hyperparameter Tuning Works": Bayesian search treats tuning as a regression problem; that it
 * is a Gaussian process with expected improvement: Perrone et al., "Amazon SageMaker Automatic Model Tuning". The details are ours.
 */
export function bayesianHyperparameters(history: SearchHistory, index: number): Hyperparameters {
  const { ranges, seed, trials } = history
  const dimensions = dimensionsOf(ranges)
  const observations = observationsOf(history).slice(-remembered)
  const tried = new Set(trials.map(trial => keyOf(dimensions, trial.hyperparameters)))
  if (observations.length < firstTrainings(dimensions)) return untriedRandom(history, dimensions, tried, index)

  const values = standardised(observations)
  const places = observations.map(({ place }) => place)
  let process = fitGaussianProcess(places, values)
  const pending = trials
    .filter(trial => !trial.isOver)
    .map(trial => encode(dimensions, trial.hyperparameters, 0))
    .filter(place => place !== undefined)
  // Both at once would need the one for the other: the mean of a place changes little by its neighbours' means.
  if (pending.length > 0)
    process = process.with(
      pending,
      pending.map(place => process.predict(place).mean),
    )
  const here = values.filter((_, position) => observations[position]?.source === 0)
  const best = Math.min(...(here.length > 0 ? here : values))
  const score = (hyperparameters: Hyperparameters): number => {
    const place = encode(dimensions, hyperparameters, 0)
    if (place === undefined || tried.has(keyOf(dimensions, hyperparameters))) return -1
    const { mean, deviation } = process.predict(place)
    return expectedImprovement(best - mean, deviation)
  }
  const bestPlaces = observations
    .map(({ hyperparameters }, position) => ({ hyperparameters, value: values[position] as number }))
    .sort((a, b) => a.value - b.value)
    .slice(0, 4)
  let chosen = { hyperparameters: untriedRandom(history, dimensions, tried, index), score: -1 }
  const consider = (hyperparameters: Hyperparameters): void => {
    const improvement = score(hyperparameters)
    if (improvement > chosen.score) chosen = { hyperparameters, score: improvement }
  }
  for (let draw = 0; draw < 300; draw++) consider(randomHyperparameters(ranges, `${seed}/far/${index}`, draw))
  const random = sequence(`${seed}/near/${index}`)
  for (const { hyperparameters } of bestPlaces) {
    for (let draw = 0; draw < 60; draw++) consider(moved(dimensions, hyperparameters, 0.3 * 0.5 ** (draw % 5), random))
  }
  // From the best candidate in smaller and smaller steps.
  for (let draw = 0; draw < 120; draw++)
    consider(moved(dimensions, chosen.hyperparameters, 0.1 * 0.5 ** Math.floor(draw / 20), random))
  return chosen.hyperparameters
}

interface Known extends Observation {
  readonly place: readonly number[]
}

/** What is known of the objective, the parents' results first. A failed training says nothing. */
function observationsOf({ ranges, trials, prior }: SearchHistory): Known[] {
  const dimensions = dimensionsOf(ranges)
  const own = trials.flatMap(({ hyperparameters, loss }) =>
    loss === undefined ? [] : [{ hyperparameters, loss, source: 0 }],
  )
  return [...prior, ...own].flatMap(one => {
    const place = encode(dimensions, one.hyperparameters, one.source)
    return place === undefined ? [] : [{ ...one, place }]
  })
}

/** How far results on other data are from results on these: half the way across the cube. */
const otherSource = 0.5

/** The last coordinate is the source's. */
function encode(
  dimensions: readonly Dimension[],
  hyperparameters: Hyperparameters,
  source: number,
): readonly number[] | undefined {
  const parts = dimensions.map(({ name, encode: of }) => of(hyperparameters[name] ?? ''))
  return parts.every(part => part !== undefined) ? [...parts.flat(), source === 0 ? 0 : otherSource] : undefined
}

const keyOf = (dimensions: readonly Dimension[], hyperparameters: Hyperparameters): string =>
  JSON.stringify(dimensions.map(({ name }) => hyperparameters[name]))

/** A small space can be used up: then values repeat. */
function untriedRandom(
  { ranges, seed }: SearchHistory,
  dimensions: readonly Dimension[],
  tried: ReadonlySet<string>,
  index: number,
): Hyperparameters {
  for (let again = 0; again < 50; again++) {
    const drawn = randomHyperparameters(ranges, again === 0 ? seed : `${seed}/again/${again}`, index)
    if (!tried.has(keyOf(dimensions, drawn))) return drawn
  }
  return randomHyperparameters(ranges, seed, index)
}

/** A neighbour: each hyperparameter moves with an even chance, a category to any other. */
function moved(
  dimensions: readonly Dimension[],
  from: Hyperparameters,
  step: number,
  random: () => number,
): Hyperparameters {
  return Object.fromEntries(
    dimensions.map(({ name, width, decode, encode: of }) => {
      const value = from[name] ?? ''
      const at = of(value)
      if (random() < 0.5 || at === undefined) return [name, value]
      if (width > 1) return [name, decode(random())]
      const noise = random() + random() + random() - 1.5
      return [name, decode(Math.min(1 - 2 ** -40, Math.max(0, (at[0] as number) + step * noise)))]
    }),
  )
}

/** Numbers from 0 up to and without 1 that the seed gives. */
function sequence(seed: string): () => number {
  let count = 0
  return () => uniform(`${seed}/${count++}`)
}

/** Mean 0 and variance 1 within each source; a result that is hopelessly bad says no more than a bad one, or it would flatten all others. */
function standardised(observations: readonly Observation[]): number[] {
  const scales = new Map<number, (loss: number) => number>()
  for (const { source } of observations) {
    if (scales.has(source)) continue
    scales.set(source, scaleOf(observations.filter(other => other.source === source).map(({ loss }) => loss)))
  }
  return observations.map(({ source, loss }) => (scales.get(source) as (loss: number) => number)(loss))
}

function scaleOf(losses: readonly number[]): (loss: number) => number {
  const sorted = losses.toSorted((a, b) => a - b)
  const lowest = sorted[0] as number
  const median = sorted[Math.round((sorted.length - 1) / 2)] as number
  const ceiling = median + 5 * Math.max(median - lowest, Number.EPSILON)
  const kept = losses.map(loss => Math.min(loss, ceiling))
  const mean = kept.reduce((sum, loss) => sum + loss, 0) / kept.length
  const variance = kept.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / kept.length
  return loss => (variance === 0 ? 0 : (Math.min(loss, ceiling) - mean) / Math.sqrt(variance))
}

function expectedImprovement(gain: number, deviation: number): number {
  const z = gain / deviation
  return gain * normalDistribution(z) + deviation * (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI))
}

/** Abramowitz and Stegun, 7.1.26: wrong by less than 1.5e-7. */
function normalDistribution(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * x)
  const tail =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.exp(-x * x)
  return z >= 0 ? 1 - tail / 2 : tail / 2
}
