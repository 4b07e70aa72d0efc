import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aggregations, coalitions, rankingGain, shapleyValues } from '../../../../local/jobs/checks/kernel-shap.ts'

type Model = (row: readonly number[]) => number

const explained = (model: Model, row: readonly number[], baseline: readonly number[], samples = 4096): number[] => {
  const known = coalitions(row.length, samples, 7)
  const predictions = known.map(({ present }) =>
    model(row.map((value, index) => (present[index] ? value : (baseline[index] as number)))),
  )
  return shapleyValues(known, predictions, { empty: model(baseline), full: model(row), features: row.length })
}

/** Shapley's own formula: the mean of what a feature adds over all orders. */
function exact(model: Model, row: readonly number[], baseline: readonly number[]): number[] {
  const orders = (left: readonly number[]): number[][] =>
    left.length === 0
      ? [[]]
      : left.flatMap(one => orders(left.filter(other => other !== one)).map(rest => [one, ...rest]))
  const all = orders([...row.keys()])
  const sums = row.map(() => 0)
  for (const order of all) {
    const now = [...baseline]
    let last = model(now)
    for (const index of order) {
      now[index] = row[index] as number
      const next = model(now)
      sums[index] = (sums[index] as number) + next - last
      last = next
    }
  }
  return sums.map(sum => sum / all.length)
}

const numbers = (length: number) =>
  fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: length, maxLength: length })

test('a linear model gives each feature its weight times its distance from the baseline, also with drawn coalitions', () => {
  fc.assert(
    fc.property(fc.tuple(numbers(6), numbers(6), numbers(6)), ([weights, row, baseline]) => {
      const model: Model = values => values.reduce((sum, value, index) => sum + value * (weights[index] as number), 3)
      for (const samples of [4096, 40]) {
        const found = explained(model, row, baseline, samples)
        for (const [index, value] of found.entries())
          expect(value).toBeCloseTo(
            (weights[index] as number) * ((row[index] as number) - (baseline[index] as number)),
            6,
          )
      }
    }),
    { numRuns: 50 },
  )
})

test('with all coalitions the values are those of the definition by orders, for a model with interactions', () => {
  const model: Model = ([a = 0, b = 0, c = 0, d = 0]) => a * b + Math.max(c, d) - a * c * d
  fc.assert(
    fc.property(fc.tuple(numbers(4), numbers(4)), ([row, baseline]) => {
      const found = explained(model, row, baseline)
      for (const [index, value] of exact(model, row, baseline).entries()) expect(found[index]).toBeCloseTo(value, 6)
    }),
    { numRuns: 50 },
  )
})

test('the values sum up to the prediction minus the baseline, whatever the model and however few coalitions', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 2, max: 60 }),
      numbers(12),
      (features, samples, seeds) => {
        const model: Model = values =>
          values.reduce((sum, value, index) => sum * 0.7 + Math.sin(value * ((seeds[index] as number) + 1)), 1)
        const row = Array.from({ length: features }, (_, index) => index + 1)
        const baseline = row.map(() => 0)
        const sum = explained(model, row, baseline, samples).reduce((total, value) => total + value, 0)
        expect(sum).toBeCloseTo(model(row) - model(baseline), 8)
      },
    ),
  )
})

test('drawn coalitions come with their complements and are the same for the same seed', () => {
  const drawn = coalitions(30, 200, 5)
  expect(drawn).toEqual(coalitions(30, 200, 5))
  expect(drawn).not.toEqual(coalitions(30, 200, 6))
  expect(drawn.reduce((sum, { weight }) => sum + weight, 0)).toBe(200)
  const keys = new Set(drawn.map(({ present }) => present.map(Number).join('')))
  for (const { present } of drawn) expect(keys.has(present.map(one => Number(!one)).join(''))).toBe(true)
})

test('attributions are aggregated as agg_method says', () => {
  expect(aggregations.mean_abs([-1, 2, 3])).toBe(2)
  expect(aggregations.mean_sq([-1, 2, 3])).toBeCloseTo(14 / 3, 12)
  expect(aggregations.median([5, -1, 2])).toBe(2)
  expect(aggregations.median([5, -1, 2, 3])).toBe(2.5)
})

test('the gain of a ranking is 1 for the same order and less for another, by hand', () => {
  const baseline = { a: 3, b: 2, c: 1 }
  expect(rankingGain(baseline, { a: 9, b: 8, c: 7 })).toBe(1)
  const best = 3 + 2 / Math.log2(3) + 1 / 2
  expect(rankingGain(baseline, { a: 1, b: 2, c: 3 })).toBeCloseTo((1 + 2 / Math.log2(3) + 3 / 2) / best, 12)
})
