import { open } from 'node:fs/promises'
import { isMissing } from './store-failure.ts'

/** Writes a file's content, or a folder's names, out to the disk. What was replaced or taken away meanwhile need not be kept. */
export async function syncPath(path: string): Promise<void> {
  try {
    const handle = await open(path, 'r')
    try {
      await handle.datasync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}
