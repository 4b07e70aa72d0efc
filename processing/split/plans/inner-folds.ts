import { nestedFolders } from '../../../schemas/nested-folds.ts'
import { compactArray } from '../shuffle.ts'
import { cellsOf } from '../strategies/strategy.ts'
import type { CellSet, PlannedFold, Records, Round, SplitPlan } from '../strategies/strategy.ts'
import { selectRecords } from './select-records.ts'

/**
 * Nested cross-validation: the training set of every outer fold is split again, and each outer fold becomes rounds of its
 * own. Its folders are `outer/<i>/inner/<j>`, and after them `outer/<i>/refit`: the whole outer training set, and the outer
 * validation set that judges what the inner folds chose.
 *
 * @param outerFolds How many folds the outer plan has in all.
 * @param planInner Plans the training records of one outer fold; called for each.
 */
export function planInnerFolds(
  outer: SplitPlan,
  outerFolds: number,
  records: Records,
  planInner: (rest: Records) => SplitPlan,
): SplitPlan {
  const warnings = [...outer.warnings]
  const parts = innerPlans()
  const first = parts.next().value as InnerPlan
  return {
    rounds: rounds(),
    roundCount: outerFolds * first.plan.roundCount,
    repeats: outer.roundCount,
    partitions: outer.partitions && first.plan.partitions && first.plan.roundCount === 1,
    keepsGroups: outer.keepsGroups && first.plan.keepsGroups,
    keepsTime: outer.keepsTime && first.plan.keepsTime,
    warnings,
  }

  function* innerPlans(): Generator<InnerPlan> {
    let index = 0
    for (const round of outer.rounds)
      for (const fold of round.folds) {
        const chosen = fold.trainOrder ?? trainRecords(round, fold)
        const plan = planInner(selectRecords(records, chosen))
        for (const warning of plan.warnings) if (!warnings.includes(warning)) warnings.push(warning)
        yield { index: index++, round, fold, chosen, plan }
      }
  }

  function* rounds(): Generator<Round> {
    yield* innerRounds(first)
    for (const part of parts) yield* innerRounds(part)
  }
}

interface InnerPlan {
  readonly index: number
  readonly round: Round
  readonly fold: PlannedFold
  /** The records that the outer fold trains on. */
  readonly chosen: Uint32Array
  readonly plan: SplitPlan
}

/** After the inner cells: what the outer fold validates on, what it does not use, and what is held out. */
function* innerRounds({ index, round: outer, fold, chosen, plan }: InnerPlan): Generator<Round> {
  const validated = markCells(fold.validation, outer.cells)
  const held = markCells({ only: outer.test ?? [] }, outer.cells)
  let inner = 0
  let roundsLeft = plan.roundCount
  for (const { cells, cellOf: innerCells, folds } of plan.rounds) {
    const cellOf = compactArray(outer.cellOf.length, cells + 3)
    for (let i = 0; i < cellOf.length; i++) {
      const cell = outer.cellOf[i] as number
      cellOf[i] = validated[cell] === 1 ? cells : held[cell] === 1 ? cells + 2 : cells + 1
    }
    for (let i = 0; i < chosen.length; i++) cellOf[chosen[i] as number] = innerCells[i] as number
    roundsLeft -= 1
    const refit = roundsLeft === 0 ? [refitFold(index, cells)] : []
    const named = folds.map(({ train, validation }) => ({
      train: onlyInner(train, cells),
      validation: onlyInner(validation, cells),
      folder: nestedFolders.inner(index, inner++),
    }))
    yield { cells: cells + 3, cellOf, folds: [...named, ...refit], ...(outer.test && { test: [cells + 2] }) }
  }
}

function trainRecords({ cells, cellOf }: Round, { train }: PlannedFold): Uint32Array {
  const trained = markCells(train, cells)
  return Uint32Array.from(cellOf.keys()).filter(i => trained[cellOf[i] as number] === 1)
}

function refitFold(index: number, innerCells: number): PlannedFold {
  return {
    train: { allBut: [innerCells, innerCells + 1, innerCells + 2] },
    validation: { only: [innerCells] },
    folder: nestedFolders.refit(index),
  }
}

function onlyInner(set: CellSet, cells: number): CellSet {
  return 'only' in set ? set : { allBut: [...set.allBut, cells, cells + 1, cells + 2] }
}

function markCells(set: CellSet, cells: number): Uint8Array {
  const marks = new Uint8Array(cells)
  for (const cell of cellsOf(set, cells)) marks[cell] = 1
  return marks
}
