import { closeSync, createReadStream, openSync, readSync } from 'node:fs'
import { Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { Decompress as ZstdDecoder } from 'fzstd'
import type { ByteSource } from '../formats/format.ts'
import { UserError } from '../../schemas/problem.ts'
import type { InputFile } from './input-files.ts'

/** The bytes of a file in order, those of a gzip or zstd file as they were before. */
export function openSource(file: InputFile): ByteSource {
  const fd = openSync(file.path, 'r')
  const head = Buffer.alloc(4)
  readSync(fd, head, 0, 4, 0)
  const compression = compressions.find(({ magic }) => head.subarray(0, magic.length).equals(magic))
  if (compression === undefined)
    return { read: (into, offset, length) => readSync(fd, into, offset, length, null), close: () => closeSync(fd) }
  closeSync(fd)
  return openCompressed(file, compression)
}

interface Compression {
  readonly name: string
  /** What a file of it starts with. */
  readonly magic: Buffer
  open(): Transform
}

/** In Node 22.15 and later, which also checks the checksums; the types of Node 20 leave it out. */
const { createZstdDecompress } = zlib as { createZstdDecompress?: (options: { chunkSize: number }) => Transform }
const CHUNK = { chunkSize: 256 * 1024 }

const compressions: readonly Compression[] = [
  { name: 'gzip', magic: Buffer.from([0x1f, 0x8b]), open: () => zlib.createGunzip(CHUNK) },
  {
    name: 'zstd',
    magic: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]),
    open: () => createZstdDecompress?.(CHUNK) ?? zstdInJavaScript(),
  },
]

/** Slower than Node's own, and checks no checksums. */
function zstdInJavaScript(): Transform {
  const guarded = (work: () => void, done: (error?: Error) => void) => {
    try {
      work()
    } catch (error) {
      return done(Object.assign(new Error((error as Error).message), { code: 'ZSTD_DAMAGED' }))
    }
    return done()
  }
  const stream = new Transform({
    transform: (chunk: Buffer, _encoding, done) => guarded(() => decoder.push(chunk), done),
    flush: done => guarded(() => decoder.push(new Uint8Array(0), true), done),
  })
  const decoder = new ZstdDecoder(chunk => stream.push(chunk))
  return stream
}

function openCompressed(file: InputFile, compression: Compression): ByteSource {
  const stream = compression.open()
  const compressed = createReadStream(file.path, { highWaterMark: 256 * 1024 })
  compressed.on('error', error => stream.destroy(error))
  compressed.pipe(stream)
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let rest: Uint8Array = new Uint8Array(0)
  return {
    async read(into, offset, length) {
      if (rest.length === 0) {
        const { value, done } = await nextChunk(file, compression, chunks)
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

async function nextChunk(
  file: InputFile,
  { name }: Compression,
  chunks: AsyncIterator<Buffer>,
): Promise<IteratorResult<Buffer>> {
  try {
    return await chunks.next()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code?.startsWith('Z_') !== true && code?.startsWith('ZSTD_') !== true) throw error
    throw new UserError(`${file.name} — the ${name} data is damaged or cut off (${message}) — get the file again`, {
      cause: error,
    })
  }
}
