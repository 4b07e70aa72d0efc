import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'

/** Chunks are gathered to this many bytes a write: sockets give 64 KiB, and a call for each costs more than the copying. */
const gatherBytes = 1024 * 1024

/**
 * Writes a body to a new file in bounded memory.
 *
 * @param onChunk sees every chunk, for digests
 */
export async function writeBody(
  file: string,
  body: Uint8Array | Readable | AsyncIterable<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
): Promise<void> {
  const handle = await open(file, 'wx')
  try {
    let waiting: Uint8Array[] = []
    let bytes = 0
    const flush = async () => {
      const chunks = waiting
      waiting = []
      bytes = 0
      await writeAll(handle, chunks)
    }
    for await (const piece of body instanceof Uint8Array ? [body] : body) {
      const chunk: Uint8Array = typeof piece === 'string' ? Buffer.from(piece) : piece
      onChunk(chunk)
      waiting.push(chunk)
      bytes += chunk.byteLength
      if (bytes >= gatherBytes) await flush()
    }
    await flush()
  } finally {
    await handle.close()
  }
}

type Handle = Awaited<ReturnType<typeof open>>

/** A write may be short (a disk that fills up); the rest is tried again, and then the reason shows. */
async function writeAll(handle: Handle, chunks: readonly Uint8Array[]): Promise<void> {
  if (chunks.length === 0) return
  let rest: Uint8Array = chunks.length === 1 ? chunks[0]! : Buffer.alloc(0)
  if (chunks.length > 1) {
    const total = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0)
    const { bytesWritten } = await handle.writev(chunks as never)
    if (bytesWritten === total) return
    rest = Buffer.concat(chunks).subarray(bytesWritten)
  }
  while (rest.byteLength > 0) {
    const { bytesWritten } = await handle.write(rest)
    rest = rest.subarray(bytesWritten)
  }
}
