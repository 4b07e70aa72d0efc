import { describe, expect, it } from 'vitest'
import { compareChampion } from '../../../processing/report/compare-champion.ts'
import { summarize } from '../../../processing/report/statistics.ts'
import type { Direction } from '../../../schemas/direction.ts'
import type { Evaluation } from '../../../schemas/evaluation.ts'

const evaluation = (values: readonly number[], direction: Direction = 'maximize', digest = 'same'): Evaluation => ({
  folds_digest: digest,
  objective: {
    name: 'validation:accuracy',
    direction,
    source: 'metric',
    value: summarize(values).mean,
    ...summarize(values),
    folds: values.map((value, index) => ({ index, value })),
  },
})

const challenger = [0.92, 0.94, 0.9, 0.95, 0.93]
const champion = [0.9, 0.93, 0.91, 0.92, 0.92]

describe('compareChampion', () => {
  it('is the corrected resampled t-test on the differences of equal folds', () => {
    const comparison = compareChampion(evaluation(challenger), evaluation(champion), 0.25)
    expect(comparison).toMatchObject({ comparable: true, wins: 4, ties: 0, losses: 1 })
    expect(comparison.mean_difference).toBe(0.012)
    // scipy: t = d̄ / sqrt((1/5 + 0.25) s²), 2 * t.sf(t, 4)
    expect(comparison.p_value).toBeCloseTo(0.294256368024427, 12)
    expect(comparison.ci95?.[0]).toBeCloseTo(-0.015625279994879736, 12)
    expect(comparison.ci95?.[1]).toBeCloseTo(0.039625279994879664, 12)
  })

  it('calls a smaller value better when minimising', () => {
    const comparison = compareChampion(evaluation(challenger, 'minimize'), evaluation(champion, 'minimize'), 0.25)
    expect(comparison).toMatchObject({ wins: 1, losses: 4, mean_difference: -0.012 })
  })

  it('has p = 1 for equal models', () => {
    const comparison = compareChampion(evaluation(champion), evaluation(champion), 0.25)
    expect(comparison).toMatchObject({ p_value: 1, ci95: [0, 0], ties: 5, mean_difference: 0 })
  })

  it.each([
    [evaluation(champion, 'maximize', 'other'), 'The champion was evaluated on other folds.'],
    [
      evaluation(champion, 'minimize'),
      'The champion\'s objective is minimize "validation:accuracy", this one is maximize "validation:accuracy".',
    ],
    [
      { objective: evaluation(champion).objective },
      "The champion's evaluation does not say on which folds it was made.",
    ],
    [evaluation([0.9]), 'Only 1 folds have a value in both evaluations.'],
  ])('does not compare what cannot be compared %#', (other, reason) => {
    const comparison = compareChampion(evaluation(challenger), other, 0.25)
    expect(comparison).toEqual({ comparable: false, reason, champion_mean: other.objective.mean })
  })
})
