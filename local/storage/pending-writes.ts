import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import { syncPath } from './sync-path.ts'

/** Files that have been written, but may still be in the system's memory only: a power failure would take them. */
export interface PendingWrites {
  /** Notes a file that was put in place. */
  add(file: string): void
  /** Resolves when every file noted before the call is on the disk, with its name. Callers at the same time share the work. */
  flush(): Promise<void>
}

/** So many files are flushed one by one; of more the whole file system is, which costs less. */
const oneByOne = 32
/** So many are not waited with, so that a caller that never asks does not gather names for ever. */
const atMost = 1024

/**
 * @param root Folder that all files are below.
 * @param options.sync Writes a file or a folder out; tests pass their own. @default `fdatasync`
 * @param options.syncAll Writes the file system of a folder out; false when the machine has no way. @default the program `sync -f`
 */
export function createPendingWrites(
  root: string,
  options: { sync?: (path: string) => Promise<void>; syncAll?: (root: string) => Promise<boolean> } = {},
): PendingWrites {
  const { sync = syncPath, syncAll = syncFileSystem } = options
  let waiting = new Set<string>()
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  /** Of a flush that nobody waited for. */
  let missed: unknown

  const write = async (files: ReadonlySet<string>): Promise<void> => {
    if (files.size > oneByOne && (await syncAll(root))) return
    await Promise.all([...files].map(sync))
    // A name is its folder's content; a folder may be new itself.
    const folders = new Set<string>()
    for (const file of files) for (let at = dirname(file); at.length >= root.length; at = dirname(at)) folders.add(at)
    await Promise.all([...folders].map(sync))
  }
  const start = (): Promise<void> => {
    next = undefined
    const files = waiting
    waiting = new Set()
    running = write(files).finally(() => {
      running = undefined
    })
    return running
  }
  const flush = async (): Promise<void> => {
    if (missed !== undefined) {
      const error = missed
      missed = undefined
      throw error
    }
    if (waiting.size === 0) return running
    if (running === undefined) return start()
    next ??= running.then(start, start)
    return next
  }
  return {
    flush,
    add: file => {
      waiting.add(file)
      if (waiting.size === atMost) {
        flush().catch((error: unknown) => {
          missed = error
        })
      }
    },
  }
}

/** `syncfs` has no door in Node; the program of every Linux has. */
function syncFileSystem(root: string): Promise<boolean> {
  return new Promise(resolve => {
    const child = spawn('sync', ['-f', root], { stdio: 'ignore' })
    child.once('error', () => resolve(false))
    child.once('exit', code => resolve(code === 0))
  })
}
