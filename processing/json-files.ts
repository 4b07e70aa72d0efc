import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UserError } from '../schemas/problem.ts'

/** A JSON file of the inputs by its contract; undefined when it is not there. */
export async function readInput<Value>(
  path: string,
  what: string,
  contract: { parse(value: unknown): Value },
): Promise<Value | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    return contract.parse(JSON.parse(text))
  } catch (error) {
    throw new UserError(`${path}: it is not ${what} of this version of Foldwise — write it again.`, { cause: error })
  }
}

/** Whole or not at all: written beside its place, then renamed. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.partial`, text)
  await rename(`${path}.partial`, path)
}
