import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { UserError } from '../../schemas/problem.ts'

/** One file of the data, as it was when the work began. */
export interface InputFile {
  /** Relative to the input folder; the base name of a single file. */
  readonly name: string
  readonly path: string
  readonly bytes: number
  readonly modified: number
}

/**
 * The data files of `input`, a file or a folder, in the byte order of their names. As Hadoop and Spark do, names that
 * begin with `.` or `_` are no data.
 *
 * @param mayBeEmpty Whether nothing is an answer too, as on one of several hosts.
 */
export function listInputs(input: string, mayBeEmpty = false): InputFile[] {
  const stat = statSync(input, { throwIfNoEntry: false })
  if (stat === undefined && mayBeEmpty) return []
  if (stat === undefined)
    throw new UserError(`${input} — there is no such file — give the path of the data file or of a folder`)
  if (stat.isFile()) return [inputFile(input, basename(input))]
  if (!stat.isDirectory()) throw new UserError(`${input} — this is neither a file nor a folder — give a data file`)
  const files = listFolder(input, '')
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(name => inputFile(join(input, name), name))
  if (files.length === 0 && !mayBeEmpty)
    throw new UserError(`${input} — the folder holds no data file — put the data there`)
  return files
}

function listFolder(root: string, folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap(entry => {
    if (/^[._]/.test(entry)) return []
    const name = folder === '' ? entry : `${folder}/${entry}`
    const stat = statSync(join(root, name))
    if (stat.isDirectory()) return listFolder(root, name)
    return stat.isFile() ? [name] : []
  })
}

function inputFile(path: string, name: string): InputFile {
  const { size, mtimeMs } = statSync(path)
  return { name, path, bytes: size, modified: mtimeMs }
}

/** Refuses to go on when a file is no longer what it was: its folds would be of two data sets. */
export function checkUnchanged(file: InputFile): void {
  const stat = statSync(file.path, { throwIfNoEntry: false })
  if (stat === undefined || stat.size !== file.bytes || stat.mtimeMs !== file.modified) throw changedInput(file)
}

export function changedInput(file: InputFile): UserError {
  return new UserError(`${file.name} — the file changed while it was read — split it again when nobody writes to it`)
}
