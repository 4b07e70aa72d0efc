import { readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { combineLabels } from '../../../processing/split/combine-labels.ts'
import { strategies } from '../../../processing/split/strategies/strategies.ts'
import type { StrategyName } from '../../../schemas/split-names.ts'
import { encodeColumn } from './encode-column.ts'
import { bySklearnName, foldsOf } from './sklearn-case.ts'
import { removeCases, splitCase } from './split-case.ts'

afterEach(removeCases)

interface MultiLabelCase {
  readonly class: string
  readonly params: { readonly n_splits?: number; readonly test_size?: number; readonly random_state?: number }
  readonly n: number
  readonly y: readonly (readonly (number | string)[])[]
  readonly splits?: readonly (readonly [readonly number[], readonly number[]])[]
  readonly error?: string
  readonly warnings: readonly string[]
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../fixtures/split/multi_label.json', import.meta.url), 'utf8'),
) as { cases: MultiLabelCase[] }

test.each(cases.map((known, i) => [known.class, i, known] as const))(
  '%s takes several label columns as scikit-learn does (%i)',
  (name, _, { params, n, y, splits, error, warnings }) => {
    const strategy: StrategyName =
      name === 'train_test_split' ? 'stratified-train-test-split' : (bySklearnName.get(name) as StrategyName)
    const label = combineLabels((y[0] ?? []).map((_value, i) => encodeColumn(y.map(row => row[i] as string))))
    const groups = encodeColumn(Array.from({ length: n }, (_value, i) => i >> 1))
    const plan = () =>
      strategies[strategy].plan(
        { count: n, columns: { label, groups } },
        {
          strategy,
          k: params.n_splits ?? 1,
          shuffle: false,
          format: 'csv',
          header: false,
          layout: 'copy',
          ...(params.random_state !== undefined && { seed: params.random_state }),
          ...(params.test_size !== undefined && { testSize: params.test_size }),
        },
      )
    if (error === undefined) {
      const made = plan()
      expect(foldsOf(made)).toEqual(splits)
      expect(made.warnings).toEqual(warnings)
    } else expect(plan).toThrow(error)
  },
)

test('label sets are counted as classes, and the labels by number', async () => {
  const rows = Array.from({ length: 24 }, (_, i) => `${i},${i % 2},${(i >> 1) % 2}\n`)
  const options = {
    strategy: 'stratified-shuffle-split',
    k: 2,
    seed: 1,
    header: true,
    labels: 'cat,dog',
    testSize: 0.5,
  } as const
  const { report } = await splitCase({ 'd.csv': `id,cat,dog\n${rows.join('')}` }, options)
  expect(report.classes).toEqual({ '0 0': 6, '1 0': 6, '0 1': 6, '1 1': 6 })
  expect(report.folds[0]?.validation.classes).toEqual({ '0 0': 3, '1 0': 3, '0 1': 3, '1 1': 3 })
  expect(report.hyperparameters['num_classes']).toBe('2')
  expect(report.label).toBe('cat,dog')
})
