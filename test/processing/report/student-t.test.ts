import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { regularizedBeta, tQuantile, twoSidedP } from '../../../processing/report/student-t.ts'

// df, then scipy's t.ppf(0.975, df), 2*t.sf(2.1, df), 2*t.sf(0.01, df) and 2*t.sf(40, df), taken to 40 digits with mpmath,
// because scipy 1.10.1 itself is off by up to 2e-10 in its quantiles.
const exact = [
  [1, 12.706204736174705, 0.2829260562430179, 0.9936340144701835, 0.015912179824051628],
  [2, 4.302652729749464, 0.1705498691899675, 0.992929108958201, 0.0006244146721847406],
  [3, 3.1824463052837095, 0.12656520254968462, 0.992649111412852, 3.4380680789158526e-5],
  [4, 2.7764451051977943, 0.10365328631760219, 0.9925001562458986, 2.3340163226012686e-6],
  [9, 2.2621571627982053, 0.06511828241215205, 0.9922394455363253, 1.8982998449339825e-11],
  [29, 2.0452296421327043, 0.04454195803629046, 0.992089764803225, 6.346877329729348e-27],
  [99, 1.9842169515864174, 0.03827085131257127, 0.9920414112146796, 6.385085160287227e-63],
  [1000, 1.9623390808264085, 0.035978874310781964, 0.9920232819321873, 1.0478852155173361e-209],
  [0.5, 164.55767348048855, 0.43546927546601305, 0.9946067436361045, 0.10140979992949435],
  [2.5, 3.574654842003683, 0.14450244475484386, 0.9927639943579083, 0.00014195634290493383],
] as const

const near = (value: number, expected: number, relative: number) =>
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(relative * expected)

describe("Student's t", () => {
  it.each(exact)('is exact for %d degrees of freedom', (df, quantile, p2, p001, p40) => {
    near(tQuantile(0.95, df), quantile, 1e-12)
    near(twoSidedP(2.1, df), p2, 1e-12)
    near(twoSidedP(0.01, df), p001, 1e-12)
    near(twoSidedP(40, df), p40, 1e-11)
  })

  it('has quantiles that its distribution maps back', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.999, noNaN: true }),
        fc.integer({ min: 1, max: 500 }),
        (confidence, df) => {
          expect(1 - twoSidedP(tQuantile(confidence, df), df)).toBeCloseTo(confidence, 12)
        },
      ),
    )
  })

  it('is symmetric: I_x(a, b) = 1 - I_{1-x}(b, a)', () => {
    expect(regularizedBeta(0.5, 2, 2)).toBeCloseTo(0.5, 14)
    expect(regularizedBeta(0.3, 1, 1)).toBeCloseTo(0.3, 14)
    expect(regularizedBeta(0, 2, 3)).toBe(0)
    expect(regularizedBeta(1, 2, 3)).toBe(1)
  })
})
