import { closeSync, openSync, writeSync } from 'node:fs'
import type { Kernel } from '../formats/kernel.ts'
import type { Digests, GrowingDigest } from './digests.ts'
import type { Block } from './read-blocks.ts'

/** What was written to one shard, its header aside. */
export interface WrittenShard {
  readonly records: number
  readonly bytes: number
  /** Digest of the records with their line ends, read back from the file. */
  readonly digest: string
}

/** A shard that lies on the disk while its digest may still be under way. */
export type UndigestedShard = Omit<WrittenShard, 'digest'> & { readonly digest: Promise<string> }

/** Waits for the digests. */
export async function digested(shards: readonly UndigestedShard[]): Promise<WrittenShard[]> {
  return await Promise.all(shards.map(async shard => ({ ...shard, digest: await shard.digest })))
}

/** The cell of a line that goes to no shard. */
export const NO_CELL = 0xffffffff

/** The cell of each line of a block: bytes when every line goes to one of few shards. */
export type BlockCells = Uint8Array | Uint32Array

const BUFFERS_BYTES = 24 * 1024 * 1024
/** Larger ones leave the processor's cache before they are written. */
const LARGEST_BUFFER = 256 * 1024
/** What a digest is told of at once, when a shard is that long. */
const DIGESTED_BYTES = 4 * 1024 * 1024
const SMALLEST_BUFFER = 4 * 1024
/** The kernel copies 32 bytes at a time. */
const SLACK = 64
/** Beyond this many shards, files are opened for each write: a process may hold only so many. */
const OPEN_FILES = 512

/** Appends records to many files through large buffers. A class because open files have a lifetime. */
export class ShardWriter {
  private readonly shards: Shard[]
  private header: Uint8Array
  private readonly kernel: Kernel
  private readonly digests: Digests
  private readonly keepOpen: boolean
  /** Bytes of one buffer that records may fill. */
  private readonly room: number
  private readonly buffersAt: number
  private readonly usedAt: number
  private readonly recordsAt: number
  /** The first of the shards, whose digests this thread takes itself. */
  private readonly ownDigests: number
  private closed = false

  /**
   * @param header Bytes that every file starts with; not part of its records.
   * @param bytes Of all records, when they are known.
   */
  constructor(paths: readonly string[], header: Uint8Array, kernel: Kernel, digests: Digests, bytes?: number) {
    this.ownDigests = bytes === undefined ? 0 : digests.ownShare(bytes, paths.length)
    this.shards = paths.map(path => ({ path, fd: -1, started: false, bytes: 0, records: 0, digest: null, digested: 0 }))
    this.header = header
    this.kernel = kernel
    this.digests = digests
    this.keepOpen = paths.length <= OPEN_FILES
    const share = Math.floor(BUFFERS_BYTES / paths.length / SLACK) * SLACK
    this.room = Math.max(SMALLEST_BUFFER, Math.min(LARGEST_BUFFER, share)) - SLACK
    this.buffersAt = kernel.reserve((this.room + SLACK) * paths.length)
    this.usedAt = kernel.reserve(4 * paths.length)
    this.recordsAt = kernel.reserve(4 * paths.length)
  }

  /** Another header than the one that it was made with, before anything is written. */
  startWith(header: Uint8Array): void {
    this.header = header
  }

  /** Copies the records of a block from `begin` on; `cells` lie in the block's memory. */
  appendBlock({ memory, bytes, ends, count, start }: Block, begin: number, cells: BlockCells): void {
    const { room, buffersAt, usedAt, recordsAt } = this
    const { blockAt, endsAt, cellsAt } = memory
    const { copyRecords, copyChosen } = this.kernel.run
    const copy = cells instanceof Uint8Array ? copyRecords : copyChosen
    const used = this.kernel.words(usedAt, this.shards.length)
    const startOf = (i: number) => (i === 0 ? start : (ends[i - 1] as number))
    for (let i = begin; ; ) {
      i = copy(blockAt, startOf(i), endsAt, i, count, cellsAt, buffersAt, room + SLACK, room, usedAt, recordsAt)
      if (i === count) return
      const cell = cells[i] as number
      this.flush(cell, used)
      const length = (ends[i] as number) - startOf(i)
      if (length <= room) continue
      const shard = this.shards[cell] as Shard
      this.write(shard, bytes.subarray(startOf(i), ends[i]))
      shard.records++
      i++
      if (i === count) return
    }
  }

  /** Appends bytes that are no record of their own: the line end that a last record lacks. */
  appendBytes(cell: number, bytes: Uint8Array): void {
    this.flush(cell, this.kernel.words(this.usedAt, this.shards.length))
    this.write(this.shards[cell] as Shard, bytes)
  }

  /** Writes what is left and tells what every shard holds. Shards without records have no file. */
  finish(): UndigestedShard[] {
    const used = this.kernel.words(this.usedAt, this.shards.length)
    for (let cell = 0; cell < this.shards.length; cell++) this.flush(cell, used)
    for (const shard of this.shards) this.tellDigest(shard)
    const counted = this.kernel.words(this.recordsAt, this.shards.length)
    const records = this.shards.map((shard, cell) => shard.records + (counted[cell] as number))
    this.close()
    return this.shards.map(({ bytes, digest }, cell) => ({
      records: records[cell] as number,
      bytes,
      digest: digest?.end() ?? Promise.resolve(emptyDigest),
    }))
  }

  close(): void {
    for (const shard of this.shards) {
      if (shard.fd >= 0) closeSync(shard.fd)
      shard.fd = -1
    }
    const { kernel, shards, room } = this
    if (this.closed) return
    this.closed = true
    kernel.release(this.buffersAt, (room + SLACK) * shards.length)
    kernel.release(this.usedAt, 4 * shards.length)
    kernel.release(this.recordsAt, 4 * shards.length)
  }

  private flush(cell: number, used: Uint32Array): void {
    const filled = used[cell] as number
    if (filled === 0) return
    const buffer = this.kernel.bytes(this.buffersAt + cell * (this.room + SLACK), filled)
    this.write(this.shards[cell] as Shard, buffer)
    used[cell] = 0
  }

  private write(shard: Shard, bytes: Uint8Array): void {
    const first = !shard.started
    if (shard.fd < 0) shard.fd = openSync(shard.path, first ? 'wx' : 'a')
    shard.started = true
    if (first) writeAll(shard.fd, this.header)
    writeAll(shard.fd, bytes)
    shard.bytes += bytes.length
    if (shard.bytes - shard.digested >= DIGESTED_BYTES) this.tellDigest(shard)
    if (this.keepOpen) return
    closeSync(shard.fd)
    shard.fd = -1
  }

  private tellDigest(shard: Shard): void {
    if (shard.bytes === shard.digested) return
    shard.digest ??= this.digests.start(this.shards.indexOf(shard) < this.ownDigests ? 'here' : 1)
    shard.digest.read(shard.path, this.header.length + shard.digested, shard.bytes - shard.digested)
    shard.digested = shard.bytes
  }
}

/** BLAKE3 of nothing. */
const emptyDigest = 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'

interface Shard {
  readonly path: string
  fd: number
  started: boolean
  bytes: number
  /** Those that were too long for a buffer; the others are counted by the kernel. */
  records: number
  digest: GrowingDigest | null
  /** How many of the bytes it has been told of. */
  digested: number
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written, bytes.length - written)
}
