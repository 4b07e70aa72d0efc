import { mkdir, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UserError } from '../../schemas/problem.ts'
import { isRunning, markOf, type ProcessMark } from '../runtimes/process-group.ts'
import { readIfThere } from './durable-file.ts'
import { storeFailure } from '../storage/store-failure.ts'

/**
 * Keeps a state folder to one engine at a time: two would write the same journals.
 *
 * A lock of a process that is gone counts for nothing.
 *
 * @returns Gives the folder free.
 * @throws UserError when a running process has the folder.
 */
export async function lockState(stateDir: string): Promise<() => Promise<void>> {
  const file = join(stateDir, 'engine.lock')
  await mkdir(stateDir, { recursive: true }).catch((error: unknown) => {
    throw storeFailure(error, `make ${stateDir}`, dirname(stateDir))
  })
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const handle = await open(file, 'wx')
      await handle.writeFile(JSON.stringify(markOf(process.pid)))
      await handle.close()
      return () => rm(file, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw storeFailure(error, `write ${file}`, stateDir)
      const owner = parseMark(await readIfThere(file))
      if (owner !== undefined && isRunning(owner)) {
        throw new UserError(
          `${stateDir} — the state folder is in use by process ${owner.pid} — one local SageMaker per folder can run — stop that one or give another folder with --state.`,
        )
      }
      await rm(file, { force: true })
    }
  }
  throw new UserError(`${stateDir} — the state folder is being taken by several processes at once — try again.`)
}

function parseMark(text: string | undefined): ProcessMark | undefined {
  try {
    return JSON.parse(text ?? '') as ProcessMark
  } catch {
    return undefined
  }
}
