import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compensatedSum,
  correctedStandardError,
  mean,
  populationStd,
  sampleStd,
  summarize,
  tInterval,
  weightedMean,
} from '../../../processing/report/statistics.ts'

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true })

describe('summarize', () => {
  it('gives equal values exactly their own mean and no spread, whatever their digits', () => {
    for (const value of [29 / 30, 0.1, 1 / 3, 1e300]) {
      expect(summarize([value, value, value, value, value])).toMatchObject({
        mean: value,
        std: 0,
        sem: 0,
        ci95: [value, value],
      })
    }
  })

  it('gives the numbers of scikit-learn and numpy for Iris, linear kernel, 5 folds', () => {
    const summary = summarize([1, 1, 29 / 30, 29 / 30, 29 / 30])
    expect(summary.mean).toBe(0.98)
    expect(summary.std).toBeCloseTo(0.01632993161855454, 16)
    expect(summary.std_sample).toBeCloseTo(0.01825741858350555, 16)
    expect(summary.sem).toBeCloseTo(0.008164965809277268, 16)
    expect([summary.min, summary.max]).toEqual([29 / 30, 1])
    // scipy.stats.t.interval(0.95, 4, loc=0.98, scale=sem)
    expect(summary.ci95[0]).toBeCloseTo(0.9573304206447248, 13)
    expect(summary.ci95[1]).toBeCloseTo(1.0026695793552751, 13)
  })

  it('has no spread for equal values and for one value', () => {
    for (const values of [[0.9, 0.9, 0.9], [0.9]]) {
      expect(summarize(values)).toEqual({
        mean: 0.9,
        std: 0,
        std_sample: 0,
        sem: 0,
        min: 0.9,
        max: 0.9,
        ci95: [0.9, 0.9],
      })
    }
  })

  it('keeps the mean between the extremes and in the middle of its interval', () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 2, maxLength: 50 }), values => {
        const summary = summarize(values)
        const slack = 1e-14 * Math.max(...values.map(Math.abs))
        expect(summary.mean).toBeGreaterThanOrEqual(summary.min - slack)
        expect(summary.mean).toBeLessThanOrEqual(summary.max + slack)
        expect((summary.ci95[0] + summary.ci95[1]) / 2).toBeCloseTo(summary.mean, 5)
        expect(summary.std).toBeLessThanOrEqual(summary.std_sample)
      }),
    )
  })
})

describe('mean', () => {
  it('does not lose what naive summation loses', () => {
    expect(compensatedSum([1, 1e100, 1, -1e100])).toBe(2)
    expect([0.1, 0.2, 0.3].reduce((sum, value) => sum + value, 0)).not.toBe(0.6)
    expect(mean([0.1, 0.2, 0.3])).toBe(0.2)
  })

  it('is exactly the decimal that it is, so that a baseline equal to it passes', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 1000 })
          .chain(n =>
            fc.tuple(fc.constant(n), fc.array(fc.integer({ min: 0, max: n }), { minLength: 2, maxLength: 100 })),
          ),
        ([n, counts]) => {
          const total = counts.reduce((sum, count) => sum + count, 0)
          const exact = total / (n * counts.length)
          const found = mean(counts.map(count => count / n))
          expect(Math.abs(found - exact)).toBeLessThanOrEqual(1e-15)
          const decimal = Number(exact.toPrecision(12))
          if (Math.abs(decimal - exact) < 1e-16) expect(found).toBe(decimal)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('weights by records when asked', () => {
    expect(weightedMean([1, 0.5], [30, 10])).toBe(0.875)
    expect(weightedMean([0.3, 0.6], [1, 1])).toBe(mean([0.3, 0.6]))
  })
})

describe('deviations and intervals', () => {
  it('do not suffer from a large mean', () => {
    const values = [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]
    expect(populationStd(values) ** 2).toBeCloseTo(22.5, 10)
    expect(sampleStd(values) ** 2).toBeCloseTo(30, 10)
  })

  it('correct the standard error for overlapping training sets as Nadeau and Bengio do', () => {
    const values = [0.9, 0.92, 0.88, 0.94, 0.91]
    const variance = sampleStd(values) ** 2
    expect(correctedStandardError(values, 0.25)).toBeCloseTo(Math.sqrt((1 / 5 + 1 / 4) * variance), 15)
    expect(correctedStandardError(values, 0)).toBeCloseTo(Math.sqrt(variance / 5), 15)
  })

  it('collapse without degrees of freedom', () => {
    expect(tInterval(0.5, 0.1, 0)).toEqual([0.5, 0.5])
  })
})
