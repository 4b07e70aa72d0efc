import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
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
  const folders = sandboxes.flatMap(({ ml, home, temporary }) => [ml, home, temporary])
  await Promise.all(
    folders.filter(folder => existsSync(folder)).map(folder => rm(folder, { recursive: true, force: true })),
  )
  for (const folder of folders) mkdirSync(folder, { recursive: true })
  return sandboxes
}

/**
 * Writes a file of the platform below `/opt/ml`.
 *
 * Synchronous on purpose, as the making of folders: each takes a few dozen microseconds, where a promise takes a millisecond
 * of a machine whose processors are busy with jobs.
 */
export function writeContract(sandbox: Sandbox, path: string, content: unknown): void {
  const file = insideFolder(sandbox.ml, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(content))
}
