import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../../schemas/problem.ts'

/** A file of written folds. */
export interface WrittenFile {
  /** Below the folder that the split wrote, with `/`: `validation/0/part-0.csv`. */
  readonly path: string
  readonly bytes: number
  /** Equal for two names of one content, such as hard links: it is then read once. */
  readonly identity?: string
}

/** Where written folds lie: a folder of this machine, or a prefix in S3. */
export interface FoldFiles {
  /** For sentences: the folder or the URI, without a trailing `/`. */
  readonly place: string
  /** S3 URI of it, when it has one: manifests must name it. */
  readonly s3Uri: string | null
  list(): Promise<readonly WrittenFile[]>
  /** The content of a small file as text; undefined when there is none. */
  text(path: string): Promise<string | undefined>
  /** Lends a file of this machine with the content of `file`, for as long as `use` takes. */
  withFile<T>(file: WrittenFile, use: (path: string) => Promise<T>): Promise<T>
}

/**
 * Folds in a folder of this machine. Hidden files count: a training that reads the prefix would read them too.
 *
 * @throws UserError when there is no such folder
 */
export function folderFiles(folder: string): FoldFiles {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new UserError(`${folder} — there is no such folder — give the folder that the split wrote`)
  return {
    place: folder,
    s3Uri: null,
    list: async () => listFolder(folder, ''),
    text: async path => (existsSync(join(folder, path)) ? readFileSync(join(folder, path), 'utf8') : undefined),
    withFile: async ({ path }, use) => await use(join(folder, path)),
  }
}

function listFolder(root: string, folder: string): WrittenFile[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry): WrittenFile[] => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return listFolder(root, path)
    const { size, dev, ino } = statSync(join(root, path))
    return [{ path, bytes: size, identity: `${dev}:${ino}` }]
  })
}
