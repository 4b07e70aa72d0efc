import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import type { BlockMemory } from '../formats/block-memory.ts'
import { CHUNK_BYTES, CopyFinder, ENTRY_BYTES } from './copy-finder.ts'
import type { CopySource, CopyVisitor } from './copy-finder.ts'

/** As scripts/split-kernel/duplicates.ts has them. */
export const PARTITIONS = 32
const HASHES_BYTES = 2048
/** Chunks in memory beside those that are being filled: 6 MiB of both. */
const KEPT_CHUNKS = 224

/**
 * The hashes of all records, in some MiB of memory and beyond that in a file, so that equal ones can be found whatever the
 * number of records. A class because it fills up and has a file.
 */
export class HashStore implements CopySource {
  private readonly memory: BlockMemory
  private readonly spillPath: () => string
  private readonly chunksAt: number
  private readonly usedAt: number
  private readonly arenaAt: number
  /** Noted so far; the next one's number. */
  private records = 0
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

  /** Notes the records `from` to `to`, the last not included, of the block; the first of them begins at `start`. */
  note(start: number, from: number, to: number): void {
    const { kernel, blockAt, endsAt, ends } = this.memory
    for (let at = from; ; ) {
      const begin = at === from ? start : (ends[at - 1] as number)
      at = kernel.run.noteRecords(
        blockAt,
        begin,
        endsAt,
        at,
        to,
        this.records + at - from,
        this.chunksAt,
        this.usedAt,
        CHUNK_BYTES,
      )
      if (at === to) break
      this.putAway(kernel.words(this.usedAt, PARTITIONS + 1)[PARTITIONS] as number)
    }
    this.records += to - from
  }

  /**
   * Tells `visitor` of all records of equal hash.
   *
   * @param mostGroups Groups between two ends; where a partition has more, it is read several times.
   */
  compare(mostGroups: number, visitor: CopyVisitor): void {
    const { kernel } = this.memory
    const sizes = this.places.map((_, partition) => this.entriesOf(partition))
    const largest = Math.max(...sizes)
    const finder = new CopyFinder(kernel, Math.min(largest, mostGroups), largest)
    const chunkAt = kernel.reserve(CHUNK_BYTES)
    for (const [partition, entries] of sizes.entries())
      if (entries > 0) finder.find(entries, visit => this.eachChunk(partition, chunkAt, visit), visitor)
    kernel.release(chunkAt, CHUNK_BYTES)
    finder.close()
  }

  /** The entries of a partition one after the other: each the hash (u64), then the record's index (u32). */
  entries(partition: number): Uint8Array<ArrayBuffer> {
    const { kernel } = this.memory
    const all = new Uint8Array(this.entriesOf(partition) * ENTRY_BYTES)
    const chunkAt = kernel.reserve(CHUNK_BYTES)
    let filled = 0
    this.eachChunk(partition, chunkAt, (address, count) => {
      all.set(kernel.bytes(address, count * ENTRY_BYTES), filled)
      filled += count * ENTRY_BYTES
    })
    kernel.release(chunkAt, CHUNK_BYTES)
    return all
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
