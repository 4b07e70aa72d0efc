import type { SplitOptions } from '../../../schemas/split-options.ts'
import type { IndexArray } from '../shuffle.ts'

/** A column of the data as numbers: one code per record, codes in order of first appearance. */
export interface EncodedColumn {
  readonly codes: IndexArray
  /** Text of each code, as it first appeared. */
  readonly values: readonly string[]
  /** True when every value is a number; then `1` and `1.0` are one value, as for numpy. */
  readonly numeric: boolean
}

/** What a strategy may know about the records. */
export interface Records {
  readonly count: number
  readonly label: EncodedColumn | null
  readonly group: EncodedColumn | null
}

/** Cells of a round: some of them, or all but some. */
export type CellSet = { readonly only: readonly number[] } | { readonly allBut: readonly number[] }

/** What one fold trains and validates on, as cells of its round. */
export interface PlannedFold {
  readonly train: CellSet
  readonly validation: CellSet
}

/**
 * One partition of all records into cells. Every training and validation set of its folds is a union of cells, so each
 * record is stored once per round, however many folds use it.
 */
export interface Round {
  /** The number of cells; a cell may be empty. */
  readonly cells: number
  /** The cell of every record. */
  readonly cellOf: IndexArray
  readonly folds: readonly PlannedFold[]
}

/** Rounds are made one by one, so that memory holds one of them; folds are numbered through all rounds. */
export interface SplitPlan {
  readonly rounds: Iterable<Round>
  readonly repeats: number
  /** Every record is in exactly one validation set of every round. */
  readonly partitions: boolean
  /** The strategy promises that no group is on both sides of a fold. */
  readonly keepsGroups: boolean
  readonly warnings: readonly string[]
}

/** How folds are drawn. Errors and warnings are scikit-learn's sentences. */
export interface Strategy {
  /** The class of `sklearn.model_selection` with the same folds, or null when there is none. */
  readonly sklearn: string | null
  readonly needsLabel: boolean
  readonly needsGroup: boolean
  plan(records: Records, options: SplitOptions): SplitPlan
}

/** Validation on one cell each, training on all others. */
export function onePerCell(cells: number): PlannedFold[] {
  return Array.from({ length: cells }, (_, i) => ({ train: { allBut: [i] }, validation: { only: [i] } }))
}

/** The cells of a set in ascending order. */
export function cellsOf(set: CellSet, cells: number): number[] {
  if ('only' in set) return set.only.toSorted((a, b) => a - b)
  const left = new Set(set.allBut)
  return Array.from({ length: cells }, (_, i) => i).filter(cell => !left.has(cell))
}
