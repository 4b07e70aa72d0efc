import { constants, copyFileSync, linkSync } from 'node:fs'

export type LinkFile = (existing: string, path: string) => void

/** Errors that say that this pair of folders cannot share a file: other disk, no links there, too many links. */
const NO_LINK: ReadonlySet<string | undefined> = new Set([
  'EXDEV',
  'EPERM',
  'EMLINK',
  'ENOSYS',
  'ENOTSUP',
  'EOPNOTSUPP',
])

/** Makes `path` have the content of `existing`: a hard link, or a copy where links are impossible. */
export function placeFile(existing: string, path: string, link: LinkFile = linkSync): void {
  try {
    link(existing, path)
  } catch (error) {
    if (!NO_LINK.has((error as NodeJS.ErrnoException).code)) throw error
    copyFileSync(existing, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
  }
}
