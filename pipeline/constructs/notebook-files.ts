import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import type { Asset } from '../dsl/asset.ts'
import { type CodePlace, codeAsset } from '../dsl/code-place.ts'
import { mistake } from '../dsl/mistake.ts'
import { readFiles } from '../dsl/source-archive.ts'
import { locateSource } from '../dsl/source-path.ts'

interface NotebookFiles {
  /** Folder of the files in S3, with a trailing `/`. */
  readonly uri: string
  readonly assets: readonly Asset[]
}

interface NotebookSources {
  readonly notebook: string | URL
  readonly initializationScript: string | URL | undefined
  readonly dependencies: readonly (string | URL)[]
}

/**
 * The files that a notebook job finds beside its notebook, below their digest: folders keep their name and what is in them.
 *
 * @throws UserError for a file that is missing, two of one name, and a notebook that is none
 */
export function notebookFiles(where: string, sources: NotebookSources, code: CodePlace): NotebookFiles {
  const { notebook, initializationScript: script, dependencies } = sources
  const files = [
    readOne(`${where}: notebook`, notebook),
    ...(script === undefined ? [] : [readOne(`${where}: initializationScript`, script)]),
    ...dependencies.flatMap((source, index) => readAny(`${where}: dependencies[${index}]`, source)),
  ]
  checkNames(where, files)
  checkNotebook(where, files[0] as File)
  const digest = createHash('sha256')
  for (const { name, bytes } of files) digest.update(`${Buffer.byteLength(name)} ${bytes.length} ${name}`).update(bytes)
  const sha256 = digest.digest('hex')
  const assets = files.map(({ name, bytes }) =>
    codeAsset(`${where}: code`, code, {
      sha256,
      name,
      contentType: name.endsWith('.ipynb') ? 'application/x-ipynb+json' : 'application/octet-stream',
      bytes: () => Promise.resolve(bytes),
    }),
  )
  const { bucket, key } = assets[0] as Asset
  return { uri: `s3://${bucket}/${key.slice(0, key.lastIndexOf(sha256) + sha256.length)}/`, assets }
}

interface File {
  /** Path below the folder of the job's files. */
  readonly name: string
  readonly bytes: Uint8Array
}

function readOne(where: string, source: string | URL): File {
  const path = locateSource(source)
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    throw mistake(`${where} — ${path} is no file; name one.`)
  }
  return { name: basename(path), bytes: readFileSync(path) }
}

function readAny(where: string, source: string | URL): readonly File[] {
  const path = locateSource(source)
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [readOne(where, source)]
  return readFiles(where, path).map(({ path: name, bytes }) => ({ name: `${basename(path)}/${name}`, bytes }))
}

function checkNames(where: string, files: readonly File[]): void {
  const seen = new Set<string>()
  for (const { name } of files) {
    if (seen.has(name)) {
      throw mistake(`${where}: dependencies — two files would lie in one folder as "${name}"; rename one.`)
    }
    seen.add(name)
  }
}

/** A notebook is JSON with a list of cells (nbformat 4). */
function checkNotebook(where: string, { name, bytes }: File): void {
  const isNotebook = name.endsWith('.ipynb') && hasCells(new TextDecoder().decode(bytes))
  if (isNotebook) return
  throw mistake(`${where}: notebook — ${name} is no Jupyter notebook; name an .ipynb file that Jupyter has written.`)
}

function hasCells(text: string): boolean {
  try {
    const notebook: unknown = JSON.parse(text)
    return typeof notebook === 'object' && notebook !== null && Array.isArray(Reflect.get(notebook, 'cells'))
  } catch {
    return false
  }
}
