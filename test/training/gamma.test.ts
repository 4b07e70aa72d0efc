import { describe, expect, it } from 'vitest'
import { resolveGamma } from '../../training/gamma.ts'
import { irisRecords } from './iris.ts'

describe('resolveGamma', () => {
  it('is 1 / features for auto and the number itself for a number', () => {
    expect(resolveGamma('auto', [[1, 2, 3, 4]])).toBe(0.25)
    expect(resolveGamma(0.1, [[1, 2]])).toBe(0.1)
  })

  it("equals scikit-learn's scale on Iris to the last bit", () => {
    const rows = irisRecords.map(record => record.split(',').slice(0, 4).map(Number))
    expect(resolveGamma('scale', rows)).toBe(0.06416744863614975)
    expect(resolveGamma('scale', rows.slice(0, 1))).toBe(0.07017543859649125)
    expect(resolveGamma('scale', rows.slice(0, 33))).toBe(0.07268606029538974)
  })

  it('is 1 for scale when the data do not vary, as in scikit-learn', () => {
    expect(
      resolveGamma('scale', [
        [2, 2],
        [2, 2],
      ]),
    ).toBe(1)
  })
})
