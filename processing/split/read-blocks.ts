import { setImmediate } from 'node:timers/promises'
import { UserError } from '../../schemas/problem.ts'
import type { BlockMemory } from '../formats/block-memory.ts'
import { MalformedRecord } from '../formats/format.ts'
import type { ByteSource, RecordCodec } from '../formats/format.ts'
import { openSource } from './byte-source.ts'
import type { InputFile } from './input-files.ts'

/** A run of whole records. The memory is reused: what is in it is gone when the next block is read. */
export interface Block {
  readonly memory: BlockMemory
  readonly bytes: Uint8Array
  /** Where the first record starts. */
  readonly start: number
  /** Offset after each record; `ends[0, count)`. */
  readonly ends: Uint32Array
  readonly count: number
  /** Place of `bytes[0]` in the file. */
  readonly position: number
  /** The last record of this block is the last of the file and has no line end. */
  readonly unterminated: boolean
}

export interface ReadRequest {
  readonly memory: BlockMemory
  readonly codec: RecordCodec
  /** Whether the records are to be inspected, or only to be found. */
  readonly inspects: boolean
  /** Told how many bytes each read gave. */
  readonly onBytes: (count: number) => void
}

/** Records longer than this are refused: memory stays bounded whatever comes in. */
export const MAX_RECORD_BYTES = 32 * 1024 * 1024

const READ_BYTES = 1024 * 1024
/** Reads between two turns of the event loop, so that a signal is heard. */
const READS_PER_TURN = 32

/** Reads a file as blocks of whole records. */
export async function* readBlocks(file: InputFile, request: ReadRequest): AsyncGenerator<Block> {
  const { memory, codec, inspects, onBytes } = request
  const source = openRecords(file, codec)
  try {
    let length = 0
    let position = 0
    for (let reads = 1; ; reads++) {
      if (memory.size - length < READ_BYTES) memory.reserve(Math.max(2 * READ_BYTES, 2 * memory.size), length)
      const { bytes, ends } = memory
      const read = await source.read(bytes, length, READ_BYTES)
      onBytes(read)
      length += read
      const last = read === 0
      for (let full = true; full; ) {
        const start = position === 0 ? byteOrderMark(bytes, length) : 0
        let count = inspects ? codec.scan(memory, start, length) : codec.findEnds(memory, start, length)
        full = count === ends.length
        const rest = length - (count === 0 ? start : (ends[count - 1] as number))
        const unterminated = last && !full && rest > 0
        if (unterminated) {
          memory.kernel.bytes(memory.irregularAt, count + 1)[count] = 1
          ends[count++] = length
        }
        if (count === 0) {
          if (length > MAX_RECORD_BYTES) refuseLongRecord(bytes, length, codec)
          continue
        }
        yield { memory, bytes, start, ends, count, position, unterminated }
        const done = ends[count - 1] as number
        bytes.copyWithin(0, done, length)
        length -= done
        position += done
      }
      if (last) return
      if (reads % READS_PER_TURN === 0) await setImmediate()
    }
  } finally {
    source.close()
  }
}

function openRecords(file: InputFile, codec: RecordCodec): ByteSource {
  return codec.openRecords?.(file.path, file.name) ?? openSource(file)
}

function refuseLongRecord(bytes: Uint8Array, length: number, codec: RecordCodec): never {
  // The true reason is often a quote that is never closed; the codec says so, with its place.
  codec.inspect(bytes, 0, length, [])
  throw new MalformedRecord(
    0,
    `the record is longer than ${MAX_RECORD_BYTES / 2 ** 20} MiB — check the line ends and the quotes`,
  )
}

function byteOrderMark(bytes: Uint8Array, length: number): 0 | 3 {
  return length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
}

/** Runs `work` and names file and line when a record of `file` is malformed. `place` tells where the bytes at hand lie. */
export async function locateProblems<T>(
  file: InputFile,
  codec: RecordCodec,
  place: () => number,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof MalformedRecord)) throw error
    const offset = place() + error.offset
    const where = codec.places === 'byte' ? `, byte ${offset}` : `:${await lineAt(file, codec, offset)}`
    throw new UserError(`${file.name}${where} — ${error.message}`, { cause: error })
  }
}

/** 1-based line of a byte: counted only when somebody asks, so that good data does not pay for it. */
async function lineAt(file: InputFile, codec: RecordCodec, offset: number): Promise<number> {
  const source = openRecords(file, codec)
  try {
    const bytes = Buffer.allocUnsafe(READ_BYTES)
    let line = 1
    for (let position = 0; position < offset; ) {
      const read = await source.read(bytes, 0, Math.min(READ_BYTES, offset - position))
      if (read === 0) break
      for (let at = bytes.indexOf(0x0a); at >= 0 && at < read; at = bytes.indexOf(0x0a, at + 1)) line++
      position += read
    }
    return line
  } finally {
    source.close()
  }
}
