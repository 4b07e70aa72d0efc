import { constants } from 'node:fs'
import { access, mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UserError } from '../../schemas/problem.ts'
import { isMissing } from './store-failure.ts'

/** Makes a folder with those above it, and fails with the true reason. */
export async function makeFolder(dir: string): Promise<void> {
  try {
    await makeEach(dir)
  } catch (error) {
    const above = await nearest(dir)
    if (!above.isFolder)
      throw new UserError(`Cannot make the folder ${dir}: ${above.path} is a file. Choose another folder with --state.`)
    // On a read-only disk Node says ENOENT for a folder two levels down.
    await access(above.path, constants.W_OK)
    if (!isMissing(error)) throw error
    throw new UserError(
      `Cannot make the folder ${dir}: the file system of ${above.path} makes no folders. Choose another folder with --state.`,
    )
  }
}

/**
 * One folder after the other: `recursive` of `mkdir` never ends on a file system that answers ENOENT for a folder that it
 * will not make, such as /proc.
 */
async function makeEach(dir: string): Promise<void> {
  const failure = await tryMaking(dir)
  if (failure === undefined) return
  if (!isMissing(failure) || dirname(dir) === dir) throw failure
  await makeEach(dirname(dir))
  const again = await tryMaking(dir)
  if (again !== undefined) throw again
}

/** @returns why it was not made; undefined when it is there */
async function tryMaking(dir: string): Promise<unknown> {
  try {
    await mkdir(dir)
    return undefined
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST' && (await stat(dir)).isDirectory()
    return isThere ? undefined : error
  }
}

/** The nearest path above, or this one, that exists. */
async function nearest(path: string): Promise<{ path: string; isFolder: boolean }> {
  try {
    return { path, isFolder: (await stat(path)).isDirectory() }
  } catch (error) {
    if (!isMissing(error) || dirname(path) === path) throw error
    return await nearest(dirname(path))
  }
}
