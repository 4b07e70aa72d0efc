import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UserError } from '../schemas/problem.ts'

const reasons: Readonly<Record<string, string>> = {
  EACCES:
    'the folder may not be written to — it needs write permission — choose another folder or change its permissions',
  EPERM:
    'the folder may not be written to — it needs write permission — choose another folder or change its permissions',
  EROFS: 'the disk is read-only — a writable disk is needed — choose another folder',
  ENOSPC: 'the disk is full — free some space or choose another folder',
  EDQUOT: 'the disk quota is used up — free some space or choose another folder',
  ENOTDIR: 'part of this path is a file, not a folder — choose another folder',
  EEXIST: 'part of this path is a file, not a folder — choose another folder',
  EISDIR: 'this is a folder, not a file — choose another name',
}

/** The sentence for a disk that does not take what we write; any other error unchanged. */
export function explainDiskError(error: unknown, path: string): unknown {
  const reason = error instanceof Error ? reasons[(error as NodeJS.ErrnoException).code ?? ''] : undefined
  return reason === undefined ? error : new UserError(`${path}: ${reason}.`, { cause: error })
}

/** Writes a file that appears whole or not at all, with its folders. @throws UserError when the disk does not take it. */
export async function writeFileWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(temporary, content)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw explainDiskError(error, path)
  }
}
