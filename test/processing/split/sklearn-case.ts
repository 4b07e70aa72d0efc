import type { SplitOptions } from '../../../schemas/split-options.ts'
import { strategies } from '../../../processing/split/strategies/strategies.ts'
import { cellsOf } from '../../../processing/split/strategies/strategy.ts'
import type { SplitPlan, Strategy } from '../../../processing/split/strategies/strategy.ts'
import { encodeColumn } from './encode-column.ts'

type Values = readonly (number | string)[]

/** A call of a splitter of scikit-learn, and what came of it. */
export interface SklearnCase {
  readonly name?: string
  readonly class: string
  readonly params: Readonly<Record<string, number | boolean | readonly number[]>>
  readonly n: number
  readonly y?: Values
  readonly groups?: Values
  /** Training and validation records of every split. */
  readonly splits?: readonly (readonly [readonly number[], readonly number[]])[]
  readonly error?: string
  readonly warnings?: readonly string[]
}

export interface Outcome {
  readonly splits?: readonly (readonly [readonly number[], readonly number[]])[]
  readonly error?: string
  readonly warnings: readonly string[]
}

/** Our strategies by the class of scikit-learn that they stand for. */
export const bySklearnName = new Map(
  Object.entries<Strategy>(strategies).map(([name, strategy]) => [strategy.sklearn, name as keyof typeof strategies]),
)

const ourName: Readonly<Record<string, keyof SplitOptions>> = {
  n_repeats: 'repeats',
  n_groups: 'p',
  p: 'p',
  test_size: 'testSize',
  train_size: 'trainSize',
  gap: 'gap',
  max_train_size: 'maxTrainSize',
}

/** What our strategy makes of the same call, in the same form. */
export function ourOutcome({ class: name, params, n, y, groups, splits }: SklearnCase): Outcome {
  const { n_splits, random_state, shuffle, test_fold, ...rest } = params
  const options: Partial<SplitOptions> = {
    k: Number(n_splits ?? splits?.length ?? 2),
    ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [ourName[key], value])),
    shuffle: shuffle === true,
    ...(random_state === undefined ? {} : { seed: Number(random_state) }),
  }
  const columns = { label: y, groups, testFold: test_fold as Values | undefined }
  try {
    const plan = planOf(bySklearnName.get(name) as keyof typeof strategies, options, n, columns)
    return { splits: foldsOf(plan), warnings: plan.warnings }
  } catch (error) {
    return { error: (error as Error).message, warnings: [] }
  }
}

export function planOf(
  strategy: keyof typeof strategies,
  options: Partial<SplitOptions>,
  count: number,
  columns: Readonly<Record<string, Values | undefined>> = {},
): SplitPlan {
  const given = Object.entries(columns).filter(([, values]) => values !== undefined)
  const encoded = Object.fromEntries(given.map(([role, values]) => [role, encodeColumn(values as Values)]))
  return strategies[strategy].plan(
    { count, columns: encoded },
    { strategy, k: 2, shuffle: false, format: 'csv', header: false, layout: 'copy', ...options },
  )
}

/** Training and validation records of every fold, ascending. */
export function foldsOf(plan: SplitPlan): [number[], number[]][] {
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
