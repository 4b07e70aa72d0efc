import type { BlockMemory } from '../formats/block-memory.ts'
import type { RecordCodec } from '../formats/format.ts'
import { contentEnd } from '../formats/lines.ts'
import type { Digests } from './digests.ts'
import type { KeyedFolds } from './keyed-folds.ts'
import { afterHeader } from './partition.ts'
import type { Block } from './read-blocks.ts'
import { NO_CELL, ShardWriter } from './shard-writer.ts'
import type { UndigestedShard } from './shard-writer.ts'

/** What the first pass knows when it has inspected a block. */
export interface SurveyedBlock {
  readonly block: Block
  /** No header was seen in its file before. */
  readonly expectedHeader: boolean
  readonly header: Uint8Array | null
  readonly lineEnd: Uint8Array
}

export interface WhileSurveyingRequest {
  /** Path of each fold's shard; its folder exists. */
  readonly paths: readonly string[]
  readonly memory: BlockMemory
  readonly digests: Digests
  readonly codec: RecordCodec
  /** Has the fold of every record up to the end of the block at hand. */
  readonly folds: KeyedFolds
  readonly dropsHeader: boolean
}

/**
 * Writes records to the shards of their folds in the first and only pass, for strategies that need to know nothing of the
 * other records. A class because it writes open files.
 */
export class WriteWhileSurveying {
  private readonly request: WhileSurveyingRequest
  private readonly writer: ShardWriter
  private records = 0

  constructor(request: WhileSurveyingRequest) {
    this.request = request
    // Made before anything is read, because it takes memory, and views of a block do not outlive that.
    this.writer = new ShardWriter(request.paths, new Uint8Array(0), request.memory.kernel, request.digests)
  }

  take({ block, expectedHeader, header, lineEnd }: SurveyedBlock): void {
    const { codec, folds, memory, dropsHeader } = this.request
    if (header !== null && !dropsHeader) this.writer.startWith(Buffer.concat([header, lineEnd]))
    const { bytes, ends, count } = block
    const begin = expectedHeader ? afterHeader(block, codec) : 0
    const cells = memory.kernel.words(memory.cellsAt, count)
    const { foldOf } = folds
    let start = begin === 0 ? block.start : (ends[begin - 1] as number)
    for (let i = begin; i < count; i++) {
      const stop = ends[i] as number
      const empty = codec.skipsEmptyLines && stop - start <= 2 && contentEnd(bytes, start, stop) === start
      cells[i] = empty ? NO_CELL : (foldOf[this.records++] as number)
      start = stop
    }
    this.writer.appendBlock(block, begin, cells)
    const last = cells[count - 1]
    if (block.unterminated && count > begin && last !== undefined && last !== NO_CELL)
      this.writer.appendBytes(last, lineEnd)
  }

  finish(): UndigestedShard[] {
    return this.writer.finish()
  }

  close(): void {
    this.writer.close()
  }
}
