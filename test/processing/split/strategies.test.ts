import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bySklearnName, foldsOf, ourOutcome, planOf } from './sklearn-case.ts'
import type { SklearnCase } from './sklearn-case.ts'

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/split/${name}`, import.meta.url), 'utf8')
const { cases } = JSON.parse(fixture('splits.json')) as { cases: (SklearnCase & { name: string })[] }

describe("scikit-learn's own cases", () => {
  test('are 39, and every class in them is one of ours', () => {
    expect(cases).toHaveLength(39)
    for (const { class: name } of cases) expect([...bySklearnName.keys()]).toContain(name)
  })

  test.each(cases)('$name', known => {
    const { splits, error, warnings } = known
    const ascending = (side: readonly number[]) => side.toSorted((a, b) => a - b)
    expect(ourOutcome(known)).toEqual(
      error === undefined
        ? {
            splits: splits?.map(([train, validation]) => [ascending(train), ascending(validation)]),
            warnings: warnings ?? [],
          }
        : { error: error.replace('ValueError: ', ''), warnings: [] },
    )
  })
})

test.each((JSON.parse(fixture('group_kfold_shuffle.json')) as { cases: SklearnCase[] }).cases)(
  'GroupKFold shuffles as scikit-learn 1.9 does: $n records, $params',
  known => expect(ourOutcome(known)).toEqual({ splits: known.splits, warnings: [] }),
)

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
        const plan = planOf('stratified-kfold', { k, shuffle, ...(shuffle ? { seed } : {}) }, y.length, { label: y })
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
