import { constants } from 'node:fs'
import { access, mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UserError } from '../../schemas/problem.ts'
import { isMissing } from './store-failure.ts'

/** Makes a folder with those above it, and fails with the true reason. */
export async function makeFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true })
  } catch (error) {
    const above = await nearest(dir)
    if (!above.isFolder)
      throw new UserError(`Cannot make the folder ${dir}: ${above.path} is a file. Choose another folder with --state.`)
    // On a read-only disk Node says ENOENT for a folder two levels down.
    await access(above.path, constants.W_OK)
    throw error
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
