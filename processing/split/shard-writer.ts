import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'

/** What was written to one shard, its header aside. */
export interface WrittenShard {
  readonly records: number
  readonly bytes: number
  /** Digest of the records with their line ends. */
  readonly sha256: string
}

const BUFFERS_BYTES = 32 * 1024 * 1024
const LARGEST_BUFFER = 512 * 1024
const SMALLEST_BUFFER = 4 * 1024
/** Beyond this many shards, files are opened for each write: a process may hold only so many. */
const OPEN_FILES = 512

/** Appends records to many files through large buffers. A class because open files have a lifetime. */
export class ShardWriter {
  private readonly shards: Shard[]
  private readonly header: Uint8Array
  private readonly bufferBytes: number
  private readonly keepOpen: boolean

  /** @param header Bytes that every file starts with; not part of its records. */
  constructor(paths: readonly string[], header: Uint8Array) {
    this.shards = paths.map(path => ({
      path,
      fd: -1,
      started: false,
      buffer: null,
      used: 0,
      records: 0,
      bytes: 0,
      hash: null,
    }))
    this.header = header
    this.bufferBytes = Math.max(SMALLEST_BUFFER, Math.min(LARGEST_BUFFER, Math.floor(BUFFERS_BYTES / paths.length)))
    this.keepOpen = paths.length <= OPEN_FILES
  }

  /** Appends `records` whole records. */
  append(index: number, bytes: Uint8Array, start: number, end: number, records: number): void {
    const shard = this.shards[index] as Shard
    shard.records += records
    shard.bytes += end - start
    shard.buffer ??= Buffer.allocUnsafeSlow(this.bufferBytes)
    if (shard.used + end - start > this.bufferBytes) {
      this.flush(shard)
      if (end - start > this.bufferBytes) return this.write(shard, bytes.subarray(start, end))
    }
    shard.buffer.set(bytes.subarray(start, end), shard.used)
    shard.used += end - start
  }

  /** Writes what is left and tells what every shard holds. Shards without records have no file. */
  finish(): WrittenShard[] {
    for (const shard of this.shards) this.flush(shard)
    this.close()
    const empty = createHash('sha256').digest('hex')
    return this.shards.map(({ records, bytes, hash }) => ({ records, bytes, sha256: hash?.digest('hex') ?? empty }))
  }

  close(): void {
    for (const shard of this.shards) {
      if (shard.fd >= 0) closeSync(shard.fd)
      shard.fd = -1
      shard.buffer = null
    }
  }

  private flush(shard: Shard): void {
    if (shard.used === 0 || shard.buffer === null) return
    this.write(shard, shard.buffer.subarray(0, shard.used))
    shard.used = 0
  }

  private write(shard: Shard, bytes: Uint8Array): void {
    const first = !shard.started
    if (shard.fd < 0) shard.fd = openSync(shard.path, first ? 'wx' : 'a')
    shard.started = true
    if (first) writeAll(shard.fd, this.header)
    shard.hash ??= createHash('sha256')
    shard.hash.update(bytes)
    writeAll(shard.fd, bytes)
    if (this.keepOpen) return
    closeSync(shard.fd)
    shard.fd = -1
  }
}

interface Shard {
  readonly path: string
  fd: number
  started: boolean
  buffer: Buffer | null
  used: number
  records: number
  bytes: number
  hash: Hash | null
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written, bytes.length - written)
}
