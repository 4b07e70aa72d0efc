import { join } from 'node:path'

/** A path that leaves its folder: the job or the request that named it is refused. */
export class PathLeavesFolder extends Error {
  override readonly name = 'PathLeavesFolder'
}

/**
 * The place of a relative POSIX path below a folder.
 *
 * @throws PathLeavesFolder for `..`, an absolute path, an empty one, a backslash on Windows or a NUL byte.
 */
export function insideFolder(folder: string, relative: string): string {
  const parts = relative.split('/')
  const windows = process.platform === 'win32'
  if (
    relative === '' ||
    relative.startsWith('/') ||
    parts.includes('..') ||
    relative.includes('\0') ||
    (windows && /[\\:]/.test(relative))
  ) {
    throw new PathLeavesFolder(`The path ${JSON.stringify(relative)} leaves its folder`)
  }
  return join(folder, ...parts)
}
