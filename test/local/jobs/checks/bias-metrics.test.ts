import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  measureBias,
  type Outcome,
  postTrainingMetrics,
  preTrainingMetrics,
} from '../../../../local/jobs/checks/bias-metrics.ts'

const names = (metrics: object): string[] => Object.keys(metrics)
const before = (records: readonly Outcome[]): Record<string, unknown> =>
  Object.fromEntries(
    measureBias(preTrainingMetrics, names(preTrainingMetrics), records).map(({ name, value }) => [name, value]),
  )
const after = (records: readonly Outcome[], features?: number[][]): Record<string, unknown> =>
  Object.fromEntries(
    measureBias(postTrainingMetrics, names(postTrainingMetrics), records, features).map(({ name, value }) => [
      name,
      value,
    ]),
  )
const times = (count: number, record: Outcome): Outcome[] => Array.from({ length: count }, () => record)

/** 6 of the others, 4 of them positive; 4 sensitive, 1 of them positive. */
const records = [
  ...times(3, { sensitive: false, positive: true, predicted: true, group: 'x' }),
  ...times(1, { sensitive: false, positive: true, predicted: false, group: 'x' }),
  ...times(2, { sensitive: false, positive: false, predicted: false, group: 'y' }),
  ...times(1, { sensitive: true, positive: true, predicted: true, group: 'x' }),
  ...times(1, { sensitive: true, positive: false, predicted: true, group: 'y' }),
  ...times(2, { sensitive: true, positive: false, predicted: false, group: 'y' }),
]

describe('the metrics of ten records, by hand', () => {
  test('before the training', () => {
    const [a, d] = [4 / 6, 1 / 4]
    const kl = (p: number, q: number): number => p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q))
    const found = before(records)
    expect(found['CI']).toBeCloseTo((6 - 4) / 10, 12)
    expect(found['DPL']).toBeCloseTo(a - d, 12)
    expect(found['KL']).toBeCloseTo(kl(a, d), 12)
    expect(found['JS']).toBeCloseTo((kl(a, (a + d) / 2) + kl(d, (a + d) / 2)) / 2, 12)
    expect(found['LP']).toBeCloseTo(Math.SQRT2 * (a - d), 12)
    expect(found['TVD']).toBeCloseTo(a - d, 12)
    expect(found['KS']).toBeCloseTo(a - d, 12)
    // Group x: 5 accepted, 1 of them sensitive, none rejected. Group y: 5 rejected, 3 of them sensitive, none accepted.
    expect(found['CDDL']).toBeCloseTo((5 * (0 - 1 / 5) + 5 * (3 / 5 - 0)) / 10, 12)
  })

  test('after the training', () => {
    const found = after(records)
    expect(found['DPPL']).toBeCloseTo(3 / 6 - 2 / 4, 12)
    expect(found['DI']).toBeCloseTo(1, 12)
    expect(found['AD']).toBeCloseTo(5 / 6 - 3 / 4, 12)
    expect(found['RD']).toBeCloseTo(3 / 4 - 1 / 1, 12)
    expect(found['SD']).toBeCloseTo(2 / 3 - 2 / 2, 12)
    expect(found['DCA']).toBeCloseTo(4 / 3 - 1 / 2, 12)
    expect(found['DCR']).toBeCloseTo(3 / 2 - 2 / 3, 12)
    expect(found['DAR']).toBeCloseTo(3 / 3 - 1 / 2, 12)
    expect(found['DRR']).toBeCloseTo(2 / 2 - 2 / 3, 12)
    expect(found['TE']).toBe('-Infinity')
    // Benefits: one 0, one 2, eight 1; mean 1.
    expect(found['GE']).toBeCloseTo((0 - 1 + (4 - 1)) / 20, 12)
  })
})

test('60 records have the metrics that the open-source library of SageMaker Clarify (smclarify 0.5) gives for them', () => {
  const oracle = JSON.parse(readFileSync('test/fixtures/local/bias-oracle.json', 'utf8')) as {
    records: [number, number, number, string, number, number][]
    metrics: Record<string, number>
  }
  const outcomes = oracle.records.map(([sensitive, positive, predicted, group]) => ({
    sensitive: sensitive === 1,
    positive: positive === 1,
    predicted: predicted === 1,
    group,
  }))
  const found = {
    ...before(outcomes),
    ...after(
      outcomes,
      oracle.records.map(([, , , , one, other]) => [one, other]),
    ),
  }
  expect(names(found).toSorted()).toEqual(names(oracle.metrics).toSorted())
  for (const [name, value] of Object.entries(oracle.metrics)) expect(found[name], name).toBeCloseTo(value, 10)
})

test('a metric that cannot be computed is null with the reason', () => {
  const one = measureBias(preTrainingMetrics, ['CI', 'CDDL'], times(3, { sensitive: true, positive: true }))
  expect(one).toEqual([
    { name: 'CDDL', description: expect.any(String), value: null, error: 'Negated Facet set is empty' },
    { name: 'CI', description: expect.any(String), value: null, error: 'Negated Facet set is empty' },
  ])
  expect(measureBias(preTrainingMetrics, ['CI'], [])[0]).toMatchObject({ value: null, error: 'Facet set is empty' })
  expect(
    before([...times(2, { sensitive: true, positive: true }), { sensitive: false, positive: false }]),
  ).toMatchObject({ KL: null, JS: null, CDDL: null, CI: -1 / 3 })
  expect(after(records)['FT']).toBeNull()
})

test('groups with the same outcomes have no bias, and exchanging the groups turns the differences round', () => {
  const outcome = fc.record({ positive: fc.boolean(), predicted: fc.boolean() })
  fc.assert(
    fc.property(fc.array(outcome, { minLength: 1, maxLength: 30 }), list => {
      const both = list.flatMap(one => [
        { ...one, sensitive: true, group: 'g' },
        { ...one, sensitive: false, group: 'g' },
      ])
      const found = { ...before(both), ...after(both) }
      for (const name of [
        'CI',
        'DPL',
        'KL',
        'JS',
        'LP',
        'TVD',
        'KS',
        'DPPL',
        'AD',
        'RD',
        'SD',
        'DCA',
        'DCR',
        'DAR',
        'DRR',
        'TE',
      ])
        expect(found[name], name).toBeCloseTo(0, 10)
    }),
  )
  fc.assert(
    fc.property(
      fc.array(fc.record({ sensitive: fc.boolean(), positive: fc.boolean(), predicted: fc.boolean() })),
      list => {
        const turned = list.map(one => ({ ...one, sensitive: !one.sensitive }))
        const [one, other] = [
          { ...before(list), ...after(list) },
          { ...before(turned), ...after(turned) },
        ]
        for (const name of ['CI', 'DPL', 'DPPL', 'AD', 'RD', 'SD', 'DCA', 'DCR', 'DAR', 'DRR', 'TE']) {
          if (one[name] === null) expect(other[name]).toBeNull()
          else expect(Number(one[name]) + Number(other[name]) || 0, name).toBeCloseTo(0, 9)
        }
      },
    ),
  )
})
