import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SplitOptions } from '../../../schemas/split-options.ts'
import { strategies } from '../../../processing/split/strategies/strategies.ts'
import { cellsOf } from '../../../processing/split/strategies/strategy.ts'
import type { SplitPlan, Strategy } from '../../../processing/split/strategies/strategy.ts'
import { encodeColumn } from './encode-column.ts'

interface Case {
  name: string
  class: string
  params: Record<string, number | boolean>
  n: number
  y?: (number | string)[]
  groups?: number[]
  splits?: [number[], number[]][]
  error?: string
  warnings?: string[]
}

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/split/${name}`, import.meta.url), 'utf8')
const { cases } = JSON.parse(fixture('splits.json')) as { cases: Case[] }
const bySklearnName = new Map(
  Object.entries(strategies).map(([name, strategy]) => [
    (strategy as Strategy).sklearn,
    name as keyof typeof strategies,
  ]),
)

function planOf(
  strategy: keyof typeof strategies,
  options: Partial<SplitOptions>,
  n: number,
  label?: readonly (number | string)[],
  groups?: readonly (number | string)[],
): SplitPlan {
  return (strategies[strategy] as Strategy).plan(
    { count: n, label: label ? encodeColumn(label) : null, group: groups ? encodeColumn(groups) : null },
    { strategy, k: 2, shuffle: false, format: 'csv', header: false, layout: 'copy', ...options },
  )
}

/** Training and validation records of every fold, ascending. */
function foldsOf(plan: SplitPlan): [number[], number[]][] {
  return [...plan.rounds].flatMap(({ folds, cells, cellOf }) =>
    folds.map(({ train, validation }): [number[], number[]] => {
      const members = (set: typeof train) => {
        const wanted = new Set(cellsOf(set, cells))
        return [...cellOf.keys()].filter(record => wanted.has(cellOf[record] as number))
      }
      return [members(train), members(validation)]
    }),
  )
}

function messageOf(run: () => unknown): string | null {
  try {
    run()
    return null
  } catch (error) {
    return (error as Error).message
  }
}

const applicable = cases.filter(({ class: name }) => bySklearnName.has(name))

test('the strategies stand for classes of scikit-learn that the vectors know', () => {
  expect(new Set(applicable.map(({ class: name }) => name)).size).toBe(
    [...bySklearnName.keys()].filter(name => name !== null && cases.some(({ class: known }) => known === name)).length,
  )
  expect(applicable.length).toBeGreaterThanOrEqual(16)
})

describe("scikit-learn's own cases", () => {
  test.each(applicable)('$name', ({ class: name, params, n, y, groups, splits, error, warnings }) => {
    const { n_splits, random_state, shuffle } = params
    const options: Partial<SplitOptions> = {
      k: Number(n_splits),
      shuffle: shuffle === true,
      ...(random_state === undefined ? {} : { seed: Number(random_state) }),
    }
    const run = () => planOf(bySklearnName.get(name) as keyof typeof strategies, options, n, y, groups)
    if (error !== undefined) return expect(messageOf(run)).toBe(error.replace('ValueError: ', ''))
    const plan = run()
    const sorted = splits?.map(sides => sides.map(side => side.toSorted((a, b) => a - b)))
    expect(foldsOf(plan)).toEqual(sorted)
    expect(plan.warnings).toEqual(warnings ?? [])
  })
})

describe('iris with KFold, shuffled with seed 23', () => {
  const { folds } = JSON.parse(fixture('iris_kfold_23.json')) as { folds: Record<string, { test: number[] }[]> }
  test.each(Object.entries(folds))('gives the validation records of scikit-learn for k = %s', (k, expected) => {
    const plan = planOf('kfold', { k: Number(k), shuffle: true, seed: 23 }, 150)
    expect(foldsOf(plan).map(([, validation]) => validation)).toEqual(expected.map(({ test }) => test))
  })
})

describe('whatever the records', () => {
  const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 })

  test('K folds are a partition whose sizes differ by at most one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 300 }),
        fc.integer({ min: 0, max: 3000 }),
        seeds,
        fc.boolean(),
        (k, more, seed, shuffle) => {
          const n = k + more
          const [round] = [...planOf('kfold', { k, shuffle, ...(shuffle ? { seed } : {}) }, n).rounds]
          const sizes = Array.from({ length: k }, () => 0)
          for (const cell of round?.cellOf ?? []) sizes[cell] = (sizes[cell] as number) + 1
          expect(round?.cellOf.length).toBe(n)
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
        },
      ),
    )
  })

  test('stratified folds differ by at most one in every class and in their size', () => {
    const labels = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 20, maxLength: 400 })
    fc.assert(
      fc.property(labels, fc.integer({ min: 2, max: 4 }), seeds, fc.boolean(), (y, k, seed, shuffle) => {
        const plan = planOf('stratified-kfold', { k, shuffle, ...(shuffle ? { seed } : {}) }, y.length, y)
        const validations = foldsOf(plan).map(([, validation]) => validation)
        expect(validations.flat().sort((a, b) => a - b)).toEqual([...y.keys()])
        for (const of of [() => true, ...new Set(y)].map(c =>
          typeof c === 'number' ? (i: number) => y[i] === c : c,
        )) {
          const counts = validations.map(validation => validation.filter(of).length)
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  test('the same seed gives the same folds and another seed gives others', () => {
    const cells = (seed: number) =>
      [...planOf('kfold', { k: 5, shuffle: true, seed }, 1000).rounds].map(({ cellOf }) => [...cellOf])
    expect(cells(7)).toEqual(cells(7))
    expect(cells(7)).not.toEqual(cells(8))
  })
})
