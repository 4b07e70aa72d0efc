import { UserError } from '../../../schemas/problem.ts'
import { Mt19937 } from '../mt19937.ts'
import { compactArray, permutation } from '../shuffle.ts'
import type { IndexArray } from '../shuffle.ts'
import { checkSplits } from './kfold.ts'
import { argsort } from './numpy-sort.ts'
import { column, countCodes, foldPerCell, sortedCodes } from './strategy.ts'
import type { EncodedColumn, Strategy } from './strategy.ts'

/**
 * `GroupKFold`: the largest group first, each to the lightest fold; with `shuffle` (scikit-learn 1.6 and later) equal
 * shares of the shuffled groups.
 */
export const groupKFold: Strategy = {
  sklearn: 'GroupKFold',
  needs: ['groups'],
  random: 'optional',
  takes: [],
  plan(records, { k, shuffle, seed }) {
    checkSplits(k, records.count)
    const groups = column(records, 'groups')
    if (k > groups.values.length)
      throw new UserError(
        `Cannot have number of splits n_splits=${k} greater than the number of groups: ${groups.values.length}.`,
      )
    const foldOfGroup = shuffle ? shuffledShares(groups, k, seed ?? 0) : lightestFolds(groups, k)
    return foldPerCell(k, cellsByGroup(groups, foldOfGroup, k), { keepsGroups: true })
  },
}

/** The cell of every record, from the cell of its group's code. */
export function cellsByGroup(groups: EncodedColumn, cellOfGroup: ArrayLike<number>, cells: number): IndexArray {
  const cellOf = compactArray(groups.codes.length, cells)
  for (let i = 0; i < cellOf.length; i++) cellOf[i] = cellOfGroup[groups.codes[i] as number] as number
  return cellOf
}

function lightestFolds(groups: EncodedColumn, k: number): Uint32Array {
  const codes = sortedCodes(groups)
  const counts = countCodes(groups)
  const sizes = codes.map(code => counts[code] as number)
  const records = new Float64Array(k)
  const foldOfGroup = new Uint32Array(codes.length)
  for (const group of argsort(sizes).reverse()) {
    const lightest = records.indexOf(records.reduce((a, b) => Math.min(a, b)))
    records[lightest] = (records[lightest] as number) + (sizes[group] as number)
    foldOfGroup[codes[group] as number] = lightest
  }
  return foldOfGroup
}

function shuffledShares(groups: EncodedColumn, k: number, seed: number): Uint32Array {
  const codes = sortedCodes(groups)
  const order = permutation(new Mt19937(seed), codes.length)
  const foldOfGroup = new Uint32Array(codes.length)
  let start = 0
  for (let fold = 0; fold < k; fold++) {
    const stop = start + Math.floor(codes.length / k) + (fold < codes.length % k ? 1 : 0)
    for (let i = start; i < stop; i++) foldOfGroup[codes[order[i] as number] as number] = fold
    start = stop
  }
  return foldOfGroup
}
