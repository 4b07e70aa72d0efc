import type { BlockMemory } from '../formats/block-memory.ts'
import type { RecordCodec } from '../formats/format.ts'
import { contentEnd } from '../formats/lines.ts'
import { readBlocks } from './read-blocks.ts'
import type { Survey } from './survey.ts'

/** Where a record stands. */
export interface RecordPlace {
  readonly file: string
  /** 1-based line on which it begins. */
  readonly line: number
}

const LF = 0x0a

/** Files and lines of some records, given by their indices in the whole data: reads as far as the last of them. */
export async function locateRecords(
  survey: Survey,
  memory: BlockMemory,
  codec: RecordCodec,
  indices: readonly number[],
): Promise<Map<number, RecordPlace>> {
  const places = new Map<number, RecordPlace>()
  const wanted = new Set(indices)
  let before = 0
  for (const file of survey.files) {
    const last = before + file.records
    if ([...wanted].some(index => index >= before && index < last)) {
      let record = before
      let line = 1
      let expectsHeader = survey.header !== null
      for await (const block of readBlocks(file, { memory, codec, inspects: false, onBytes: () => {} })) {
        const { bytes, ends, count } = block
        let { start } = block
        let counted = start
        const lineAt = (offset: number) => {
          for (let at = bytes.indexOf(LF, counted); at >= 0 && at < offset; at = bytes.indexOf(LF, at + 1)) line++
          counted = Math.max(counted, offset)
          return line
        }
        for (let i = 0; i < count; i++) {
          const stop = ends[i] as number
          const empty = codec.skipsEmptyLines && stop - start <= 2 && contentEnd(bytes, start, stop) === start
          if (!empty && expectsHeader) expectsHeader = false
          else if (!empty) {
            if (wanted.delete(record)) {
              // Data without lines have records to count.
              const line = codec.places === 'byte' ? record - before + 1 : lineAt(start)
              places.set(record, { file: file.name, line })
            }
            record++
          }
          start = stop
        }
        lineAt(start)
        if (![...wanted].some(index => index < last)) break
      }
    }
    before = last
  }
  return places
}
