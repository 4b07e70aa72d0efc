import type { BlockMemory } from '../formats/block-memory.ts'
import { MOST_GROUPS } from './copy-finder.ts'
import type { CopySource } from './copy-finder.ts'
import { HashStore } from './hash-store.ts'
import { cellsOf } from './strategies/strategy.ts'
import type { CellSet, PlannedFold, Round } from './strategies/strategy.ts'

/** Of a fold's leaks, and of all folds', that are named. */
export const MOST_EXAMPLES = 10
/** Fewer groups at a time of many cells: a count for each of a group's cells takes 4 bytes. */
const MOST_COUNTS = 2 ** 21
const LEAST_GROUPS = 1024

/** A record that a fold validates on, and one of the same bytes that it trains on: indices in the whole data. */
export interface Leak {
  readonly fold: number
  readonly validation: number
  readonly train: number
}

/** The cell, below `cells`, of every record that was noted. */
export interface Cells {
  readonly cells: number
  readonly cellOf: (record: number) => number
}

export const cellsOfRound = ({ cells, cellOf }: Round): Cells => ({
  cells,
  cellOf: record => cellOf[record] as number,
})

export interface Leaks {
  /** Validation records, fold by fold, whose bytes are also those of a record that the same fold trains on. */
  readonly records: number
  readonly examples: readonly Leak[]
}

/**
 * Finds records of equal bytes, line ends aside, by 64 bits of hash: notes the hash of every record while they stream by, then
 * looks for equal ones with a cell for each. A class because it fills up.
 */
export class Duplicates {
  private readonly hashes: HashStore
  private hasCopies = true

  /** @param spillPath Where to keep the hashes that do not fit in memory; asked for when it is needed. */
  constructor(memory: BlockMemory, spillPath: () => string) {
    this.hashes = new HashStore(memory, spillPath)
  }

  /** Notes the records `from` to `to`, the last not included, of the block; the first of them begins at `start`. */
  note(start: number, from: number, to: number): void {
    this.hashes.note(start, from, to)
  }

  /** What leaks from the training sides of a round's folds to their validation sides. */
  leaks(cells: Cells, folds: ReadonlyMap<number, PlannedFold>): Leaks {
    const found = this.hasCopies ? findLeaks(this.hashes, cells, folds) : noLeaks
    this.hasCopies = found.hasCopies
    return found.leaks
  }

  /** Gives back the memory of the hashes. */
  close(): void {
    this.hashes.close()
  }
}

const noLeaks = { hasCopies: false, leaks: { records: 0, examples: [] } } as const

/** What leaks from the training sides of folds to their validation sides, and whether any record has a copy at all. */
export function findLeaks(
  source: CopySource,
  { cells, cellOf }: Cells,
  folds: ReadonlyMap<number, PlannedFold>,
): { readonly leaks: Leaks; readonly hasCopies: boolean } {
  const sides = [...folds].map(([fold, { train, validation }]) => sideOf(fold, train, validation, cells))
  const mostGroups = Math.max(LEAST_GROUPS, Math.min(MOST_GROUPS, Math.floor(MOST_COUNTS / cells)))
  const groups = new CellCounts(cells)
  let hasCopies = false
  source.compare(mostGroups, {
    copy(group, first, record) {
      hasCopies = true
      const home = cellOf(first)
      const cell = cellOf(record)
      if (groups.add(group, home, cell)) for (const side of sides) noteExample(side, first, home, record, cell)
    },
    end(count) {
      for (const side of sides) countLeaks(side, groups)
      groups.clear(count)
    },
  })
  return {
    hasCopies,
    leaks: {
      records: sides.reduce((sum, { records }) => sum + records, 0),
      examples: sides.flatMap(({ examples }) => examples).slice(0, MOST_EXAMPLES),
    },
  }
}

/** One fold, with a 1 for every cell on a side. */
interface Side {
  readonly fold: number
  readonly trained: Uint8Array
  readonly validated: Uint8Array
  records: number
  /** In the order of the data. */
  readonly examples: Leak[]
}

function sideOf(fold: number, train: CellSet, validation: CellSet, cells: number): Side {
  const flags = (set: CellSet) => {
    const side = new Uint8Array(cells)
    for (const cell of cellsOf(set, cells)) side[cell] = 1
    return side
  }
  return { fold, trained: flags(train), validated: flags(validation), records: 0, examples: [] }
}

function countLeaks(side: Side, { cells, counts, spread }: CellCounts): void {
  const { trained, validated } = side
  for (const group of spread) {
    let isTrained = false
    let records = 0
    for (let cell = 0, at = group * cells; cell < cells; cell++, at++) {
      const count = counts[at] as number
      if (count === 0) continue
      if (trained[cell] === 1) isTrained = true
      if (validated[cell] === 1) records += count
    }
    if (isTrained) side.records += records
  }
}

/** Two records of the same bytes in different cells: the examples that come first in the data are kept. */
function noteExample(side: Side, one: number, oneCell: number, other: number, otherCell: number): void {
  const { fold, trained, validated, examples } = side
  const note = (validation: number, train: number) => {
    const last = examples.at(-1)
    if (examples.length === MOST_EXAMPLES && last !== undefined && last.validation < validation) return
    const place = examples.findIndex(leak => leak.validation > validation)
    examples.splice(place < 0 ? examples.length : place, 0, { fold, validation, train })
    examples.length = Math.min(examples.length, MOST_EXAMPLES)
  }
  if (validated[oneCell] === 1 && trained[otherCell] === 1) note(one, other)
  if (validated[otherCell] === 1 && trained[oneCell] === 1) note(other, one)
}

/** How many records of each group are in each cell. A class because it fills up. */
class CellCounts {
  readonly cells: number
  /** By group, then cell; of groups that have copies. */
  counts = new Uint32Array(0)
  /** Groups with records in several cells. */
  spread: number[] = []
  private isSpread = new Uint8Array(0)

  constructor(cells: number) {
    this.cells = cells
  }

  /** Counts a copy in `cell`; the first of its group is in `home`. True when the group was in one cell only until now. */
  add(group: number, home: number, cell: number): boolean {
    const at = group * this.cells
    if (at >= this.counts.length) this.grow(group)
    const { counts, isSpread } = this
    if (counts[at + home] === 0) counts[at + home] = 1
    counts[at + cell] = (counts[at + cell] as number) + 1
    if (cell === home || isSpread[group] === 1) return false
    isSpread[group] = 1
    this.spread.push(group)
    return true
  }

  /** Forgets the groups up to `groups`. */
  clear(groups: number): void {
    this.counts.fill(0, 0, groups * this.cells)
    this.isSpread.fill(0, 0, groups)
    this.spread = []
  }

  private grow(group: number): void {
    const groups = Math.ceil(1.5 * (group + 1))
    const counts = new Uint32Array(groups * this.cells)
    counts.set(this.counts)
    const isSpread = new Uint8Array(groups)
    isSpread.set(this.isSpread)
    this.counts = counts
    this.isSpread = isSpread
  }
}
