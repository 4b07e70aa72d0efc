import { UserError } from '../../../schemas/problem.ts'
import { Mt19937 } from '../mt19937.ts'
import type { RandomWords } from '../mt19937.ts'
import { Pcg64 } from '../pcg64.ts'
import { compactArray } from '../shuffle.ts'
import type { IndexArray } from '../shuffle.ts'
import { unpermute } from '../unpermute.ts'
import { foldPerCell, onePerCell, planOf } from './strategy.ts'
import type { Strategy } from './strategy.ts'

/** `KFold`: k consecutive blocks of the records, or of a permutation of them; the first n mod k have one more. */
export const kFold: Strategy = {
  sklearn: 'KFold',
  needs: [],
  random: 'optional',
  takes: [],
  plan({ count }, { k, shuffle, seed }) {
    checkSplits(k, count)
    return foldPerCell(k, kFoldCells(count, k, shuffle ? new Mt19937(seed ?? 0) : null))
  },
}

/** `RepeatedKFold`: one generator draws the permutations of all repeats. */
export const repeatedKFold: Strategy = {
  sklearn: 'RepeatedKFold',
  needs: [],
  random: 'always',
  takes: ['repeats'],
  plan({ count }, { k, seed, repeats = 10 }) {
    checkSplits(k, count)
    return planOf(draw(), repeats, { partitions: true })

    function* draw() {
      const random = new Mt19937(seed ?? 0)
      for (let i = 0; i < repeats; i++) yield { cells: k, cellOf: kFoldCells(count, k, random), folds: onePerCell(k) }
    }
  },
}

/** The folds of SMX-Validator: those of `KFold`, over the permutation of `numpy.random.default_rng(seed)`. */
export const smxKFold: Strategy = {
  sklearn: null,
  needs: [],
  random: 'always',
  takes: [],
  plan({ count }, { k, seed }) {
    checkSplits(k, count)
    return foldPerCell(k, kFoldCells(count, k, new Pcg64(seed ?? 0)))
  },
}

/** scikit-learn's check that every fold gets a record. */
export function checkSplits(k: number, count: number): void {
  if (k > count)
    throw new UserError(
      `Cannot have number of splits n_splits=${k} greater than the number of samples: n_samples=${count}.`,
    )
}

/** The fold of every record: consecutive blocks, of the records themselves or of a permutation of them. */
export function kFoldCells(count: number, k: number, random: RandomWords | null): IndexArray {
  const fillBlocks = (cells: IndexArray) => {
    for (let fold = 0, start = 0; fold < k; fold++) {
      const stop = start + Math.floor(count / k) + (fold < count % k ? 1 : 0)
      cells.fill(fold, start, stop)
      start = stop
    }
  }
  if (random !== null) return unpermute(random, count, k, fillBlocks)
  const cells = compactArray(count, k)
  fillBlocks(cells)
  return cells
}
