import { contentEnd } from '../formats/lines.ts'
import type { RecordCodec } from '../formats/format.ts'
import { changedInput, checkUnchanged } from './input-files.ts'
import { readBlocks } from './read-blocks.ts'
import type { Block } from './read-blocks.ts'
import { ShardWriter } from './shard-writer.ts'
import type { WrittenShard } from './shard-writer.ts'
import type { Round } from './strategies/strategy.ts'
import type { Survey } from './survey.ts'

export interface PartitionRequest {
  readonly survey: Survey
  readonly codec: RecordCodec
  readonly round: Round
  /** Path of each cell's shard; its folder exists. */
  readonly paths: readonly string[]
  readonly onBytes: (count: number) => void
}

/** Second pass: copies every record, byte for byte, to the shard of its cell. */
export async function partition({ survey, codec, round, paths, onBytes }: PartitionRequest): Promise<WrittenShard[]> {
  const { header, lineEnd } = survey
  const writer = new ShardWriter(paths, header === null ? new Uint8Array(0) : Buffer.concat([header, lineEnd]))
  try {
    let record = 0
    for (const file of survey.files) {
      const last = record + file.records
      let expectsHeader = header !== null
      for await (const block of readBlocks(file, codec, bytes => onBytes(bytes.length))) {
        const begin = firstRecord(block, expectsHeader, codec)
        if (begin > 0) expectsHeader = false
        record = copyBlock(block, begin, { codec, writer, round, record, last, lineEnd })
        if (record < 0) throw changedInput(file)
      }
      if (record !== last) throw changedInput(file)
      checkUnchanged(file)
    }
    return writer.finish()
  } finally {
    writer.close()
  }
}

/** Index of the first line that is no header and nothing before it. */
function firstRecord(block: Block, expectsHeader: boolean, codec: RecordCodec): number {
  if (!expectsHeader) return 0
  let { start } = block
  for (let i = 0; i < block.count; i++) {
    const stop = block.ends[i] as number
    if (contentEnd(block.bytes, start, stop) > start || !codec.skipsEmptyLines) return i + 1
    start = stop
  }
  return block.count
}

interface Copying {
  readonly codec: RecordCodec
  readonly writer: ShardWriter
  readonly round: Round
  /** Index of the block's first record in the whole data, and the index that this file must not reach. */
  readonly record: number
  readonly last: number
  readonly lineEnd: Uint8Array
}

/** Neighbours of one cell are copied in one piece. Returns the next record's index, or -1 when there are too many. */
function copyBlock(block: Block, begin: number, { codec, writer, round, record, last, lineEnd }: Copying): number {
  const { bytes, ends, count } = block
  const { cellOf } = round
  let start = begin === 0 ? block.start : (ends[begin - 1] as number)
  let runStart = start
  let runCell = -1
  let runRecords = 0
  for (let i = begin; i < count; i++) {
    const stop = ends[i] as number
    const empty = stop - start <= 2 && codec.skipsEmptyLines && contentEnd(bytes, start, stop) === start
    if (!empty && record === last) return -1
    const cell = empty ? -1 : (cellOf[record++] as number)
    if (cell !== runCell) {
      if (runCell >= 0) writer.append(runCell, bytes, runStart, start, runRecords)
      runStart = start
      runCell = cell
      runRecords = 0
    }
    runRecords++
    start = stop
  }
  if (runCell >= 0) {
    writer.append(runCell, bytes, runStart, start, runRecords)
    if (block.unterminated) writer.append(runCell, lineEnd, 0, lineEnd.length, 0)
  }
  return record
}
