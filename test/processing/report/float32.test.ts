import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { repairFloat32 } from '../../../processing/report/float32.ts'
import { mean } from '../../../processing/report/statistics.ts'

/** How the service may write a float32: every digit of it, or the fewest that tell it apart. */
const spellings = (value: number) => [Math.fround(value), Number(Math.fround(value).toPrecision(9))]

describe('repairFloat32', () => {
  it('finds the proportion of the records again', () => {
    for (const spelling of spellings(29 / 30)) expect(repairFloat32(spelling, 30)).toBe(29 / 30)
    expect(repairFloat32(0.9666666388511658, 30)).toBe(29 / 30)
    expect(repairFloat32(1, 30)).toBe(1)
    expect(repairFloat32(0, 30)).toBe(0)
  })

  it('gives a mean of 0.98 for 30, 30, 29, 29, 29 of 30 as float32, so that a baseline of 0.98 passes', () => {
    const reported = [30, 30, 29, 29, 29].map(correct => Math.fround(correct / 30))
    expect(mean(reported)).toBeLessThan(0.98)
    expect(mean(reported.map(value => repairFloat32(value, 30)))).toBe(0.98)
  })

  it('takes the shortest decimal for what is no proportion of the records', () => {
    expect(repairFloat32(0.9800000190734863, 30)).toBe(0.98)
    expect(repairFloat32(58.79000091552734)).toBe(58.79)
    expect(repairFloat32(-1.100000023841858, 7)).toBe(-1.1)
  })

  it('leaves alone what never was a float32', () => {
    expect(repairFloat32(0.123456789012345, 30)).toBe(0.123456789012345)
    expect(repairFloat32(1e300, 30)).toBe(1e300)
    expect(repairFloat32(Number.NaN, 30)).toBeNaN()
  })

  it('never moves a value by more than the rounding to float32', () => {
    const value = fc.oneof(
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    )
    fc.assert(
      fc.property(value, fc.option(fc.integer({ min: 1, max: 1e9 }), { nil: undefined }), (reported, records) => {
        const repaired = repairFloat32(reported, records)
        expect(repaired === reported || Math.fround(repaired) === Math.fround(reported)).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })

  it('restores every proportion of up to 100,000 records', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }).chain(n => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n))),
        ([count, n]) => {
          for (const spelling of spellings(count / n)) expect(repairFloat32(spelling, n)).toBe(count / n)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
