import type { SplitOptions } from '../../../schemas/split-options.ts'
import type { IndexArray } from '../shuffle.ts'

/** A column of the data as numbers: one code per record, codes in order of first appearance. */
export interface EncodedColumn {
  readonly codes: IndexArray
  /** Text of each code, as it first appeared. */
  readonly values: readonly string[]
  /** True when every value is a number; then `1` and `1.0` are one value, as for numpy. */
  readonly numeric: boolean
  /** Of several label columns taken as one: what scikit-learn calls such a target. */
  readonly target?: TargetType
}

export type TargetType = 'multilabel-indicator' | 'multiclass-multioutput' | 'continuous-multioutput'

/** Options that name a column a strategy reads. */
export const columnRoles = ['label', 'groups', 'testFold', 'key', 'weight'] as const
export type ColumnRole = (typeof columnRoles)[number]

/** What a strategy may know about the records. Columns that it needs are there. */
export interface Records {
  readonly count: number
  readonly columns: Readonly<Partial<Record<ColumnRole, EncodedColumn>>>
  /** The fold of every record by the hash of its key, when there is a key column. */
  readonly keyedFolds?: IndexArray
}

/** Cells of a round: some of them, or all but some. */
export type CellSet = { readonly only: readonly number[] } | { readonly allBut: readonly number[] }

/** What one fold trains and validates on, as cells of its round. */
export interface PlannedFold {
  readonly train: CellSet
  readonly validation: CellSet
  /** Its folder below `train/` and `validation/`, where that is not the fold index. */
  readonly folder?: string
  /** Nested: the training records as scikit-learn's splitter orders them. @default ascending */
  readonly trainOrder?: Uint32Array
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
  /** Cells that are held out: no fold trains or validates on them. */
  readonly test?: readonly number[]
  /** Of rounds that hold one fold each of a partition: whether those up to this one keep the promise of `partitions`. */
  readonly completes?: boolean
}

export interface SplitPlan {
  /** Made one by one, so that memory holds one of them; folds are numbered through all rounds. */
  readonly rounds: Iterable<Round>
  readonly roundCount: number
  /** How often all records were drawn into folds. @default roundCount when the rounds are partitions, else 1 */
  readonly repeats?: number
  /** Every record that is not held out is in exactly one validation set of every round. */
  readonly partitions: boolean
  /** No group is on both sides of a fold. */
  readonly keepsGroups: boolean
  /** Every fold trains on what lies before its validation set. */
  readonly keepsTime: boolean
  readonly warnings: readonly string[]
}

/** How folds are drawn. Errors and warnings are scikit-learn's sentences. */
export interface Strategy {
  /** The class or function of `sklearn.model_selection` with the same folds, or null when there is none. */
  readonly sklearn: string | null
  readonly needs: readonly ColumnRole[]
  /** Whether it draws at random: never, when told to shuffle, always, or never but by a seed, 0 when there is none. */
  readonly random: 'never' | 'optional' | 'always' | 'seeded'
  /** Every record has its fold by itself, whatever the others are. @default false */
  readonly fixes?: true
  /** The least k, and whether it is the only one. @default two or more */
  readonly folds?: 'one' | 'one or more'
  /** Options of its own, beside those that every strategy takes. */
  readonly takes: readonly (keyof SplitOptions)[]
  plan(records: Records, options: SplitOptions): SplitPlan
}

/** The plan of one round in which every cell is the validation set of one fold. */
export function foldPerCell(cells: number, cellOf: IndexArray, facts: Partial<SplitPlan> = {}): SplitPlan {
  return planOf([{ cells, cellOf, folds: onePerCell(cells) }], 1, { partitions: true, ...facts })
}

export function planOf(rounds: Iterable<Round>, roundCount: number, facts: Partial<SplitPlan> = {}): SplitPlan {
  return { rounds, roundCount, partitions: false, keepsGroups: false, keepsTime: false, warnings: [], ...facts }
}

/** Validation on one cell each, training on all others. */
export function onePerCell(cells: number): PlannedFold[] {
  return Array.from({ length: cells }, (_, i) => ({ train: { allBut: [i] }, validation: { only: [i] } }))
}

/** Where a fold lies below `train/` and `validation/`. */
export function foldFolder(index: number, { folder }: PlannedFold): string {
  return folder ?? String(index)
}

/** The cells of a set in ascending order. */
export function cellsOf(set: CellSet, cells: number): number[] {
  if ('only' in set) return set.only.toSorted((a, b) => a - b)
  const left = new Set(set.allBut)
  return Array.from({ length: cells }, (_, i) => i).filter(cell => !left.has(cell))
}

/** A column that the strategy's `needs` name. */
export function column(records: Records, role: ColumnRole): EncodedColumn {
  const found = records.columns[role]
  if (found === undefined) throw new Error(`a strategy that needs the column ${role} was called without it`)
  return found
}

/** Records per code. */
export function countCodes({ codes, values }: EncodedColumn): Uint32Array {
  const counts = new Uint32Array(values.length)
  for (let i = 0; i < codes.length; i++) counts[codes[i] as number] = (counts[codes[i] as number] as number) + 1
  return counts
}

/** The codes in the order of numpy's `unique`: by number, or by code points. */
export function sortedCodes({ values, numeric }: EncodedColumn): number[] {
  const codes = [...values.keys()]
  if (numeric) return codes.sort((a, b) => Number(values[a]) - Number(values[b]))
  const bytes = values.map(value => Buffer.from(value))
  return codes.sort((a, b) => Buffer.compare(bytes[a] as Buffer, bytes[b] as Buffer))
}

/** Every r-combination of the numbers 0 to n - 1, in lexicographic order, as Python's `itertools.combinations`. */
export function* combinations(n: number, r: number): Generator<number[]> {
  const chosen = Array.from({ length: r }, (_, i) => i)
  for (;;) {
    yield chosen.slice()
    let i = r - 1
    while (i >= 0 && chosen[i] === i + n - r) i--
    if (i < 0) return
    const next = (chosen[i] as number) + 1
    for (let j = i; j < r; j++) chosen[j] = next + j - i
  }
}
