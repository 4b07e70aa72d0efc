import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { createTarDecoder } from 'modern-tar'
import { UserError } from '../../schemas/problem.ts'

/** Text files that Foldwise reads from an archive are small; a multi-GB model beside them is skipped, not loaded. */
const MAX_TEXT_BYTES = 256 * 1024 * 1024

/**
 * The text of one file in a `.tar.gz`, or undefined when it is not there. Streams: memory does not grow with the
 * archive, and reading stops at the file.
 *
 * @throws UserError when the archive is truncated or no gzipped tar
 */
export async function readFromArchive(archive: string, file: string): Promise<string | undefined> {
  const source = createReadStream(archive)
  const gunzip = createGunzip()
  source.on('error', error => gunzip.destroy(error))
  source.pipe(gunzip)
  const entries = (Readable.toWeb(gunzip) as ReadableStream<Uint8Array>).pipeThrough(createTarDecoder())
  const reader = entries.getReader()
  try {
    for (;;) {
      const { done, value: entry } = await reader.read()
      if (done) return undefined
      if (entry.header.type === 'file' && normalized(entry.header.name) === normalized(file)) {
        return await textOf(entry.body, entry.header.size, `${archive}: ${file}`)
      }
      await entry.body.cancel()
    }
  } catch (error) {
    if (error instanceof UserError || (error as NodeJS.ErrnoException).code === 'ENOENT') throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new UserError(`${archive}: it cannot be read as a gzipped tar archive (${reason}).`, { cause: error })
  } finally {
    // Not awaited: the decoder answers only after the rest of its input, which nobody wants to read.
    reader.cancel().catch(() => {})
    source.destroy()
    gunzip.destroy()
  }
}

/** Tar writers differ in `./metrics.json` and `metrics.json`. */
function normalized(name: string): string {
  return name.replace(/^(\.?\/)+/, '')
}

async function textOf(body: ReadableStream<Uint8Array>, size: number, place: string): Promise<string> {
  if (size > MAX_TEXT_BYTES) {
    throw new UserError(`${place} has ${size} bytes; at most ${MAX_TEXT_BYTES} are read — write a smaller file.`)
  }
  return await new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).text()
}
