import { UserError } from '../../../schemas/problem.ts'
import type { SplitOptions } from '../../../schemas/split-options.ts'
import { Mt19937 } from '../mt19937.ts'
import { compactArray } from '../shuffle.ts'
import { drawGroups, drawRecords, splitSizes, TRAIN, VALIDATION } from '../strategies/shuffle-split.ts'
import type { Draw } from '../strategies/shuffle-split.ts'
import { column } from '../strategies/strategy.ts'
import type { CellSet, Records, Round, SplitPlan, Strategy } from '../strategies/strategy.ts'
import { ends, stratifiedDraw, TEST_SHARE } from '../strategies/train-test-split.ts'
import { selectRecords } from './select-records.ts'

/**
 * Sets records aside that no fold may see, before the folds are drawn of the rest: scikit-learn's `train_test_split` with
 * the care of the strategy (classes, groups, order), then the splitter over what it returned, in its order.
 *
 * @param plan Plans the rest.
 */
export function planWithHoldout(
  records: Records,
  options: SplitOptions,
  strategy: Strategy,
  plan: (rest: Records) => SplitPlan,
): SplitPlan {
  const { train: rest, test } = drawHoldout(records, options, strategy)
  const inner = plan(selectRecords(records, rest))
  return { ...inner, rounds: rounds() }

  function* rounds(): Generator<Round> {
    for (const round of inner.rounds) {
      const held = round.cells
      const cellOf = compactArray(records.count, held + 1).fill(held)
      for (let i = 0; i < rest.length; i++) cellOf[rest[i] as number] = round.cellOf[i] as number
      if (rest.length + test.length !== records.count) throw new Error('a holdout left records out')
      const folds = round.folds.map(fold => ({
        ...fold,
        train: without(fold.train, held),
        validation: without(fold.validation, held),
      }))
      yield { cells: held + 1, cellOf, folds, test: [held] }
    }
  }
}

/** The same cells, of a round with one more. */
export function without(set: CellSet, cell: number): CellSet {
  return 'only' in set ? set : { allBut: [...set.allBut, cell] }
}

function drawHoldout(records: Records, options: SplitOptions, { needs, random }: Strategy): Draw {
  const { holdout, seed = 0 } = options
  const isRandom = options.shuffle || random === 'always'
  if (needs.includes('groups')) {
    const groups = column(records, 'groups')
    const sizes = splitSizes(groups.values.length, { testSize: holdout }, TEST_SHARE)
    const cellOf = drawGroups(groups, sizes, new Mt19937(seed))
    return { train: membersOf(cellOf, TRAIN), test: membersOf(cellOf, VALIDATION) }
  }
  const sizes = splitSizes(records.count, { testSize: holdout }, TEST_SHARE)
  if (needs.includes('label')) {
    if (!isRandom)
      throw new UserError('Stratified train/test split is not implemented for shuffle=False', { exitCode: 2 })
    return stratifiedDraw(records, sizes, seed)
  }
  return isRandom ? drawRecords(records.count, sizes, new Mt19937(seed)) : ends(sizes)
}

function membersOf(cellOf: ArrayLike<number>, cell: number): Uint32Array {
  const members: number[] = []
  for (let i = 0; i < cellOf.length; i++) if (cellOf[i] === cell) members.push(i)
  return Uint32Array.from(members)
}
