import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { verifyFolds } from '../../../processing/split/verify-folds.ts'
import type { VerifyOptions } from '../../../processing/split/verify-folds.ts'
import { folderFiles } from '../../../processing/split/verify/fold-files.ts'

export const verify = (folder: string, more: VerifyOptions = {}) => verifyFolds(folderFiles(folder), more)

/** The names of the broken promises, and the first sentence. */
export async function broken(folder: string, more: VerifyOptions = {}) {
  const { promises, problems } = await verify(folder, more)
  return { promises: promises.filter(({ state }) => state === 'broken').map(({ name }) => name), first: problems[0] }
}

export const stateOf = async (folder: string, name: string, more: VerifyOptions = {}) =>
  (await verify(folder, more)).promises.find(promise => promise.name === name)

/** Gives a file a content of its own: the other names of it keep theirs. */
export function unlink(path: string): void {
  const content = readFileSync(path)
  rmSync(path)
  writeFileSync(path, content)
}
