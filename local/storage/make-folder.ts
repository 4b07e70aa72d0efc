import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UserError } from '../../schemas/problem.ts'

/**
 * Makes the state folder with its parents, one by one: `recursive` of `mkdir` never ends on a file system that answers
 * ENOENT for a folder it will not make, such as /proc.
 *
 * @throws UserError when it cannot be made
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeEach(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new UserError(
      `The state folder ${path} cannot be made (${code ?? String(error)}). Choose a folder that can be written with --state.`,
      { cause: error },
    )
  }
}

async function makeEach(path: string): Promise<void> {
  const made = await mkdir(path).catch((error: NodeJS.ErrnoException) => error)
  if (made === undefined || made.code === 'EEXIST') return
  const parent = dirname(path)
  if (made.code !== 'ENOENT' || parent === path) throw made
  await makeEach(parent)
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}
