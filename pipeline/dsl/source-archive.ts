import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { mistake } from './mistake.ts'
import { locateSource } from './source-path.ts'

/** The files of a source folder, read when the pipeline is written, so that what is hashed is what is uploaded. */
export interface SourceArchive {
  /** Paths inside the folder, with `/`, in order. */
  readonly files: readonly string[]
  /** Of paths and contents alone: no clock, no owner, no mode and no compressor changes it. */
  readonly sha256: string
  /** `tar.gz` of the files. */
  readonly bytes: () => Promise<Uint8Array>
}

interface SourceFile {
  /** Inside the folder, with `/`. */
  readonly path: string
  readonly bytes: Uint8Array
}

/** Left behind by tools, different on every machine, and never part of a program. */
const ignored = new Set([
  '__pycache__',
  '.git',
  '.ipynb_checkpoints',
  '.DS_Store',
  '.pytest_cache',
  '.venv',
  'node_modules',
])

/**
 * Reads a folder of source code.
 *
 * @param source Folder: a URL, an absolute path, or a path relative to the file of the program that calls.
 * @throws UserError for a folder that is missing or empty, and for a symbolic link, which could leave the folder
 */
export function readSource(call: string, source: string | URL): SourceArchive {
  const contents = readFiles(`${call}: source`, locateSource(source))
  return { files: contents.map(({ path }) => path), sha256: digestOf(contents), bytes: () => pack(contents) }
}

/**
 * The files of a folder, in order of their paths.
 *
 * @param where Names the user's option in sentences.
 * @throws as {@link readSource}
 */
export function readFiles(where: string, folder: string): readonly SourceFile[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw mistake(`${where} — ${folder} is no folder; name the folder that holds the program.`)
  }
  const files = listFiles(where, folder, folder).toSorted((a, b) => (a < b ? -1 : 1))
  if (files.length === 0) {
    throw mistake(`${where} — ${folder} holds no files; name the folder that holds the program.`)
  }
  return files.map(path => ({ path, bytes: readFileSync(join(folder, path)) }))
}

function listFiles(where: string, root: string, folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    if (ignored.has(entry.name)) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return listFiles(where, root, path)
    if (entry.isFile()) return [relative(root, path).split(sep).join('/')]
    throw mistake(
      `${where} — ${path} is neither a file nor a folder, and a link could lead out of the source; put the file itself there.`,
    )
  })
}

/** Lengths first, so that no two lists of files have the same text. */
function digestOf(contents: readonly SourceFile[]): string {
  const hash = createHash('sha256')
  for (const { path, bytes } of contents)
    hash.update(`${Buffer.byteLength(path)} ${bytes.length} ${path}`).update(bytes)
  return hash.digest('hex')
}

async function pack(contents: readonly SourceFile[]): Promise<Uint8Array> {
  const { packTar } = await import('modern-tar')
  const tar = await packTar(
    contents.map(({ path, bytes }) => ({
      // Executable, because a program may start its neighbours.
      header: { name: path, size: bytes.length, mode: 0o755, mtime: new Date(0), uid: 0, gid: 0, uname: '', gname: '' },
      body: bytes,
    })),
  )
  const packed = await promisify(gzip)(tar, { level: 9 })
  // The header names the system that compressed; 255 is "unknown".
  packed[9] = 255
  return packed
}
