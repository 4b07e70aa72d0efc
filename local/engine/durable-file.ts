import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { storeFailure } from '../storage/store-failure.ts'
import { syncPath } from '../storage/sync-path.ts'

/**
 * Puts a file in place as a whole: written beside its place, flushed, renamed. A reader sees the old content or the new.
 *
 * @param options.flush False leaves it to the system when the bytes reach the disk. @default true
 */
export async function writeWhole(file: string, text: string, options: { flush?: boolean } = {}): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`
  try {
    await mkdir(dirname(file), { recursive: true })
    const handle = await open(temporary, 'wx')
    try {
      await handle.writeFile(text)
      if (options.flush !== false) await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
    if (options.flush !== false) await syncPath(dirname(file))
  } catch (error) {
    // On a read-only disk there is nothing to take away, and saying so would hide the reason.
    await rm(temporary, { force: true }).catch(() => {})
    throw storeFailure(error, `write ${file}`, dirname(file))
  }
}

/** Puts a JSON file in place as a whole. */
export const writeJson = (file: string, value: unknown, options?: { flush?: boolean }): Promise<void> =>
  writeWhole(file, `${JSON.stringify(value, null, 2)}\n`, options)

/** The text of a file; undefined when there is no such file. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** A JSON file that this program wrote; undefined when there is no such file. */
export async function readJson<T>(file: string): Promise<T | undefined> {
  const text = await readIfThere(file)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as T
  } catch (cause) {
    throw new Error(`${file}: the file is damaged, it is not JSON; move it away to go on without it`, { cause })
  }
}
