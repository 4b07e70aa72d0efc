import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { captureOrigin } from './origin.ts'

/**
 * Where a file or folder lies that the user names: a URL, an absolute path, or a path relative to the file of the program
 * that calls, so that it does not matter from where the program is started.
 */
export function locateSource(source: string | URL): string {
  if (source instanceof URL || source.startsWith('file:')) return fileURLToPath(source)
  const origin = captureOrigin()
  return origin === undefined ? resolve(source) : resolve(dirname(origin.replace(/:\d+$/, '')), source)
}
