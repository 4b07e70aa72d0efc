import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { OutputFolders, OutputName } from '../output-folders.ts'

/** A folder of records, when all of its files are there. */
export interface FinishedFolder {
  readonly path: string
  readonly side: OutputName
  /** Its files with records, in the order of their names. */
  readonly files: readonly string[]
}

/** Lets `finish` make of every folder of records what it is to be: those of each fold, `all/` and `test/`. */
export async function finishFolders(
  { staging }: OutputFolders,
  finish: (folder: FinishedFolder) => void | Promise<void>,
): Promise<void> {
  for (const side of ['train', 'validation', 'all', 'test'] as const)
    if (existsSync(staging[side])) await visit(staging[side], side)

  async function visit(path: string, side: OutputName): Promise<void> {
    const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
    const files = entries.filter(entry => entry.isFile()).map(({ name }) => name)
    for (const entry of entries) if (entry.isDirectory()) await visit(join(path, entry.name), side)
    if (files.length > 0) await finish({ path, side, files })
  }
}
