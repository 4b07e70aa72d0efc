import { UserError } from '../../schemas/problem.ts'
import type { OutputPaths } from './output-folders.ts'

/** What the errors of a file system mean to the user, and what to do. */
const meanings: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full — make room or choose another disk',
  EDQUOT: 'the disk quota is used up — make room or choose another disk',
  EROFS: 'the file system is read-only — choose another folder',
  EACCES: 'access is denied — check the permissions',
  EPERM: 'the operation is not permitted — check the permissions',
  ENOENT: 'the file or folder is gone or cannot be made — check the path',
  ENOTDIR: 'a part of the path is a file, not a folder — check the path',
  EMFILE: 'too many files are open — raise the limit of open files (ulimit -n)',
  EIO: 'the disk reports a read or write error — check the disk',
  ENAMETOOLONG: 'the path is too long — choose a shorter one',
}

/** The one sentence for an error of the file system, or null when it is something else. */
export function diskProblem(error: unknown, io: { readonly output: OutputPaths }): UserError | null {
  const { code, path } = error as NodeJS.ErrnoException
  const meaning = error instanceof Error && code !== undefined ? meanings[code] : undefined
  if (meaning === undefined) return null
  return new UserError(`${path ?? io.output.validation} — ${meaning} (${code}); nothing was kept of the split`, {
    cause: error,
  })
}
