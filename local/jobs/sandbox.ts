import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { insideFolder } from './inside-folder.ts'

/** The file system of one host of a job. */
export interface Sandbox {
  /** `algo-1`, `algo-2`, … */
  readonly host: string
  /** Stands for `/opt/ml`. */
  readonly ml: string
  readonly home: string
  readonly temporary: string
}

/** Names of a job's hosts, as `resourceconfig.json` lists them. */
export const hostNames = (count: number): string[] => Array.from({ length: count }, (_, index) => `algo-${index + 1}`)

/**
 * Makes fresh sandboxes: the first host's in the job's folder itself (`ml/`, `home/`, `tmp/`), those of further hosts in
 * `algo-2/` and so on. What an interrupted run left behind goes away.
 */
export async function createSandboxes(jobFolder: string, count: number): Promise<Sandbox[]> {
  const sandboxes = hostNames(count).map((host, index) => {
    const root = index === 0 ? jobFolder : join(jobFolder, host)
    return { host, ml: join(root, 'ml'), home: join(root, 'home'), temporary: join(root, 'tmp') }
  })
  for (const { ml, home, temporary } of sandboxes) {
    for (const folder of [ml, home, temporary]) {
      await rm(folder, { recursive: true, force: true })
      await mkdir(folder, { recursive: true })
    }
  }
  return sandboxes
}

/** Writes a file of the platform below `/opt/ml`. */
export async function writeContract(sandbox: Sandbox, path: string, content: unknown): Promise<void> {
  const file = insideFolder(sandbox.ml, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, JSON.stringify(content))
}
