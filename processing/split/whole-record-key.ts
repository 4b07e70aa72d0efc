import { contentEnd } from '../formats/lines.ts'
import type { RecordCodec, ValueSink } from '../formats/format.ts'

/** The codec with one more column after its own: the record itself, without its line end. */
export function withWholeRecord(codec: RecordCodec): RecordCodec {
  /** Where the first record of the block begins. */
  let blockStart = 0
  return {
    ...codec,
    scan(block, start, length) {
      blockStart = start
      return codec.scan(block, start, length)
    },
    inspect(bytes, start, end, sinks) {
      codec.inspect(bytes, start, end, sinks.slice(0, -1))
      sinks.at(-1)?.addBytes(bytes, start, end)
    },
    inspectRun(block, from, count, sinks) {
      const run = codec.inspectRun(block, from, count, sinks.slice(0, -1))
      const sink = sinks.at(-1) as ValueSink
      const { bytes, ends } = block
      let start = from === 0 ? blockStart : (ends[from - 1] as number)
      for (let i = from; i < from + run; i++) {
        const stop = ends[i] as number
        sink.addBytes(bytes, start, contentEnd(bytes, start, stop))
        start = stop
      }
      return run
    },
  }
}
