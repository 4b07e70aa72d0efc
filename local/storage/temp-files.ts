import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode, isMissing } from './store-failure.ts'

/** Names for files that are still being written. */
export interface TempFiles {
  next(): string
}

/** Opens a fresh temporary folder below `parent` and removes what processes that are gone have left there. */
export async function openTempFiles(parent: string): Promise<TempFiles> {
  for (const name of await namesIn(parent)) {
    if (!isInUse(name)) await rm(join(parent, name), { recursive: true, force: true })
  }
  const name = `${process.pid}-${randomBytes(6).toString('hex')}`
  ownFolders.add(name)
  await mkdir(join(parent, name), { recursive: true })
  let counter = 0
  return { next: () => join(parent, name, String(counter++)) }
}

/** Of this process: in a container every process may have had the same id. */
const ownFolders = new Set<string>()

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

function isInUse(name: string): boolean {
  const pid = Number(name.split('-')[0])
  if (pid === process.pid) return ownFolders.has(name)
  return Number.isInteger(pid) && pid > 0 && isRunning(pid)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) !== 'ESRCH'
  }
}
