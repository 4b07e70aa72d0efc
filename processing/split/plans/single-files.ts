import { compactArray } from '../shuffle.ts'
import { cellsOf } from '../strategies/strategy.ts'
import type { PlannedFold, Round, SplitPlan } from '../strategies/strategy.ts'

const TRAIN = 0
const VALIDATION = 1
const NEITHER = 2

/**
 * One file per side of every fold, with its records in the order of the input: every fold becomes a round of its own, after
 * one for `all/` and `test/`. It costs what it must, a copy of the data per fold.
 *
 * @param foldCount Folds of the plan in all.
 */
export function planSingleFiles(plan: SplitPlan, foldCount: number): SplitPlan {
  return {
    ...plan,
    rounds: rounds(),
    roundCount: foldCount + 1,
    repeats: plan.repeats ?? (plan.partitions ? plan.roundCount : 1),
  }

  function* rounds(): Generator<Round> {
    let isFirst = true
    for (const round of plan.rounds) {
      if (isFirst) yield wholeRound(round)
      isFirst = false
      yield* foldRounds(round)
    }
  }
}

function wholeRound({ cells, cellOf, test }: Round): Round {
  const held = new Uint8Array(cells)
  for (const cell of test ?? []) held[cell] = 1
  return {
    cells: 2,
    cellOf: compactArray(cellOf.length, 2).map((_, record) => held[cellOf[record] as number] as number),
    folds: [],
    ...(test && { test: [1] }),
    completes: true,
  }
}

function* foldRounds(round: Round): Generator<Round> {
  const validatedBy = new Uint32Array(round.cells)
  for (const [i, fold] of round.folds.entries()) {
    for (const cell of cellsOf(fold.validation, round.cells)) validatedBy[cell] = (validatedBy[cell] as number) + 1
    const isLast = i === round.folds.length - 1
    yield { ...foldRound(round, fold), completes: !isLast || isPartition(round, validatedBy) }
  }
}

function foldRound({ cells, cellOf }: Round, fold: PlannedFold): Round {
  const side = new Uint8Array(cells).fill(NEITHER)
  for (const cell of cellsOf(fold.train, cells)) side[cell] = TRAIN
  for (const cell of cellsOf(fold.validation, cells)) side[cell] = VALIDATION
  return {
    cells: 3,
    cellOf: compactArray(cellOf.length, 3).map((_, record) => side[cellOf[record] as number] as number),
    folds: [{ ...fold, train: { only: [TRAIN] }, validation: { only: [VALIDATION] } }],
  }
}

/** Every record that is not held out was validated on once. */
function isPartition({ cells, cellOf, test }: Round, validatedBy: Uint32Array): boolean {
  const wanted = new Uint8Array(cells).fill(1)
  for (const cell of test ?? []) wanted[cell] = 0
  return cellOf.every((cell: number) => validatedBy[cell] === wanted[cell])
}
