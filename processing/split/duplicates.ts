import type { BlockMemory } from '../formats/block-memory.ts'
import { cellsOf } from './strategies/strategy.ts'
import type { PlannedFold, Round } from './strategies/strategy.ts'

/** Records that are followed at once, 24 bytes each. */
const MOST_ENTRIES = 2 ** 18
/** Of a fold's leaks, and of all folds', that are named. */
const MOST_EXAMPLES = 10

/** A record that a fold validates on, and one of the same bytes that it trains on: indices in the whole data. */
export interface Leak {
  readonly fold: number
  readonly validation: number
  readonly train: number
}

export interface Leaks {
  /** Validation records, fold by fold, whose bytes are also those of a record that the same fold trains on. */
  readonly records: number
  readonly examples: readonly Leak[]
}

/**
 * Finds records of equal bytes, line ends aside, by 64 bits of hash while they stream by. Of more records than it may keep
 * it follows those whose hash ends in some zero bits: all copies of a record or none, so that what it finds is a fair share
 * of what there is. A class because it fills up.
 */
export class Duplicates {
  private readonly memory: BlockMemory
  private readonly most: number
  private readonly hashesAt: number
  private readonly recordsAt: number
  private readonly firstsAt: number
  private readonly tableAt: number
  private readonly slots: number
  private entries = 0
  private records = 0
  private skipped = 0

  constructor(memory: BlockMemory, most: number = MOST_ENTRIES) {
    const { kernel, capacity } = memory
    const room = most + capacity
    this.memory = memory
    this.most = most
    this.slots = 2 ** Math.ceil(Math.log2(2 * room))
    // Memory that is never touched is never taken.
    this.hashesAt = kernel.reserve(8 * room)
    this.recordsAt = kernel.reserve(4 * room)
    this.firstsAt = kernel.reserve(4 * room)
    this.tableAt = kernel.reserve(4 * this.slots)
  }

  /** Share of all different records that are followed; 1 is every record. */
  get checkedShare(): number {
    return 1 / (this.skipped + 1)
  }

  /** Notes the records `from` to `to`, the last not included, of the block; the first of them begins at `start`. */
  note(start: number, from: number, to: number): void {
    const { kernel, blockAt, endsAt } = this.memory
    const { hashesAt, recordsAt, firstsAt, tableAt, slots } = this
    this.entries = kernel.run.noteRecords(
      blockAt,
      start,
      endsAt,
      from,
      to,
      this.records,
      this.entries,
      this.skipped,
      hashesAt,
      recordsAt,
      firstsAt,
      tableAt,
      slots - 1,
    )
    this.records += to - from
    while (this.entries > this.most) {
      this.skipped = 2 * this.skipped + 1
      kernel.words(tableAt, slots).fill(0)
      this.entries = kernel.run.thinEntries(
        this.entries,
        this.skipped,
        hashesAt,
        recordsAt,
        firstsAt,
        tableAt,
        slots - 1,
      )
    }
  }

  /** What leaks from the training sides of a round's folds to their validation sides. */
  leaks(round: Round, folds: ReadonlyMap<number, PlannedFold>): Leaks {
    const groups = this.groups(round)
    let records = 0
    const examples: Leak[] = []
    for (const [fold, { train, validation }] of folds) {
      const trained = new Set(cellsOf(train, round.cells))
      const validated = new Set(cellsOf(validation, round.cells))
      for (const cells of groups) {
        const source = [...cells].find(([cell]) => trained.has(cell))
        if (source === undefined) continue
        for (const [cell, { count, first }] of cells) {
          if (!validated.has(cell)) continue
          records += count
          if (examples.length < MOST_EXAMPLES) examples.push({ fold, validation: first, train: source[1].first })
        }
      }
    }
    return { records, examples }
  }

  /** Of every record with copies in several cells, how many lie in each, and the first of them. */
  private groups(round: Round): Map<number, Copies>[] {
    const { kernel } = this.memory
    const firsts = kernel.words(this.firstsAt, this.entries)
    const records = kernel.words(this.recordsAt, this.entries)
    const { cellOf } = round
    // Most data have few copies: one plain look for them before anything is built.
    const isSpread = new Uint8Array(firsts.length)
    for (let entry = 0; entry < firsts.length; entry++) {
      const first = firsts[entry] as number
      if (first !== entry && cellOf[records[first] as number] !== cellOf[records[entry] as number]) isSpread[first] = 1
    }
    const groups = new Map<number, Map<number, Copies>>()
    const add = (group: Map<number, Copies>, record: number) => {
      const cell = cellOf[record] as number
      const copies = group.get(cell)
      if (copies === undefined) group.set(cell, { count: 1, first: record })
      else copies.count++
    }
    for (let entry = 0; entry < firsts.length; entry++) {
      const first = firsts[entry] as number
      if (first === entry || isSpread[first] === 0) continue
      let group = groups.get(first)
      if (group === undefined) {
        group = new Map()
        groups.set(first, group)
        add(group, records[first] as number)
      }
      add(group, records[entry] as number)
    }
    return [...groups.values()]
  }
}

interface Copies {
  count: number
  readonly first: number
}
