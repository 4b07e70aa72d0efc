import type { StrategyName } from '../../schemas/split-options.ts'
import { isExpr } from '../dsl/expression.ts'
import { mistake, show } from '../dsl/mistake.ts'

/** How records are drawn into folds. */
export interface Folds {
  readonly kind: 'foldwise.folds'
  readonly strategy: StrategyName
  readonly k: number
  readonly shuffle: boolean
  readonly seed: number | undefined
}

export interface FoldOptions {
  /** Number of folds, scikit-learn's `n_splits`: a literal, because the definition has one training step per fold. */
  readonly k: number
  /** @default false: folds are runs of neighbouring records */
  readonly shuffle?: boolean
  /** scikit-learn's `random_state`, 0 to 4294967295; needs `shuffle`. */
  readonly seed?: number
}

/** The folds of scikit-learn's `KFold`, bit for bit. */
export const kFold = (options: FoldOptions): Folds => folds('kfold', 'kFold', options)

/** The folds of scikit-learn's `StratifiedKFold`, bit for bit: every fold has about the same share of each class. */
export const stratifiedKFold = (options: FoldOptions): Folds => folds('stratified-kfold', 'stratifiedKFold', options)

function folds(strategy: StrategyName, call: string, { k, shuffle = false, seed }: FoldOptions): Folds {
  if (isExpr(k)) {
    throw mistake(
      `${call}: k — it is a reference, but the number of training steps is fixed when the definition is written; give a literal number such as k: 5, and write one pipeline per k.`,
    )
  }
  if (!Number.isInteger(k) || k < 2) {
    throw mistake(`${call}: k — ${show(k)} is no number of folds; give a whole number of 2 or more.`)
  }
  if (seed !== undefined && (!Number.isInteger(seed) || seed < 0 || seed > 4294967295)) {
    throw mistake(`${call}: seed — ${show(seed)} is no seed; give a whole number from 0 to 4294967295.`)
  }
  if (seed !== undefined && !shuffle) {
    throw mistake(`${call}: seed — ${seed} has no effect without shuffling; add shuffle: true or leave the seed out.`)
  }
  return Object.freeze({ kind: 'foldwise.folds', strategy, k, shuffle, seed })
}
