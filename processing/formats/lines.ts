import type { BlockMemory } from './block-memory.ts'
import type { RecordCodec } from './format.ts'

/** What formats of one record per line share: every record is inspected by itself. */
export const lineCodec: Pick<RecordCodec, 'findEnds' | 'scan' | 'inspectRun'> = {
  findEnds: findLineEnds,
  scan: findLineEnds,
  inspectRun: () => 0,
}

function findLineEnds({ kernel, blockAt, endsAt, capacity }: BlockMemory, _start: number, length: number): number {
  return kernel.run.scanLines(blockAt, length, endsAt, capacity)
}

/** The record's end without its line end, LF or CRLF. */
export function contentEnd(bytes: Uint8Array, start: number, end: number): number {
  if (end > start && bytes[end - 1] === 0x0a) end--
  if (end > start && bytes[end - 1] === 0x0d) end--
  return end
}
