import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'

/** What a running `foldwise serve` leaves in its state folder, so that other commands find it. */
const serveFileSchema = z.object({ endpoint: z.url(), pid: z.int().positive() })

export type ServeFile = z.infer<typeof serveFileSchema>

const pathIn = (stateDir: string): string => join(stateDir, 'serve.json')

/** The server that runs on this state folder; undefined when none does, also when one was killed and left its file. */
export async function findServer(stateDir: string): Promise<ServeFile | undefined> {
  const text = await readFile(pathIn(stateDir), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const parsed = serveFileSchema.safeParse(safeJson(text))
  return parsed.success && isAlive(parsed.data.pid) ? parsed.data : undefined
}

/** Announces this process as the server of the state folder. @returns a function that takes the announcement back. */
export async function announceServer(stateDir: string, endpoint: string): Promise<() => Promise<void>> {
  await mkdir(stateDir, { recursive: true })
  const file: ServeFile = { endpoint, pid: process.pid }
  const temporary = `${pathIn(stateDir)}.${process.pid}.tmp`
  await writeFile(temporary, `${JSON.stringify(file)}\n`)
  await rename(temporary, pathIn(stateDir))
  return () => rm(pathIn(stateDir), { force: true })
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
