import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import type { BlockMemory } from '../formats/block-memory.ts'

/** As scripts/split-kernel/duplicates.ts has them. */
const PARTITIONS = 128
const ENTRY_BYTES = 12
const HASHES_BYTES = 2048
/** Entries that go to the store, or to its file, at once. No multiple of 4096, so that chunks do not share lines of the cache. */
const CHUNK_BYTES = 2000 * ENTRY_BYTES
/** Chunks in memory beside those that are being filled: 3 MiB each of both. */
const KEPT_CHUNKS = 128

export interface CopyVisitor {
  /**
   * `record` has the hash of `first`, which is the first that has it. Those of one hash are a group; groups are numbered
   * until the next end.
   */
  copy(group: number, first: number, record: number): void
  /** The records of all groups up to `groups` have been named. */
  end(groups: number): void
}

/**
 * The hashes of all records, in some MiB of memory and beyond that in a file, so that equal ones can be found whatever the
 * number of records. A class because it fills up and has a file.
 */
export class HashStore {
  private readonly memory: BlockMemory
  private readonly spillPath: () => string
  private readonly chunksAt: number
  private readonly usedAt: number
  private readonly arenaAt: number
  private kept = 0
  /** Where each partition's full chunks are. */
  private readonly places: Place[][] = Array.from({ length: PARTITIONS }, () => [])
  private spill: Spill | null = null
  private closed = false

  constructor(memory: BlockMemory, spillPath: () => string) {
    const { kernel } = memory
    this.memory = memory
    this.spillPath = spillPath
    this.chunksAt = kernel.reserve(4 * PARTITIONS)
    this.usedAt = kernel.reserve(HASHES_BYTES + 4 * (PARTITIONS + 1)) + HASHES_BYTES
    // Memory that is never touched is never taken.
    this.arenaAt = kernel.reserve(CHUNK_BYTES * (PARTITIONS + KEPT_CHUNKS))
    const chunks = kernel.words(this.chunksAt, PARTITIONS)
    for (let i = 0; i < PARTITIONS; i++) chunks[i] = this.arenaAt + i * CHUNK_BYTES
  }

  /** Notes records of the block; `index` is the number of the first of them, which begins at `start`. */
  note(start: number, from: number, to: number, index: number): void {
    const { kernel, blockAt, endsAt, ends } = this.memory
    for (let at = from; ; ) {
      const begin = at === from ? start : (ends[at - 1] as number)
      at = kernel.run.noteRecords(
        blockAt,
        begin,
        endsAt,
        at,
        to,
        index + at - from,
        this.chunksAt,
        this.usedAt,
        CHUNK_BYTES,
      )
      if (at === to) return
      this.putAway(kernel.words(this.usedAt, PARTITIONS + 1)[PARTITIONS] as number)
    }
  }

  /**
   * Tells `visitor` of all records of equal hash.
   *
   * @param mostGroups Groups between two ends; where a partition has more, it is read several times.
   */
  compare(mostGroups: number, visitor: CopyVisitor): void {
    const { kernel } = this.memory
    const largest = Math.max(...this.places.map((_, partition) => this.entriesOf(partition)))
    const most = Math.min(largest, mostGroups)
    // Hashes are spread evenly, so that no pass over a partition meets many more than its share of different ones.
    const share = Math.max(1, Math.floor(most / 1.5) - 256)
    const slots = 2 ** Math.ceil(Math.log2(2 * (most + CHUNK_BYTES / ENTRY_BYTES)))
    const sizes = {
      kept: most * ENTRY_BYTES + CHUNK_BYTES,
      table: 4 * (slots + 1),
      pairs: CHUNK_BYTES,
      chunk: CHUNK_BYTES,
    }
    const keptAt = kernel.reserve(sizes.kept)
    const tableAt = kernel.reserve(sizes.table)
    const pairsAt = kernel.reserve(sizes.pairs)
    const chunkAt = kernel.reserve(sizes.chunk)
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const entries = this.entriesOf(partition)
      if (entries === 0) continue
      const passes = 2 ** Math.ceil(Math.log2(entries <= most ? 1 : entries / share))
      for (let pass = 0; pass < passes; pass++) {
        kernel.words(tableAt, slots).fill(0)
        let kept = 0
        this.eachChunk(partition, chunkAt, (address, count) => {
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
    kernel.release(keptAt, sizes.kept)
    kernel.release(tableAt, sizes.table)
    kernel.release(pairsAt, sizes.pairs)
    kernel.release(chunkAt, sizes.chunk)
  }

  /** Gives back memory and file. */
  close(): void {
    if (this.closed) return
    this.closed = true
    this.memory.kernel.release(this.arenaAt, CHUNK_BYTES * (PARTITIONS + KEPT_CHUNKS))
    this.spill?.close()
  }

  private entriesOf(partition: number): number {
    const used = this.memory.kernel.words(this.usedAt, PARTITIONS)[partition] as number
    return ((this.places[partition] as Place[]).length * CHUNK_BYTES + used) / ENTRY_BYTES
  }

  /** A partition's chunk is full: another one takes its place, or it goes to the file. */
  private putAway(partition: number): void {
    const { kernel } = this.memory
    const chunks = kernel.words(this.chunksAt, PARTITIONS)
    const address = chunks[partition] as number
    const places = this.places[partition] as Place[]
    if (this.kept < KEPT_CHUNKS) {
      places.push({ address })
      chunks[partition] = this.arenaAt + (PARTITIONS + this.kept++) * CHUNK_BYTES
    } else {
      this.spill ??= openSpill(this.spillPath())
      places.push({ offset: this.spill.write(kernel.bytes(address, CHUNK_BYTES)) })
    }
    kernel.words(this.usedAt, PARTITIONS)[partition] = 0
  }

  /** Calls `visit` for the entries of a partition in their order; those of the file pass by at `chunkAt`. */
  private eachChunk(partition: number, chunkAt: number, visit: (address: number, count: number) => void): void {
    const { kernel } = this.memory
    for (const place of this.places[partition] as Place[]) {
      if ('offset' in place) (this.spill as Spill).read(kernel.bytes(chunkAt, CHUNK_BYTES), place.offset)
      visit('offset' in place ? chunkAt : place.address, CHUNK_BYTES / ENTRY_BYTES)
    }
    const used = kernel.words(this.usedAt, PARTITIONS)[partition] as number
    if (used > 0) visit(kernel.words(this.chunksAt, PARTITIONS)[partition] as number, used / ENTRY_BYTES)
  }
}

type Place = { readonly address: number } | { readonly offset: number }

interface Spill {
  /** Appends a chunk and tells where it is. */
  write(bytes: Uint8Array): number
  read(into: Uint8Array, offset: number): void
  close(): void
}

function openSpill(path: string): Spill {
  const fd = openSync(path, 'wx+')
  let size = 0
  return {
    write(bytes) {
      const offset = size
      for (let written = 0; written < bytes.length; )
        written += writeSync(fd, bytes, written, bytes.length - written, offset + written)
      size += bytes.length
      return offset
    },
    read(into, offset) {
      for (let done = 0; done < into.length; ) {
        const read = readSync(fd, into, done, into.length - done, offset + done)
        if (read === 0) throw new Error(`${path} ends at ${offset + done} bytes`)
        done += read
      }
    },
    close() {
      closeSync(fd)
      rmSync(path, { force: true })
    },
  }
}
