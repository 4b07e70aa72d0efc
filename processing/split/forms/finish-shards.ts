import { createReadStream, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { SplitOptions } from '../../../schemas/split-options.ts'
import type { BlockMemory } from '../../formats/block-memory.ts'
import type { Format, RecordCodec } from '../../formats/format.ts'
import { formats } from '../../formats/formats.ts'
import { readBlocks } from '../read-blocks.ts'
import { compressions, writeCompressed } from './compressions.ts'

export interface FinishRequest {
  readonly options: SplitOptions
  readonly codec: RecordCodec
  readonly memory: BlockMemory
  /** What every file starts with. */
  readonly header: Uint8Array
  /** Of the format, with the dot. */
  readonly extension: string
}

/** Whether shards are written in another form than the records have. */
export function changesShards({ compress, shardSize, ...options }: SplitOptions): boolean {
  const { rewritesFiles }: Format = formats[options.format]
  return (compress ?? 'none') !== 'none' || shardSize !== undefined || rewritesFiles === true
}

/**
 * Cuts a written shard into files of a given size and compresses them, in the shard's folder and in its place. The records
 * stay in their order, and the order of the files' names is theirs.
 *
 * @returns the files' names
 */
export async function finishShard(path: string, request: FinishRequest): Promise<string[]> {
  const { options, extension, codec } = request
  const { compress = 'none' } = options
  const raw = `${path}.records`
  renameSync(path, raw)
  const write = (records: AsyncIterable<Uint8Array>, target: string) =>
    codec.writeRecords?.(records, target) ?? writeCompressed(target, compress, records)
  const stem = basename(path, extension)
  const ending = extension + compressions[compress].extension
  const names: string[] = []
  if (options.shardSize === undefined) {
    names.push(stem + ending)
    await write(createReadStream(raw), join(dirname(path), stem + ending))
  } else
    for await (const piece of cutShard(raw, request, options.shardSize)) {
      const name = `${stem}.${String(names.length).padStart(PIECE_DIGITS, '0')}${ending}`
      names.push(name)
      await write(piece, join(dirname(path), name))
    }
  rmSync(raw)
  return names
}

const PIECE_DIGITS = 5

/** Pieces of whole records with at most `size` bytes of them, or with one record that is longer. Each must be read to its end. */
async function* cutShard(
  path: string,
  { codec, memory, header }: FinishRequest,
  size: number,
): AsyncGenerator<AsyncIterable<Uint8Array>> {
  const { size: bytes, mtimeMs } = statSync(path)
  const file = { name: basename(path), path, bytes, modified: mtimeMs }
  // The shard holds the records themselves, also of a format whose files do not.
  const { openRecords: _none, ...plain } = codec
  const blocks = readBlocks(file, { memory, codec: plain, inspects: false, onBytes: () => {} })
  let next = await blocks.next()
  /** The first record that no piece has yet, in the block at hand. */
  let record = 0
  let at = next.done === true ? 0 : next.value.start
  if (header.length > 0 && next.done !== true) at = next.value.ends[record++] as number
  while (next.done !== true) yield piece()

  async function* piece(): AsyncGenerator<Uint8Array> {
    if (header.length > 0) yield header
    let filled = 0
    while (next.done !== true) {
      const { bytes: block, ends, count } = next.value
      const from = at
      while (record < count) {
        const length = (ends[record] as number) - at
        if (filled > 0 && filled + length > size) break
        filled += length
        at += length
        record++
      }
      if (at > from) yield block.subarray(from, at)
      if (record < count) return
      next = await blocks.next()
      record = 0
      at = next.done === true ? 0 : next.value.start
    }
  }
}
