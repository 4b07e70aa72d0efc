import { closeSync, createReadStream, openSync, readSync } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { UserError } from '../../schemas/problem.ts'
import type { InputFile } from './input-files.ts'

/** The bytes of a file in order, a gzip file's as they were before. */
export interface ByteSource {
  /** Reads at most `length` bytes to `offset`; 0 at the end. */
  read(into: Uint8Array, offset: number, length: number): number | Promise<number>
  close(): void
}

export function openSource(file: InputFile): ByteSource {
  const fd = openSync(file.path, 'r')
  const magic = new Uint8Array(2)
  const zipped = readSync(fd, magic, 0, 2, 0) === 2 && magic[0] === 0x1f && magic[1] === 0x8b
  if (!zipped)
    return { read: (into, offset, length) => readSync(fd, into, offset, length, null), close: () => closeSync(fd) }
  closeSync(fd)
  return openGzip(file)
}

function openGzip(file: InputFile): ByteSource {
  const compressed = createReadStream(file.path, { highWaterMark: 256 * 1024 })
  const stream = createGunzip({ chunkSize: 256 * 1024 })
  compressed.on('error', error => stream.destroy(error))
  compressed.pipe(stream)
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let rest: Uint8Array = new Uint8Array(0)
  return {
    async read(into, offset, length) {
      if (rest.length === 0) {
        const { value, done } = await nextChunk(file, chunks)
        if (done === true) return 0
        rest = value
      }
      const part = rest.subarray(0, length)
      into.set(part, offset)
      rest = rest.subarray(part.length)
      return part.length
    },
    close() {
      compressed.destroy()
      stream.destroy()
    },
  }
}

async function nextChunk(file: InputFile, chunks: AsyncIterator<Buffer>): Promise<IteratorResult<Buffer>> {
  try {
    return await chunks.next()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code?.startsWith('Z_') !== true) throw error
    throw new UserError(`${file.name} — the gzip data is damaged or cut off (${message}) — get the file again`, {
      cause: error,
    })
  }
}
