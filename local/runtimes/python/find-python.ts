import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { RuntimeRefusal } from '../runtime.ts'

const run = promisify(execFile)

const names = process.platform === 'win32' ? ['python'] : ['python3', 'python']

/** By search path: a test, and a user between two runs, may have another one. */
const found = new Map<string, Promise<string>>()

/**
 * The interpreter itself, not a shim of a version manager, which would need the user's home directory.
 *
 * @throws RuntimeRefusal when there is none on PATH.
 */
export function findPython(): Promise<string> {
  const path = process.env['PATH'] ?? ''
  const known = found.get(path) ?? ask()
  found.set(path, known)
  // The next job looks again: it may be installed by then.
  known.catch(() => found.delete(path))
  return known
}

async function ask(): Promise<string> {
  for (const name of names) {
    try {
      const { stdout } = await run(name, ['-c', 'import sys; print(sys.version_info[0], sys.executable)'])
      const [major, ...executable] = stdout.trim().split(' ')
      if (major === '3') return executable.join(' ')
    } catch {
      // Not there, or broken: the next name may do.
    }
  }
  throw new RuntimeRefusal(
    'There is no Python 3 on PATH — the image is mapped to the runtime python — install Python 3, or run the image itself with --runtime container.',
  )
}
