import { basename } from 'node:path'
import { statSync } from 'node:fs'
import { openSource } from '../byte-source.ts'
import type { ByteSource } from '../../formats/format.ts'

/** Where two files part: the 1-based line, and which of them has ended there, if one has. */
export interface Difference {
  readonly line: number
  readonly ended: 'first' | 'second' | null
}

const CHUNK = 256 * 1024
const LF = 0x0a

/** The first difference of two files, compressed ones as they were before; null when they are equal. */
export async function firstDifference(first: string, second: string): Promise<Difference | null> {
  const sources = [open(first), open(second)] as const
  try {
    const buffers = [Buffer.alloc(CHUNK), Buffer.alloc(CHUNK)] as const
    for (let line = 1; ; ) {
      const [a, b] = await Promise.all([fill(sources[0], buffers[0]), fill(sources[1], buffers[1])])
      const shared = Math.min(a.length, b.length)
      if (!a.subarray(0, shared).equals(b.subarray(0, shared))) {
        let at = 0
        while (a[at] === b[at]) at++
        return { line: line + lineEnds(a.subarray(0, at)), ended: null }
      }
      line += lineEnds(a.subarray(0, shared))
      if (a.length !== b.length) return { line, ended: a.length < b.length ? 'first' : 'second' }
      if (shared < CHUNK) return null
    }
  } finally {
    for (const source of sources) source.close()
  }
}

function open(path: string): ByteSource {
  const { size, mtimeMs } = statSync(path)
  return openSource({ name: basename(path), path, bytes: size, modified: mtimeMs })
}

/** Fills the buffer unless the file ends before. */
async function fill(source: ByteSource, buffer: Buffer): Promise<Buffer> {
  let length = 0
  while (length < buffer.length) {
    const read = await source.read(buffer, length, buffer.length - length)
    if (read === 0) break
    length += read
  }
  return buffer.subarray(0, length)
}

function lineEnds(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) count++
  return count
}
