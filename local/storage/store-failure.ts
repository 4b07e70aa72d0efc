import { UserError } from '../../schemas/problem.ts'

/**
 * What the machine refused, as one sentence for the user; anything else is returned unchanged.
 *
 * @param what what was being done, such as `store s3://bucket/key`
 * @param folder the folder whose disk or permissions matter
 */
export function storeFailure(error: unknown, what: string, folder: string): unknown {
  const reason = reasons[errorCode(error) ?? '']
  return reason === undefined ? error : new UserError(`Cannot ${what}: ${reason(folder)}`, { cause: error })
}

/** The system's name of a failure, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** True when the path, or a folder on the way to it, does not exist. */
export function isMissing(error: unknown): boolean {
  const code = errorCode(error)
  return code === 'ENOENT' || code === 'ENOTDIR'
}

const noPermission = (folder: string) =>
  `no permission to write in ${folder}. Give this user write access or choose another folder with --state.`
const noRoom = (folder: string) =>
  `the disk of ${folder} is full. Free some space, or choose a folder on another disk with --state.`

const reasons: Readonly<Record<string, (folder: string) => string>> = {
  ENOSPC: noRoom,
  EDQUOT: noRoom,
  EROFS: folder => `the disk of ${folder} is read-only. Choose a folder that can be written with --state.`,
  EACCES: noPermission,
  EPERM: noPermission,
  EIO: folder => `the disk of ${folder} reports a read or write failure (EIO). Check the disk.`,
  EMFILE: () => 'too many files are open. Raise the limit (ulimit -n) or run fewer jobs at once.',
  ENAMETOOLONG: folder => `the path below ${folder} gets too long. Choose a shorter key or a shorter --state folder.`,
}
