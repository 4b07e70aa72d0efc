import { UserError } from '../../../schemas/problem.ts'
import { Mt19937 } from '../mt19937.ts'
import type { RandomWords } from '../mt19937.ts'
import { compactArray, permutation } from '../shuffle.ts'
import type { IndexArray } from '../shuffle.ts'
import { onePerCell } from './strategy.ts'
import type { Strategy } from './strategy.ts'

/** `KFold`: k consecutive blocks of the records, or of a permutation of them; the first n mod k have one more. */
export const kFold: Strategy = {
  sklearn: 'KFold',
  needsLabel: false,
  needsGroup: false,
  plan({ count }, { k, shuffle, seed }) {
    checkSplits(k, count)
    const cellOf = kFoldCells(count, k, shuffle ? new Mt19937(seed ?? 0) : null)
    return {
      rounds: [{ cells: k, cellOf, folds: onePerCell(k) }],
      repeats: 1,
      partitions: true,
      keepsGroups: false,
      warnings: [],
    }
  },
}

/** scikit-learn's check that every fold gets a record. */
export function checkSplits(k: number, count: number): void {
  if (k > count)
    throw new UserError(
      `Cannot have number of splits n_splits=${k} greater than the number of samples: n_samples=${count}.`,
    )
}

export function kFoldCells(count: number, k: number, random: RandomWords | null): IndexArray {
  const cellOf = compactArray(count, k)
  const order = random === null ? null : permutation(random, count)
  let start = 0
  for (let fold = 0; fold < k; fold++) {
    const stop = start + Math.floor(count / k) + (fold < count % k ? 1 : 0)
    if (order === null) cellOf.fill(fold, start, stop)
    else for (let rank = start; rank < stop; rank++) cellOf[order[rank] as number] = fold
    start = stop
  }
  return cellOf
}
