import { UserError } from '../../../schemas/problem.ts'
import { Mt19937 } from '../mt19937.ts'
import type { RandomWords } from '../mt19937.ts'
import { compactArray, shuffle as shuffleInPlace } from '../shuffle.ts'
import type { IndexArray } from '../shuffle.ts'
import { checkSplits } from './kfold.ts'
import { column, countCodes, foldPerCell, onePerCell, planOf } from './strategy.ts'
import type { EncodedColumn, Strategy } from './strategy.ts'

/** `StratifiedKFold`: every class is dealt to the folds as evenly as it goes. */
export const stratifiedKFold: Strategy = {
  sklearn: 'StratifiedKFold',
  needs: ['label'],
  random: 'optional',
  takes: [],
  plan(records, { k, shuffle, seed }) {
    checkSplits(k, records.count)
    const label = column(records, 'label')
    const warnings = checkStrata(label, k)
    return foldPerCell(k, stratifiedCells(label, k, shuffle ? new Mt19937(seed ?? 0) : null), { warnings })
  },
}

/** `RepeatedStratifiedKFold`: one generator draws all repeats. */
export const repeatedStratifiedKFold: Strategy = {
  sklearn: 'RepeatedStratifiedKFold',
  needs: ['label'],
  random: 'always',
  takes: ['repeats'],
  plan(records, { k, seed, repeats = 10 }) {
    checkSplits(k, records.count)
    const label = column(records, 'label')
    return planOf(draw(), repeats, { partitions: true, warnings: checkStrata(label, k) })

    function* draw() {
      const random = new Mt19937(seed ?? 0)
      for (let i = 0; i < repeats; i++)
        yield { cells: k, cellOf: stratifiedCells(label, k, random), folds: onePerCell(k) }
    }
  },
}

/** scikit-learn's checks of the labels: refuses what cannot be stratified, and returns its warnings. */
export function checkStrata(label: EncodedColumn, k: number): string[] {
  checkDiscrete(label)
  const counts = countCodes(label)
  if (counts.every(count => k > count))
    throw new UserError(`n_splits=${k} cannot be greater than the number of members in each class.`)
  const least = counts.reduce((a, b) => Math.min(a, b))
  return k > least
    ? [`The least populated class in y has only ${least} members, which is less than n_splits=${k}.`]
    : []
}

/** Refuses labels that scikit-learn's `type_of_target` calls continuous (numbers that are not all whole), or several columns. */
function checkDiscrete(label: EncodedColumn): void {
  if (label.target !== undefined)
    throw new UserError(`Supported target types are: ('binary', 'multiclass'). Got '${label.target}' instead.`)
  if (label.numeric && label.values.some(value => !Number.isInteger(Number(value))))
    throw new UserError("Supported target types are: ('binary', 'multiclass'). Got 'continuous' instead.")
}

/** The fold of every record; classes in order of first appearance, as scikit-learn encodes them. */
function stratifiedCells(label: EncodedColumn, k: number, random: RandomWords | null): IndexArray {
  const counts = countCodes(label)
  const dealt: IndexArray[] = []
  let start = 0
  for (const count of counts) {
    // Fold i gets what lies at i, i + k, i + 2k, … of the records sorted by class; this class starts at `start`.
    const cells = compactArray(count, k)
    let filled = 0
    for (let fold = 0; fold < k; fold++) {
      const members = multiplesBelow(start + count - fold, k) - multiplesBelow(start - fold, k)
      cells.fill(fold, filled, filled + members)
      filled += members
    }
    if (random !== null) shuffleInPlace(random, cells)
    dealt.push(cells)
    start += count
  }
  const next = new Uint32Array(counts.length)
  const { codes } = label
  const cellOf = compactArray(codes.length, k)
  for (let record = 0; record < codes.length; record++) {
    const code = codes[record] as number
    const member = next[code] as number
    cellOf[record] = (dealt[code] as IndexArray)[member] as number
    next[code] = member + 1
  }
  return cellOf
}

/** How many of 0, k, 2k, … are below `limit`. */
function multiplesBelow(limit: number, k: number): number {
  return limit <= 0 ? 0 : Math.ceil(limit / k)
}
