import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planSplit } from '../../../../processing/split/plans/plan-split.ts'
import { cellsOf } from '../../../../processing/split/strategies/strategy.ts'
import type { CellSet, Round, SplitPlan } from '../../../../processing/split/strategies/strategy.ts'
import { splitOptionsSchema } from '../../../../schemas/split-options.ts'
import type { SplitOptionsInput } from '../../../../schemas/split-options.ts'
import { encodeColumn } from '../encode-column.ts'
import { bySklearnName } from '../sklearn-case.ts'

type Values = readonly (number | string)[]
type Split = readonly [readonly number[], readonly number[]]

/** Splitters of scikit-learn put together, and what came of it. */
interface PlanCase {
  readonly kind: 'train_test_split' | 'holdout' | 'nested' | 'both'
  readonly n: number
  readonly y: Values
  readonly groups: Values
  readonly params: Readonly<Record<string, unknown>>
  readonly splits?: readonly Split[]
  readonly test?: readonly number[]
  readonly error?: string
  readonly warnings: readonly string[]
}

interface Outcome {
  readonly splits?: readonly Split[]
  readonly test?: readonly number[]
  readonly error?: string
  readonly warnings: readonly string[]
}

function optionsOf({ kind, params }: PlanCase): SplitOptionsInput {
  const given = <T>(name: string) => (params[name] ?? undefined) as T
  if (kind === 'train_test_split')
    return {
      strategy: params['stratify'] === true ? 'stratified-train-test-split' : 'train-test-split',
      k: 1,
      shuffle: params['shuffle'] === true,
      seed: given('random_state'),
      testSize: given('test_size'),
      trainSize: given('train_size'),
    }
  const name = params['class'] as string
  return {
    strategy: bySklearnName.get(name) as SplitOptionsInput['strategy'],
    k: params['k'] as number,
    shuffle: params['shuffles'] === true,
    seed: given('random_state'),
    repeats: name.startsWith('Repeated') ? given('n_repeats') : undefined,
    testSize: name.endsWith('ShuffleSplit') ? given('test_size') : undefined,
    holdout: given('holdout'),
    innerK: given('inner_k'),
  }
}

function ourOutcome(known: PlanCase): Outcome {
  const columns = { label: encodeColumn(known.y), groups: encodeColumn(known.groups) }
  try {
    const plan = planSplit({ count: known.n, columns }, splitOptionsSchema.parse(optionsOf(known)))
    const rounds = [...plan.rounds]
    const [first] = rounds
    return {
      splits: splitsOf(rounds),
      ...(first?.test && { test: members(first, { only: first.test }) }),
      warnings: [...plan.warnings].sort(),
    }
  } catch (error) {
    return { error: (error as Error).message, warnings: [] }
  }
}

/** Training and validation records of every fold; nested, every outer fold comes after its inner ones. */
function splitsOf(rounds: readonly Round[]): Split[] {
  const found = rounds.flatMap(round =>
    round.folds.map(({ train, validation, folder }) => {
      const [, outer, inner] = /^outer\/(\d+)\/(?:inner\/(\d+)|refit)$/.exec(folder ?? '') ?? []
      const place = folder === undefined ? 0 : Number(outer) * 1e6 + Number(inner ?? 999_999)
      return { place, split: [members(round, train), members(round, validation)] as Split }
    }),
  )
  return found.sort((a, b) => a.place - b.place).map(({ split }) => split)
}

function members({ cells, cellOf }: Round, set: CellSet): number[] {
  const wanted = new Set(cellsOf(set, cells))
  return [...cellOf.keys()].filter(record => wanted.has(cellOf[record] as number))
}

function expectedOutcome({ splits, test: held, error, warnings }: PlanCase): Outcome {
  if (error !== undefined) return { error, warnings: [] }
  return { ...(splits && { splits }), ...(held && { test: held }), warnings }
}

const fixture = readFileSync(new URL('../../../fixtures/split/plans.json', import.meta.url), 'utf8')
const { cases } = JSON.parse(fixture) as { cases: PlanCase[] }

describe('as scikit-learn put together by hand:', () => {
  test.each(cases.map(known => [known.kind, JSON.stringify(known.params), known] as const))(
    '%s %s',
    (_kind, _params, known) => expect(ourOutcome(known)).toEqual(expectedOutcome(known)),
  )

  const python = process.env['FOLDWISE_SKLEARN_PYTHON'] ?? 'python3'
  const available =
    spawnSync(python, ['-c', 'import sklearn; assert sklearn.__version__.startswith("1.2.")']).status === 0
  if (!available) console.warn(`no scikit-learn 1.2 in ${python}: only the recorded plans are compared`)
  const count = Number(process.env['FOLDWISE_SKLEARN_CASES'] ?? 400)

  test.skipIf(!available)(`${count} random ones of the installed release`, { timeout: 600_000 }, () => {
    const program = fileURLToPath(new URL('scikit_learn_plans.py', import.meta.url))
    const { stdout, stderr, status } = spawnSync(
      python,
      [program, String(count), process.env['FOLDWISE_SKLEARN_SEED'] ?? '1'],
      { encoding: 'utf8', maxBuffer: 2 ** 31 - 1 },
    )
    expect(status, stderr).toBe(0)
    const [, ...lines] = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(count)
    for (const line of lines) {
      const known = JSON.parse(line) as PlanCase
      expect(ourOutcome(known), line.slice(0, 2000)).toEqual(expectedOutcome(known))
    }
  })
})

describe('a part of the training records', () => {
  const planOf = (count: number, options: Partial<SplitOptionsInput>, weights?: Values): SplitPlan =>
    planSplit(
      { count, columns: weights === undefined ? {} : { weight: encodeColumn(weights) } },
      splitOptionsSchema.parse({ strategy: 'kfold', k: 5, seed: 3, ...options }),
    )
  const trainings = (plan: SplitPlan) =>
    [...plan.rounds].flatMap(round => round.folds.map(({ train }) => members(round, train)))

  test('is the floor of its share, lies in the whole training set, and the validation sets stay', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 300 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.nat(2 ** 32 - 1),
        fc.boolean(),
        (count, fraction, seed, shuffle) => {
          const whole = [...planOf(count, { seed, shuffle }).rounds]
          const parts = [...planOf(count, { seed, shuffle, fraction }).rounds]
          const sides = (rounds: readonly Round[]) => splitsOf(rounds)
          sides(parts).forEach(([train, validation], i) => {
            const [allTrain, allValidation] = sides(whole)[i] as Split
            expect(validation).toEqual(allValidation)
            expect(train).toHaveLength(Math.max(1, Math.floor(fraction * allTrain.length)))
            const known = new Set(allTrain)
            expect(train.every(record => known.has(record))).toBe(true)
          })
        },
      ),
      { numRuns: 50 },
    )
  })

  test('grows with the fraction without losing a record, and differs by seed', () => {
    const small = trainings(planOf(400, { fraction: 0.2 }))
    const large = trainings(planOf(400, { fraction: 0.6 }))
    small.forEach((part, i) => {
      const known = new Set(large[i])
      expect(part.every(record => known.has(record))).toBe(true)
    })
    expect(trainings(planOf(400, { fraction: 0.2, seed: 4 }))).not.toEqual(small)
    expect(trainings(planOf(400, { fraction: 0.2 }))).toEqual(small)
  })

  test('is capped', () => {
    for (const part of trainings(planOf(100, { cap: 17 }))) expect(part).toHaveLength(17)
    for (const part of trainings(planOf(100, { cap: 500 }))) expect(part).toHaveLength(80)
    for (const part of trainings(planOf(100, { cap: 30, fraction: 0.25 }))) expect(part).toHaveLength(20)
  })

  test('follows the weights: twice the weight is drawn twice as often, weight 0 never', () => {
    const weights = Array.from({ length: 300 }, (_, i) => i % 3)
    const counts = [0, 0, 0]
    for (let seed = 0; seed < 60; seed++)
      for (const record of trainings(planOf(300, { fraction: 0.05, seed, weight: 'w' }, weights))[0] ?? [])
        counts[record % 3] = (counts[record % 3] as number) + 1
    expect(counts[0]).toBe(0)
    expect((counts[2] as number) / (counts[1] as number)).toBeGreaterThan(1.6)
    expect((counts[2] as number) / (counts[1] as number)).toBeLessThan(2.4)
  })

  test.each([
    [['1', '-2', '3'], 'column "w" holds the weight "-2" — a weight is a number of 0 or more — repair the record'],
    [['1', 'x', '3'], 'column "w" holds the weight "x" — a weight is a number of 0 or more — repair the record'],
    [
      ['0', '0', '0'],
      'only 0 of the 3 records to draw have a weight above 0 — give more records a weight, or a smaller fraction',
    ],
  ])('cannot be drawn by the weights %j', (kinds, sentence) => {
    const weights = Array.from({ length: 9 }, (_, i) => kinds[i % 3] as string)
    expect(() => [...planOf(9, { fraction: 0.5, weight: 'w' }, weights).rounds]).toThrow(sentence)
  })
})
