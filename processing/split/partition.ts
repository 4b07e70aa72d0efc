import type { BlockMemory } from '../formats/block-memory.ts'
import type { RecordCodec } from '../formats/format.ts'
import { contentEnd } from '../formats/lines.ts'
import type { Digests } from './digests.ts'
import { changedInput, checkUnchanged } from './input-files.ts'
import { readBlocks } from './read-blocks.ts'
import type { Block } from './read-blocks.ts'
import { NO_CELL, ShardWriter } from './shard-writer.ts'
import type { BlockCells, UndigestedShard } from './shard-writer.ts'
import type { Round } from './strategies/strategy.ts'
import { writtenHeader } from './survey.ts'
import type { Survey } from './survey.ts'

export interface PartitionRequest {
  readonly survey: Survey
  readonly memory: BlockMemory
  readonly digests: Digests
  readonly codec: RecordCodec
  readonly round: Round
  /** Path of each cell's shard; its folder exists. */
  readonly paths: readonly string[]
  readonly onBytes: (count: number) => void
}

/** Second pass: copies every record, byte for byte, to the shard of its cell. */
export async function partition(request: PartitionRequest): Promise<UndigestedShard[]> {
  const { survey, memory, codec, round, paths, onBytes, digests } = request
  const { header, lineEnd } = survey
  // Without empty lines every line is a record, and lines need no second look.
  const isChosen = survey.emptyLines > 0 && codec.skipsEmptyLines
  const writer = new ShardWriter(paths, writtenHeader(survey), memory.kernel, digests, survey.recordBytes)
  try {
    let record = 0
    for (const file of survey.files) {
      const last = record + file.records
      let expectsHeader = header !== null
      for await (const block of readBlocks(file, { memory, codec, inspects: false, onBytes })) {
        const begin = expectsHeader ? afterHeader(block, codec) : 0
        if (begin > 0) expectsHeader = false
        const cells = cellsOfBlock(block, isChosen, round)
        const next = assignCells(block, begin, cells, { round, record, last, isChosen })
        if (next === null) throw changedInput(file)
        record = next
        writer.appendBlock(block, begin, cells)
        const cell = cells[block.count - 1]
        if (block.unterminated && block.count > begin && cell !== undefined && cell !== NO_CELL)
          writer.appendBytes(cell, lineEnd)
      }
      if (record !== last) throw changedInput(file)
      checkUnchanged(file)
    }
    return writer.finish()
  } finally {
    writer.close()
  }
}

/** Index of the first line after the header and the empty lines before it. */
export function afterHeader(block: Block, codec: RecordCodec): number {
  let { start } = block
  for (let i = 0; i < block.count; i++) {
    const stop = block.ends[i] as number
    if (contentEnd(block.bytes, start, stop) > start || !codec.skipsEmptyLines) return i + 1
    start = stop
  }
  return block.count
}

/** The cell of each line of a block in the kernel's memory: a byte where that is enough. */
function cellsOfBlock({ memory, count }: Block, isChosen: boolean, round: Round): BlockCells {
  const { kernel, cellsAt } = memory
  return isChosen || !(round.cellOf instanceof Uint8Array) ? kernel.words(cellsAt, count) : kernel.bytes(cellsAt, count)
}

interface Assignment {
  readonly round: Round
  /** Index of the block's first record in the whole data, and the index that this file must not reach. */
  readonly record: number
  readonly last: number
  /** Whether some lines are no records. */
  readonly isChosen: boolean
}

/** Tells the kernel the cell of every record. Returns the next record's index, or null when there are too many. */
function assignCells(
  { bytes, ends, start: blockStart, count }: Block,
  begin: number,
  cells: BlockCells,
  { round, record, last, isChosen }: Assignment,
): number | null {
  const { cellOf } = round
  if (!isChosen) {
    if (record + count - begin > last) return null
    cells.set(cellOf.subarray(record, record + count - begin), begin)
    return record + count - begin
  }
  let start = begin === 0 ? blockStart : (ends[begin - 1] as number)
  for (let i = begin; i < count; i++) {
    const stop = ends[i] as number
    const empty = stop - start <= 2 && contentEnd(bytes, start, stop) === start
    if (!empty && record === last) return null
    cells[i] = empty ? NO_CELL : (cellOf[record++] as number)
    start = stop
  }
  return record
}
