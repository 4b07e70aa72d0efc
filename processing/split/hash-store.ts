import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import type { BlockMemory } from '../formats/block-memory.ts'
import { CHUNK_BYTES, CopyFinder, ENTRY_BYTES, ENTRY_WORDS } from './copy-finder.ts'
import type { CopySource, CopyVisitor } from './copy-finder.ts'

/** As scripts/split-kernel/duplicates.ts has them. */
export const PARTITIONS = 32
const HASHES_BYTES = 2048
/** Chunks in memory beside those that are being filled: 3 MiB of both. */
const KEPT_CHUNKS = 96
/** Chunks of the file that are read once, where a partition has no more: 4 MiB. */
const READ_CHUNKS = 170

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
    const room = this.spill === null ? 1 : READ_CHUNKS
    const roomAt = kernel.reserve(room * CHUNK_BYTES)
    for (const [partition, entries] of sizes.entries()) {
      if (entries === 0) continue
      const isHeld = (this.places[partition] as Place[]).length <= room
      let isRead = false
      const eachChunk = (visit: ChunkVisitor) => {
        this.eachChunk(partition, { at: roomAt, isHeld, isRead }, visit)
        isRead = isHeld
      }
      finder.find(entries, eachChunk, visitor)
    }
    kernel.release(roomAt, room * CHUNK_BYTES)
    finder.close()
  }

  /**
   * The entries of a partition one after the other: each the hash (u64), then the record's index (u32).
   *
   * @param piece Only those whose hash belongs to this one of so many pieces, a power of two.
   */
  entries(
    partition: number,
    { piece, pieces }: { readonly piece: number; readonly pieces: number },
  ): Uint32Array<ArrayBuffer> {
    const { kernel } = this.memory
    const all = new Uint32Array(this.entriesOf(partition) * ENTRY_WORDS)
    const chunkAt = kernel.reserve(CHUNK_BYTES)
    let filled = 0
    this.eachChunk(partition, { at: chunkAt, isHeld: false, isRead: false }, (address, count) => {
      const words = kernel.words(address, count * ENTRY_WORDS)
      for (let at = 0; at < words.length; at += ENTRY_WORDS) {
        // Bits of the hash that neither partitions nor the parts of a comparison go by.
        if ((((words[at + 1] as number) >>> 20) & (pieces - 1)) !== piece) continue
        for (let word = 0; word < ENTRY_WORDS; word++) all[filled++] = words[at + word] as number
      }
    })
    kernel.release(chunkAt, CHUNK_BYTES)
    return all.subarray(0, filled)
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

  /** Calls `visit` for the entries of a partition in their order. */
  private eachChunk(partition: number, room: ChunkRoom, visit: ChunkVisitor): void {
    const { kernel } = this.memory
    for (const [at, place] of (this.places[partition] as Place[]).entries()) {
      const address = 'address' in place ? place.address : room.at + (room.isHeld ? at * CHUNK_BYTES : 0)
      if ('offset' in place && !room.isRead)
        (this.spill as Spill).read(kernel.bytes(address, CHUNK_BYTES), place.offset)
      visit(address, CHUNK_BYTES / ENTRY_BYTES)
    }
    const used = kernel.words(this.usedAt, PARTITIONS)[partition] as number
    if (used > 0) visit(kernel.words(this.chunksAt, PARTITIONS)[partition] as number, used / ENTRY_BYTES)
  }
}

type ChunkVisitor = (address: number, count: number) => void

/** Where the chunks of the file pass by. */
interface ChunkRoom {
  readonly at: number
  /** There is room for all of them. */
  readonly isHeld: boolean
  /** They are there already. */
  readonly isRead: boolean
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
