import { foldPerCell } from './strategy.ts'
import type { Strategy } from './strategy.ts'

/**
 * Folds by the hash of a key column, or of the whole record without its line end: a record keeps its fold when the data set grows, and records of one key stay together.
 * The folds are about equal in size, not exactly.
 */
export const hashKFold: Strategy = {
  sklearn: null,
  needs: [],
  random: 'seeded',
  takes: ['key'],
  fixes: true,
  plan({ keyedFolds }, { k }) {
    if (keyedFolds === undefined) throw new Error('hash-kfold was called without keys')
    return foldPerCell(k, keyedFolds)
  },
}
