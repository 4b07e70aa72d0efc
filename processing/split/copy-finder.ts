import type { Kernel } from '../formats/kernel.ts'

/** As scripts/split-kernel/duplicates.ts has them. */
export const ENTRY_BYTES = 12
/** Entries that go to a store, or to its file, at once. No multiple of 4096, so that chunks do not share lines of the cache. */
export const CHUNK_BYTES = 2000 * ENTRY_BYTES

/** Groups that are compared at a time. */
export const MOST_GROUPS = 2 ** 18

export interface CopyVisitor {
  /**
   * `record` has the hash of `first`, which is the first that has it. Those of one hash are a group; groups are numbered
   * until the next end.
   */
  copy(group: number, first: number, record: number): void
  /** The records of all groups up to `groups` have been named. */
  end(groups: number): void
}

/** Who knows the records of equal bytes. */
export interface CopySource {
  /** Tells `visitor` of all of them, with at most about so many groups between two ends. */
  compare(mostGroups: number, visitor: CopyVisitor): void
}

type EachChunk = (visit: (address: number, count: number) => void) => void

/** Finds equal hashes among entries that come in chunks of the kernel's memory. A class because it holds memory. */
export class CopyFinder {
  private readonly kernel: Kernel
  /** Groups that are compared at a time. */
  private readonly most: number
  private readonly slots: number
  private readonly sizes: { readonly kept: number; readonly table: number; readonly pairs: number }
  private readonly keptAt: number
  private readonly tableAt: number
  private readonly pairsAt: number

  constructor(kernel: Kernel, mostGroups: number) {
    this.kernel = kernel
    this.most = mostGroups
    this.slots = 2 ** Math.ceil(Math.log2(2 * (mostGroups + CHUNK_BYTES / ENTRY_BYTES)))
    this.sizes = {
      kept: mostGroups * ENTRY_BYTES + CHUNK_BYTES,
      table: 4 * (this.slots + 1),
      pairs: CHUNK_BYTES,
    }
    this.keptAt = kernel.reserve(this.sizes.kept)
    this.tableAt = kernel.reserve(this.sizes.table)
    this.pairsAt = kernel.reserve(this.sizes.pairs)
  }

  /** @param eachChunk Calls for the same entries again, in as many passes as their number needs. */
  find(entries: number, eachChunk: EachChunk, visitor: CopyVisitor): void {
    const { kernel, most, slots, keptAt, tableAt, pairsAt } = this
    // Hashes are spread evenly, so that no pass meets many more than its share of different ones.
    const share = Math.max(1, Math.floor(most / 1.5) - 256)
    const passes = 2 ** Math.ceil(Math.log2(entries <= most ? 1 : entries / share))
    for (let pass = 0; pass < passes; pass++) {
      kernel.words(tableAt, slots).fill(0)
      let kept = 0
      eachChunk((address, count) => {
        if (kept > most) throw new Error('the hashes of the records are not spread evenly')
        kept = kernel.run.findCopies(address, count, passes - 1, pass, keptAt, kept, tableAt, slots - 1, pairsAt)
        const found = kernel.words(tableAt, slots + 1)[slots] as number
        if (found === 0) return
        const pairs = kernel.words(pairsAt, 2 * found)
        const firsts = kernel.words(keptAt, (kept * ENTRY_BYTES) / 4)
        for (let i = 0; i < pairs.length; i += 2)
          visitor.copy(pairs[i] as number, firsts[3 * (pairs[i] as number) + 2] as number, pairs[i + 1] as number)
      })
      visitor.end(kept)
    }
  }

  close(): void {
    const { kernel, sizes } = this
    kernel.release(this.keptAt, sizes.kept)
    kernel.release(this.tableAt, sizes.table)
    kernel.release(this.pairsAt, sizes.pairs)
  }
}
