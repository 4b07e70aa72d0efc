import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitGaussianProcess } from '../../../local/jobs/gaussian-process.ts'
import { bayesianHyperparameters } from '../../../local/jobs/tuning-bayesian.ts'
import { judgeCompletion } from '../../../local/jobs/tuning-completion.ts'
import { isBelowMedian } from '../../../local/jobs/tuning-early-stopping.ts'
import { bracketOf, isStoppedByHyperband, rungsOf } from '../../../local/jobs/tuning-hyperband.ts'
import {
  dimensionsOf,
  type Hyperparameters,
  randomHyperparameters,
  type Ranges,
} from '../../../local/jobs/tuning-ranges.ts'
import type { CompletionCriteria } from '../../../local/jobs/tuning-request.ts'
import type { Observation, Trial } from '../../../local/jobs/tuning-trial.ts'

const ended = (index: number, hyperparameters: Hyperparameters, loss: number): Trial => ({
  index,
  hyperparameters,
  epochs: [loss],
  isOver: true,
  loss,
})

/** Branin's function: three minima of 0.3979 in the square, a classic of global optimisation. */
function branin(h: Hyperparameters): number {
  const x = Number(h['x'])
  const y = Number(h['y'])
  return (
    (y - (5.1 / (4 * Math.PI ** 2)) * x ** 2 + (5 / Math.PI) * x - 6) ** 2 +
    10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) +
    10
  )
}
const square: Ranges = {
  ContinuousParameterRanges: [
    { Name: 'x', MinValue: '-5', MaxValue: '10', ScalingType: 'Linear' },
    { Name: 'y', MinValue: '0', MaxValue: '15', ScalingType: 'Linear' },
  ],
}

/** A logarithmic rate, whole numbers and a category together: the optimum is rate 0.01, depth 6, kind b. */
const mixed: Ranges = {
  ContinuousParameterRanges: [{ Name: 'rate', MinValue: '0.00001', MaxValue: '1', ScalingType: 'Logarithmic' }],
  IntegerParameterRanges: [{ Name: 'depth', MinValue: '1', MaxValue: '12' }],
  CategoricalParameterRanges: [{ Name: 'kind', Values: ['a', 'b', 'c'] }],
}
const mixedLoss = (h: Hyperparameters): number =>
  (Math.log10(Number(h['rate'])) + 2) ** 2 +
  ((Number(h['depth']) - 6) / 3) ** 2 +
  ({ a: 1, b: 0, c: 2 }[h['kind'] as 'a'] ?? Number.NaN)

function search(ranges: Ranges, loss: (h: Hyperparameters) => number, seed: string, count: number): Trial[] {
  const trials: Trial[] = []
  for (let index = 0; index < count; index++) {
    const hyperparameters = bayesianHyperparameters({ ranges, seed, trials, prior: [] }, index)
    trials.push(ended(index, hyperparameters, loss(hyperparameters)))
  }
  return trials
}
const lowest = (trials: readonly Trial[]): number => Math.min(...trials.map(({ loss }) => loss as number))
const randomly = (ranges: Ranges, loss: (h: Hyperparameters) => number, seed: string, count: number): number =>
  Math.min(...Array.from({ length: count }, (_, index) => loss(randomHyperparameters(ranges, seed, index))))
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number

test.each<[string, Ranges, (h: Hyperparameters) => number, number, number]>([
  ['the Branin function', square, branin, 0.3979, 0.1],
  ['a rate, a whole number and a category', mixed, mixedLoss, 0, 0.1],
])(
  '5.5.3: on %s the Bayesian strategy beats the random one in nearly all of 10 seeds',
  {
    timeout: 120_000,
  },
  (_title, ranges, loss, minimum, closeness) => {
    const seeds = Array.from({ length: 10 }, (_, index) => `seed ${index}`)
    const bayesian = seeds.map(seed => lowest(search(ranges, loss, seed, 20)))
    const random = seeds.map(seed => randomly(ranges, loss, seed, 20))
    const wins = bayesian.filter((value, index) => value < (random[index] as number)).length
    // By chance 10 wins of 12 would come once in 52 times.
    expect(wins).toBeGreaterThanOrEqual(10)
    expect(median(bayesian) - minimum).toBeLessThan(closeness)
    expect(median(random) - minimum).toBeGreaterThan(3 * (median(bayesian) - minimum))
  },
)

test('5.5.3: a Bayesian search with a seed proposes the same again, and another seed something else', () => {
  const values = (seed: string): unknown => search(square, branin, seed, 9).map(trial => trial.hyperparameters)
  expect(values('23')).toEqual(values('23'))
  expect(values('23')).not.toEqual(values('24'))
})

test('5.5.3: a Bayesian search does not try a combination twice while others are left', () => {
  const small: Ranges = {
    IntegerParameterRanges: [{ Name: 'n', MinValue: '1', MaxValue: '4' }],
    CategoricalParameterRanges: [{ Name: 'k', Values: ['a', 'b', 'c'] }],
  }
  const tried = search(small, h => Number(h['n']), 's', 12).map(trial => JSON.stringify(trial.hyperparameters))
  expect(new Set(tried).size).toBe(12)
})

test('5.5.3: parallel trainings of a Bayesian search are sent to different places', () => {
  const trials: Trial[] = search(square, branin, 's', 10)
  for (let index = 10; index < 14; index++) {
    const hyperparameters = bayesianHyperparameters({ ranges: square, seed: 's', trials, prior: [] }, index)
    trials.push({ index, hyperparameters, epochs: [], isOver: false })
  }
  const running = trials.slice(10).map(({ hyperparameters }) => hyperparameters)
  for (const [i, a] of running.entries()) {
    for (const b of running.slice(i + 1)) {
      expect(Math.hypot(Number(a['x']) - Number(b['x']), Number(a['y']) - Number(b['y']))).toBeGreaterThan(0.05)
    }
  }
})

test('5.5.11: what a parent has learnt is used from the first training on, also values of another scale', () => {
  const known = Array.from({ length: 30 }, (_, index) => randomHyperparameters(mixed, 'parent', index))
  const first = (source: number, scale: number): number => {
    const prior: Observation[] = known.map(h => ({ hyperparameters: h, loss: scale * mixedLoss(h) + 7, source }))
    return mixedLoss(bayesianHyperparameters({ ranges: mixed, seed: 's', trials: [], prior }, 0))
  }
  const typical = median(known.map(mixedLoss))
  expect(first(0, 1)).toBeLessThan(typical / 3)
  expect(first(1, 1000)).toBeLessThan(typical / 3)
})

test('a failed training and one with a huge value do not stop the search', () => {
  const trials = search(square, branin, 's', 8)
  trials.push({ index: 8, hyperparameters: { x: '0', y: '0' }, epochs: [], isOver: true })
  trials.push(ended(9, { x: '-5', y: '0' }, 1e300))
  const next = bayesianHyperparameters({ ranges: square, seed: 's', trials, prior: [] }, 10)
  expect(Number.isFinite(branin(next))).toBe(true)
})

test('a Gaussian process goes through what it knows, and knows less away from it', () => {
  const places = [[0], [0.3], [0.6], [1]]
  const values = [-1, 0.5, 1.2, -0.7]
  const process = fitGaussianProcess(places, values)
  for (const [index, place] of places.entries()) {
    expect(process.predict(place).mean).toBeCloseTo(values[index] as number, 0)
    expect(process.predict(place).deviation).toBeLessThan(process.predict([0.8]).deviation + 1e-9)
  }
})

test('every value of a range is found again at its coordinates, whatever the scaling', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('Linear' as const, 'Logarithmic' as const, 'ReverseLogarithmic' as const, 'Auto' as const),
      fc.double({ min: 0.001, max: 0.4, noNaN: true }),
      fc.double({ min: 0.5, max: 0.999, noNaN: true }),
      fc.double({ min: 0, max: 0.999999, noNaN: true }),
      (ScalingType, low, high, u) => {
        const [dimension] = dimensionsOf({
          ContinuousParameterRanges: [{ Name: 'x', MinValue: String(low), MaxValue: String(high), ScalingType }],
        })
        expect(dimension?.encode(dimension.decode(u))?.[0]).toBeCloseTo(u, 6)
      },
    ),
  )
})

test('5.5.8: Auto searches by orders of magnitude when the range spans three of them, and evenly otherwise', () => {
  const middle = (MinValue: string, MaxValue: string): number =>
    Number(
      dimensionsOf({ ContinuousParameterRanges: [{ Name: 'x', MinValue, MaxValue, ScalingType: 'Auto' }] })[0]?.decode(
        0.5,
      ),
    )
  expect(middle('0.0001', '1')).toBeCloseTo(0.01)
  expect(middle('0.1', '1')).toBeCloseTo(0.55)
  expect(middle('0', '1000')).toBeCloseTo(500)
})

const running = (index: number, epochs: readonly number[]): Trial => ({
  index,
  hyperparameters: {},
  epochs,
  isOver: false,
})

test('5.5.6: Stop Training Jobs Early: worse than the median of the running averages up to the same epoch', () => {
  const before = [running(0, [4, 2]), running(1, [6, 4, 1]), running(2, [9])]
  // Running averages after two epochs are 3 and 5, so their median is 4.
  expect(isBelowMedian(running(3, [9, 4.1]), before)).toBe(true)
  expect(isBelowMedian(running(3, [9, 4]), before)).toBe(false)
  expect(isBelowMedian(running(3, [9, 9, 9, 9]), before), 'no one has come so far').toBe(false)
  expect(isBelowMedian(running(0, [99]), before), 'the first one has none before it').toBe(false)
  expect(isBelowMedian(running(3, [9, 8]), [{ ...running(0, [1, 1]), isOver: true }]), 'one that failed').toBe(false)
})

test('5.5.4, 5.5.5: Hyperband stops nobody below MinResource, two thirds at a rung, and everybody beyond MaxResource', () => {
  const resource = { min: 2, max: 18 }
  expect(rungsOf(resource, 0)).toEqual([2, 6])
  expect(rungsOf(resource, 1)).toEqual([6])
  expect(rungsOf(resource, 2)).toEqual([])
  const indexes = Array.from({ length: 60 }, (_, index) => index)
  const first = indexes.filter(index => bracketOf(resource, 's', index) === 0).slice(0, 9)
  expect(first).toHaveLength(9)
  const trials = first.map((index, position) => running(index, [5, position]))
  const stopped = trials.filter((_, position) =>
    isStoppedByHyperband(trials[position] as Trial, trials.slice(0, position + 1), resource, 's'),
  )
  // Losses grow: of the ones that come later only those among the best third so far would go on.
  expect(stopped.map(trial => trial.epochs[1])).toEqual([2, 3, 4, 5, 6, 7, 8])
  const better = trials.toReversed()
  expect(
    better.some((trial, position) => isStoppedByHyperband(trial, better.slice(0, position + 1), resource, 's')),
  ).toBe(false)
  expect(isStoppedByHyperband(running(0, Array(18).fill(1)), [], resource, 's'), 'at MaxResource').toBe(false)
  expect(isStoppedByHyperband(running(0, Array(19).fill(1)), [], resource, 's'), 'beyond it').toBe(true)
})

test('5.5.9: TuningJobCompletionCriteria: target, no improvement, convergence', () => {
  const trials = (losses: readonly number[]): Trial[] => losses.map((loss, index) => ended(index, {}, loss))
  const isMet = (criteria: CompletionCriteria, losses: readonly number[], target?: number): boolean =>
    judgeCompletion(criteria, trials(losses), target).isMet
  expect(isMet({}, [3, 2, 1], 1)).toBe(true)
  expect(isMet({}, [3, 2, 1], 0.9)).toBe(false)
  const still = { BestObjectiveNotImproving: { MaxNumberOfTrainingJobsNotImproving: 3 } }
  expect(isMet(still, [3, 1, 2, 2])).toBe(false)
  expect(isMet(still, [3, 1, 2, 2, 1])).toBe(true)
  const converged: CompletionCriteria = { ConvergenceDetected: { CompleteOnConvergence: 'Enabled' } }
  const falling = Array.from({ length: 40 }, (_, index) => 100 - index)
  expect(isMet(converged, falling)).toBe(false)
  expect(isMet(converged, [...falling, ...Array(10).fill(80)])).toBe(true)
  expect(isMet({ ConvergenceDetected: { CompleteOnConvergence: 'Disabled' } }, Array(50).fill(1))).toBe(false)
})
