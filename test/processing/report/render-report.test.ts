import { describe, expect, it } from 'vitest'
import { aggregateFolds } from '../../../processing/report/aggregate-folds.ts'
import { linearAxis } from '../../../processing/report/axis.ts'
import { quantile } from '../../../processing/report/fold-plot.ts'
import { formatBytes, formatCount, formatNumber } from '../../../processing/report/format-number.ts'
import { renderReport } from '../../../processing/report/render-report.ts'
import type { AggregateOptions } from '../../../schemas/aggregate-options.ts'
import { foldReport } from './fold-report.ts'
import fc from 'fast-check'

const options: AggregateOptions = { k: 5, objective: 'validation:accuracy', direction: 'maximize', source: 'metric' }

async function page(values: readonly number[], report = foldReport(), objective = options.objective) {
  const environment = { FOLD_OBJECTIVES_0: values.map(value => Math.fround(value)).join(',') }
  const { evaluation } = await aggregateFolds(
    { ...options, objective, k: values.length },
    { foldReport: report, models: '', environment },
  )
  return renderReport(evaluation, report)
}

const iris = [1, 1, 29 / 30, 29 / 30, 29 / 30]

describe('renderReport', () => {
  it('is one page that needs nothing from elsewhere and no script', async () => {
    const html = await page(iris)
    expect(html).toMatch(/^<!doctype html>/)
    expect(html).not.toMatch(/<script|<link|<img|@import|url\(|https?:/)
    expect(html).toContain('prefers-color-scheme: dark')
    expect(html).toContain('@media print')
  })

  it('shows objective, folds, records, classes, split, certificate and calculation', async () => {
    const html = await page(iris)
    expect(html).toContain('<h1>validation:accuracy &#x3D; 0.9800 ± 0.0163</h1>'.replace('&#x3D;', '='))
    for (const text of [
      '0.9666666388511658',
      'setosa',
      'kfold',
      'c'.repeat(64),
      'a'.repeat(64),
      'iris.csv',
      '1.00',
      'Nadeau',
    ]) {
      expect(html).toContain(text)
    }
    expect(html.match(/<circle class="dot"/g)).toHaveLength(5)
    expect(html.match(/class="marker">worst/g)).toHaveLength(1)
  })

  it('escapes what comes from the data', async () => {
    const report = foldReport()
    const evil = '<img src=x onerror=alert(1)>'
    const html = await page(
      iris,
      {
        ...report,
        label: evil,
        warnings: [evil],
        inputs: report.inputs.map(input => ({ ...input, name: evil })),
        classes: { [evil]: 3 },
      },
      evil,
    )
    expect(html).not.toContain('<img')
    expect(html).toContain('&lt;img')
  })

  it('gives the same bytes for the same numbers', async () => {
    expect(await page(iris)).toBe(await page(iris))
  })

  it('draws equal values, two folds and a hundred folds without a number that is none', async () => {
    const hundred = Array.from({ length: 10 }, (_, index) => index / 10)
    for (const values of [[0.9, 0.9, 0.9, 0.9, 0.9], [1, 0], [0, 0], hundred, [-1e9, 1e9], [1e-9, 2e-9]]) {
      const html = await page(values, foldReport(values.map(() => 7)))
      expect(html).not.toMatch(/NaN|Infinity|undefined|null/)
    }
  })
})

describe('the drawing', () => {
  it('has ticks on round numbers, inside the axis, around all values', () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), values => {
        const axis = linearAxis(values, 0, 100)
        expect(axis.ticks.length).toBeGreaterThanOrEqual(2)
        expect(axis.ticks.length).toBeLessThanOrEqual(14)
        for (const entry of values) {
          expect(axis.at(entry)).toBeGreaterThanOrEqual(-1e-3)
          expect(axis.at(entry)).toBeLessThanOrEqual(100 + 1e-3)
        }
      }),
    )
    expect(linearAxis([0.9333, 1.008], 0, 100).ticks.map(tick => tick.label)).toEqual([
      '0.92',
      '0.94',
      '0.96',
      '0.98',
      '1.00',
      '1.02',
    ])
  })

  it("has numpy's quartiles", () => {
    expect([0.25, 0.5, 0.75].map(share => quantile([1, 2, 3, 4], share))).toEqual([1.75, 2.5, 3.25])
  })

  it('writes numbers for people', () => {
    expect(formatNumber(-0.5, 2)).toBe('−0.50')
    expect(formatNumber(0.0000123, 4)).toBe('1.230e−5')
    expect(formatCount(1234567)).toBe('1,234,567')
    expect([formatBytes(2758), formatBytes(12), formatBytes(5.2e9)]).toEqual(['2.76 KB', '12 bytes', '5.20 GB'])
  })
})
