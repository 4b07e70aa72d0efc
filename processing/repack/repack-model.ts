import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, posix } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import {
  createTarDecoder,
  createTarPacker,
  type ParsedTarEntry,
  type TarHeader,
  type TarPackController,
} from 'modern-tar'
import { UserError } from '../../schemas/problem.ts'

interface Repack {
  /** The model's `.tar.gz`. */
  readonly model: string
  /** A `.tar.gz` of the inference code. */
  readonly code: string
  /** The `.tar.gz` to write. */
  readonly output: string
}

/** Folder of a model archive in which AWS's serving containers look for code. */
const CODE_FOLDER = 'code'

/**
 * Writes the model again with the code under `code/`; code that the model had there goes.
 *
 * Memory does not grow with the model. The same inputs give the same bytes: no clock and no owner is written.
 *
 * @returns how many entries of the model and of the code were written, and how many of the model's own code were left out
 * @throws UserError for an archive that cannot be read, and for an entry that leads out of it
 */
export async function repackModel({
  model,
  code,
  output,
}: Repack): Promise<{ model: number; code: number; replaced: number }> {
  await mkdir(dirname(output), { recursive: true })
  const partial = `${output}.partial`
  const { readable, controller } = createTarPacker()
  const written = pipeline(
    Readable.fromWeb(readable as Parameters<typeof Readable.fromWeb>[0]),
    createGzip({ level: 6 }),
    withoutSystem(),
    createWriteStream(partial),
  )
  // The reader of the archives reports what went wrong; the writer then only follows.
  written.catch(() => {})
  try {
    const counts = { model: 0, code: 0, replaced: 0 }
    for await (const entry of entriesOf(model)) {
      const name = nameIn(model, entry.header.name)
      if (name === CODE_FOLDER || name.startsWith(`${CODE_FOLDER}/`)) {
        counts.replaced += entry.header.type === 'directory' ? 0 : 1
        await entry.body.cancel()
      } else if (name === '') {
        await entry.body.cancel()
      } else {
        await copy(controller, entry, cleanHeader(model, entry.header, name))
        counts.model++
      }
    }
    if (counts.model === 0) {
      throw new UserError(`${model}: the archive holds no model — give the model.tar.gz that a training job wrote.`)
    }
    for await (const entry of entriesOf(code)) {
      const name = `${CODE_FOLDER}/${nameIn(code, entry.header.name)}`
      await copy(controller, entry, cleanHeader(code, entry.header, name))
      counts.code++
    }
    controller.finalize()
    await written
    await rename(partial, output)
    return counts
  } catch (error) {
    controller.error(error)
    await written.catch(() => {})
    await rm(partial, { force: true })
    throw error
  }
}

async function* entriesOf(archive: string): AsyncGenerator<ParsedTarEntry> {
  const source = createReadStream(archive)
  const gunzip = createGunzip()
  source.on('error', error => gunzip.destroy(error))
  source.pipe(gunzip)
  const entries = (Readable.toWeb(gunzip) as ReadableStream<Uint8Array>).pipeThrough(createTarDecoder({ strict: true }))
  const reader = entries.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw unreadable(archive, error)
      })
      if (done) return
      yield value
    }
  } finally {
    // Not awaited: the decoder answers only after the rest of its input, which nobody wants to read.
    reader.cancel().catch(() => {})
    source.destroy()
    gunzip.destroy()
  }
}

async function copy(controller: TarPackController, { body }: ParsedTarEntry, header: TarHeader): Promise<void> {
  const target = controller.add(header)
  if (header.size > 0) return body.pipeTo(target)
  await body.cancel()
  await target.close()
}

const kept = new Set(['file', 'directory', 'link', 'symlink'])

function cleanHeader(archive: string, { type = 'file', size, mode, linkname }: TarHeader, name: string): TarHeader {
  if (!kept.has(type)) {
    throw new UserError(
      `${archive}: "${name}" is a ${type} — a model holds files, folders and links; pack it without it.`,
    )
  }
  if (linkname !== undefined && linkname !== '') {
    // A hard link is named from the archive's root, a symbolic link from its own folder.
    nameIn(archive, type === 'link' ? linkname : posix.join(posix.dirname(name), linkname), linkname)
  }
  return {
    name: type === 'directory' ? `${name}/` : name,
    type,
    size: type === 'file' ? size : 0,
    mode: (mode ?? (type === 'directory' ? 0o755 : 0o644)) & 0o777,
    ...(linkname !== undefined && linkname !== '' && { linkname }),
    mtime: new Date(0),
    uid: 0,
    gid: 0,
    uname: '',
    gname: '',
  }
}

/** A path below the archive's root, without `./` and a trailing slash; empty for the root itself. */
function nameIn(archive: string, path: string, shown = path): string {
  const name = posix.normalize(path).replace(/\/+$/, '')
  if (posix.isAbsolute(shown) || name === '..' || name.startsWith('../')) {
    throw new UserError(`${archive}: "${shown}" leads out of the archive — pack it with paths below its own folder.`)
  }
  return name === '.' ? '' : name
}

function unreadable(archive: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  const reason = code === 'ENOENT' ? 'it does not exist' : String(message)
  return new UserError(`${archive}: it cannot be read as a gzipped tar archive (${reason}) — give a .tar.gz.`, {
    cause: error,
  })
}

/** The tenth byte of a gzip file names the system that compressed; 255 is "unknown". */
function withoutSystem(): Transform {
  let seen = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const at = 9 - seen
      seen += chunk.length
      if (at < 0 || at >= chunk.length) return done(null, chunk)
      const changed = Buffer.from(chunk)
      changed[at] = 255
      done(null, changed)
    },
  })
}
