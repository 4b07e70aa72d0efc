import type { Kernel } from '../formats/kernel.ts'

/** As scripts/split-kernel/duplicates.ts has them. */
export const ENTRY_BYTES = 12
export const ENTRY_WORDS = ENTRY_BYTES / 4
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

/** Entries that pass the sieve at a time: up to so many, one in five is seen again by chance. */
const SIEVED = 2 ** 19
const SIEVE_WORDS = 2 ** 16

/**
 * Finds equal hashes among entries that come in chunks of the kernel's memory: a sieve takes out nearly all that have no equal,
 * and a table knows the rest. A class because it holds memory.
 */
export class CopyFinder {
  private readonly kernel: Kernel
  /** Groups that are compared at a time. */
  private readonly most: number
  private readonly sieveWords: number
  private readonly sizes: {
    readonly sieve: number
    readonly sieved: number
    readonly kept: number
    readonly table: number
    readonly pairs: number
  }
  private readonly sieveAt: number
  private readonly sievedAt: number
  private readonly keptAt: number
  private readonly tableAt: number
  private readonly pairsAt: number

  /** @param mostEntries That will ever be given to {@link find}. */
  constructor(kernel: Kernel, mostGroups: number, mostEntries: number) {
    this.kernel = kernel
    this.most = mostGroups
    this.sieveWords = Math.min(SIEVE_WORDS, powerOfTwo(mostEntries / 4))
    this.sizes = {
      sieve: 8 * this.sieveWords,
      sieved: CHUNK_BYTES + ENTRY_BYTES,
      kept: mostGroups * ENTRY_BYTES + CHUNK_BYTES,
      table: 4 * tableSlots(mostGroups),
      // Their number comes first.
      pairs: 4 + CHUNK_BYTES,
    }
    this.sieveAt = kernel.reserve(this.sizes.sieve)
    this.sievedAt = kernel.reserve(this.sizes.sieved)
    this.keptAt = kernel.reserve(this.sizes.kept)
    this.tableAt = kernel.reserve(this.sizes.table)
    this.pairsAt = kernel.reserve(this.sizes.pairs)
  }

  /** @param eachChunk Calls for the same entries again, in as many passes as their number needs. */
  find(entries: number, eachChunk: EachChunk, visitor: CopyVisitor): void {
    const { kernel, most, sieveAt, sieveWords, sizes } = this
    const passes = powerOfTwo(entries / SIEVED)
    for (let pass = 0; pass < passes; pass++) {
      kernel.bytes(sieveAt, sizes.sieve).fill(0)
      let places = 0
      eachChunk((address, count) => {
        places += kernel.run.sieveHashes(address, count, passes - 1, pass, sieveAt, sieveWords - 1)
      })
      if (places === 0) continue
      // Hashes are spread evenly: of different ones few places have more than two, and no part has many more than its share.
      const groups = Math.min(entries, 2.5 * places + 256)
      const parts = groups <= most ? 1 : powerOfTwo(groups / Math.max(1, most / 1.5 - 256))
      for (let part = 0; part < parts; part++)
        this.compare(eachChunk, passes * parts - 1, pass + part * passes, Math.min(most, groups), visitor)
    }
  }

  /** Compares what was seen again of the entries whose hash has the bits `wanted` of `subset`. */
  private compare(eachChunk: EachChunk, subset: number, wanted: number, groups: number, visitor: CopyVisitor): void {
    const { kernel, most, sieveAt, sieveWords, sievedAt, keptAt, tableAt, pairsAt } = this
    const slots = tableSlots(groups)
    kernel.words(tableAt, slots).fill(0)
    let kept = 0
    eachChunk((address, count) => {
      if (kept > Math.min(most, groups)) throw new Error('the hashes of the records are not spread evenly')
      const sieved = kernel.run.takeSieved(address, count, subset, wanted, sieveAt, sieveWords - 1, sievedAt)
      kept = kernel.run.findCopies(sievedAt, sieved, keptAt, kept, tableAt, slots - 1, pairsAt + 4, pairsAt)
      const found = kernel.words(pairsAt, 1)[0] as number
      if (found === 0) return
      const pairs = kernel.words(pairsAt + 4, 2 * found)
      const firsts = kernel.words(keptAt, (kept * ENTRY_BYTES) / 4)
      for (let i = 0; i < pairs.length; i += 2)
        visitor.copy(pairs[i] as number, firsts[3 * (pairs[i] as number) + 2] as number, pairs[i + 1] as number)
    })
    visitor.end(kept)
  }

  close(): void {
    const { kernel, sizes } = this
    kernel.release(this.sieveAt, sizes.sieve)
    kernel.release(this.sievedAt, sizes.sieved)
    kernel.release(this.keptAt, sizes.kept)
    kernel.release(this.tableAt, sizes.table)
    kernel.release(this.pairsAt, sizes.pairs)
  }
}

/** Of a table in which so many groups, and those of one more chunk, are found quickly. */
function tableSlots(groups: number): number {
  return powerOfTwo(2 * (groups + CHUNK_BYTES / ENTRY_BYTES))
}

/** The least one that is not below `value`. */
export function powerOfTwo(value: number): number {
  return value <= 1 ? 1 : 2 ** Math.ceil(Math.log2(value))
}
