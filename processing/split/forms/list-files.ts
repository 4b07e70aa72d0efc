import { closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../../schemas/problem.ts'
import { listInputs } from '../input-files.ts'
import type { InputFile } from '../input-files.ts'

/** The name of the list in sentences and in the fold report. */
const LIST = 'files.txt'

/**
 * Writes the list of the files that are to be split, one path a line: of a folder in the byte order of the names, of a file
 * that is such a list or an S3 manifest as they stand there.
 *
 * @param folder Where the list is written.
 */
export function writeFileList(input: string, folder: string): InputFile {
  const path = join(folder, LIST)
  const stat = statSync(input, { throwIfNoEntry: false })
  const names = stat?.isFile() === true ? readList(input) : listInputs(input).map(({ name }) => name)
  const broken = names.find(name => /[\n\r]/.test(name))
  if (broken !== undefined)
    throw new UserError(`${JSON.stringify(broken)} — a line end in the name of a file — rename the file`)
  const fd = openSync(path, 'wx')
  try {
    for (let from = 0; from < names.length; from += 10_000)
      writeSync(
        fd,
        names
          .slice(from, from + 10_000)
          .map(name => `${name}\n`)
          .join(''),
      )
  } finally {
    closeSync(fd)
  }
  const { size, mtimeMs } = statSync(path)
  return { name: LIST, path, bytes: size, modified: mtimeMs }
}

function readList(path: string): string[] {
  const text = readFileSync(path, 'utf8')
  if (!/^\s*\[/.test(text)) return text.split(/\r?\n/).filter(line => line !== '')
  const [head, ...names] = parseManifest(path, text)
  const prefix = (head as { readonly prefix?: unknown } | undefined)?.prefix
  if (typeof prefix !== 'string' || !names.every(name => typeof name === 'string'))
    throw new UserError(
      `${path} — this is no S3 manifest — it must be of the form [{"prefix": "s3://bucket/folder/"}, "name", …]`,
    )
  return names.map(name => `${prefix}${name}`)
}

function parseManifest(path: string, text: string): readonly unknown[] {
  try {
    return JSON.parse(text) as readonly unknown[]
  } catch (error) {
    throw new UserError(`${path} — this is no JSON (${(error as Error).message}) — give an S3 manifest`, {
      cause: error,
    })
  }
}
