import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type DataConstraints,
  dataStatistics,
  dataViolations,
  driftDistance,
  suggestDataConstraints,
} from '../../../../local/jobs/checks/data-quality.ts'
import { bucketsOf, cumulative, largestDistance, sketchOf } from '../../../../local/jobs/checks/kll-sketch.ts'
import type { Cell, Table } from '../../../../local/jobs/checks/table.ts'

const table: Table = {
  columns: ['count', 'size', 'kind', 'empty'],
  rows: [
    ['1', '1.5', 'a', null],
    ['2', '2.5', 'b', null],
    ['3', null, 'a', null],
    ['6', '-4', 'a', null],
  ],
}

test('statistics of four records, by hand', () => {
  const { dataset, features } = dataStatistics(table)
  expect(dataset).toEqual({ item_count: 4 })
  const [count, size, kind, empty] = features
  expect(count).toMatchObject({
    name: 'count',
    inferred_type: 'Integral',
    numerical_statistics: {
      common: { num_present: 4, num_missing: 0 },
      mean: 3,
      sum: 12,
      min: 1,
      max: 6,
      std_dev: Math.sqrt((4 + 1 + 0 + 9) / 4),
      distribution: { kll: { sketch: { parameters: { c: 0.64, k: 2048 }, data: [[1, 2, 3, 6]] } } },
    },
  })
  expect(count?.numerical_statistics?.distribution.kll.buckets).toHaveLength(10)
  expect(size).toMatchObject({
    inferred_type: 'Fractional',
    numerical_statistics: { common: { num_present: 3, num_missing: 1 }, mean: 0, min: -4 },
  })
  expect(kind).toEqual({
    name: 'kind',
    inferred_type: 'String',
    string_statistics: {
      common: { num_present: 4, num_missing: 0 },
      distinct_count: 2,
      distribution: {
        categorical: {
          buckets: [
            { value: 'a', count: 3 },
            { value: 'b', count: 1 },
          ],
        },
      },
    },
  })
  expect(empty?.inferred_type).toBe('Unknown')
})

test('suggested constraints say what holds for the data', () => {
  const { features, monitoring_config } = suggestDataConstraints(dataStatistics(table))
  expect(features).toEqual([
    { name: 'count', inferred_type: 'Integral', completeness: 1, num_constraints: { is_non_negative: true } },
    { name: 'size', inferred_type: 'Fractional', completeness: 0.75, num_constraints: { is_non_negative: false } },
    { name: 'kind', inferred_type: 'String', completeness: 1, string_constraints: { domains: ['a', 'b'] } },
    { name: 'empty', inferred_type: 'Unknown', completeness: 0 },
  ])
  expect(monitoring_config?.distribution_constraints).toEqual({
    perform_comparison: 'Enabled',
    comparison_threshold: 0.1,
    comparison_method: 'Robust',
  })
})

const violations = (now: Table, before: Table = table, config: object = {}) => {
  const statistics = dataStatistics(before)
  const suggested = suggestDataConstraints(statistics)
  const constraints = {
    ...suggested,
    monitoring_config: { ...suggested.monitoring_config, ...config },
  } as DataConstraints
  return dataViolations(now, dataStatistics(now), { constraints, statistics }).map(
    ({ feature_name, constraint_check_type }) => `${feature_name} ${constraint_check_type}`,
  )
}

test('any data hold the constraints that were suggested for them', () => {
  const cell: fc.Arbitrary<Cell> = fc.oneof(
    fc.constant(null),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string(),
    fc.boolean(),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 40 }), rows => {
      expect(violations({ columns: ['x', 'y'], rows }, { columns: ['x', 'y'], rows })).toEqual([])
    }),
  )
})

test('5.7.6: each kind of violation is found', () => {
  expect(
    violations({
      columns: ['count', 'kind', 'empty', 'new'],
      rows: [
        ['1.5', 'a', null, '1'],
        [null, 'c', null, '1'],
      ],
    }),
  ).toEqual([
    'count data_type_check',
    'count completeness_check',
    'size missing_column_check',
    'kind categorical_values_check',
    'new extra_column_check',
  ])
})

test('a distribution that has moved is drift, a small sample of the same one is not', () => {
  const of = (values: readonly number[]): Table => ({ columns: ['x'], rows: values.map(value => [value]) })
  const range = (from: number, length: number): number[] => Array.from({ length }, (_, index) => from + (index % 1000))
  expect(violations(of(range(0, 3000)), of(range(300, 3000)))).toEqual(['x baseline_drift_check'])
  expect(violations(of(range(0, 3000)), of(range(0, 3000)))).toEqual([])
  expect(violations(of([0, 999]), of(range(0, 3000)))).toEqual([])
  expect(violations(of([0, 999]), of(range(0, 3000)), { evaluate_constraints: 'Disabled' })).toEqual([])
})

test('the distance of texts is the largest difference of a value’s share, and Robust takes the sample’s size into account', () => {
  const of = (values: readonly string[]) =>
    dataStatistics({ columns: ['x'], rows: values.map(value => [value]) }).features[0]
  const [one, other] = [of(['a', 'a', 'a', 'b']), of(['a', 'b', 'b', 'c'])]
  expect(driftDistance(one!, other!, 'Simple')).toBeCloseTo(0.5, 12)
  expect(driftDistance(one!, other!, 'Robust')).toBe(0)
  const [many, others] = [of(Array.from({ length: 5000 }, () => 'a')), of(Array.from({ length: 5000 }, () => 'b'))]
  expect(driftDistance(many!, others!, 'Robust')).toBeCloseTo(1 - 1.8 * Math.sqrt(2 / 5000), 12)
})

test('a sketch of few values holds them all, of many it keeps every share within one percent in little room', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 300 }),
      values => {
        const points = cumulative(sketchOf(values))
        const sorted = values.toSorted((a, b) => a - b)
        for (const { value, share } of points)
          expect(share).toBeCloseTo(sorted.filter(one => one <= value).length / sorted.length, 10)
        expect(points).toHaveLength(new Set(values.map(value => (value === 0 ? 0 : value))).size)
      },
    ),
  )
  const size = 200_000
  const values = Array.from({ length: size }, (_, index) => (index * 7919) % size)
  const sketch = sketchOf(values)
  expect(sketch.data.flat().length).toBeLessThan(8000)
  expect(sketch.data.reduce((sum, level, height) => sum + level.length * 2 ** height, 0)).toBe(size)
  for (const { value, share } of cumulative(sketch)) expect(Math.abs(share - (value + 1) / size)).toBeLessThan(0.01)
  expect(largestDistance(sketch, sketchOf(values.map(value => value + size / 2)))).toBeCloseTo(0.5, 1)
  const counts = bucketsOf(sketch, { min: 0, max: size - 1, count: size }) as { count: number }[]
  for (const { count } of counts) expect(Math.abs(count - size / 10)).toBeLessThan(size / 100)
})
