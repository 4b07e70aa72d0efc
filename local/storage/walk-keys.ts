import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { compareUtf8 } from './byte-order.ts'
import { decodeName, encodeKey } from './key-path.ts'
import { besideFolder } from './object-files.ts'
import { isMissing } from './store-failure.ts'

/** Where a listing goes on. A consumer may move it forward between two keys; whole folders are then skipped. */
export interface Cursor {
  /** Keys up to and including this one are skipped; empty at the beginning. */
  after: string
  /** Also skip every key that starts with `after`. */
  wholePrefix: boolean
}

export interface Walk {
  readonly bucketFolder: string
  readonly prefix: string
  readonly cursor: Cursor
  readonly caseSensitive: boolean
}

/**
 * The keys below a bucket's folder that start with a prefix, in UTF-8 byte order. It enters only folders that can hold such
 * keys; in memory are the names of the folders on the way.
 */
export async function* walkKeys(walk: Walk): AsyncGenerator<string> {
  const base = walk.prefix.slice(0, walk.prefix.lastIndexOf('/') + 1)
  const folders = base === '' ? [] : encodeFolders(base, walk.caseSensitive)
  yield* walkFolder(walk, join(walk.bucketFolder, ...folders), base)
}

/** A key that ends in `/` has `%empty` as its file; the rest are the folders of everything below it. */
function encodeFolders(base: string, caseSensitive: boolean): readonly string[] {
  return encodeKey(base, caseSensitive).folders
}

async function* walkFolder(walk: Walk, folder: string, base: string): AsyncGenerator<string> {
  for (const entry of await entriesOf(folder, walk.caseSensitive)) {
    const text = base + entry.text
    if (entry.isFolder) {
      const canMatch = text.startsWith(walk.prefix) || walk.prefix.startsWith(text)
      if (canMatch && !isFolderPast(text, walk.cursor)) yield* walkFolder(walk, join(folder, entry.name), text)
    } else if (text.startsWith(walk.prefix) && !isKeyPast(text, walk.cursor)) yield text
  }
}

function isKeyPast(key: string, { after, wholePrefix }: Cursor): boolean {
  if (after === '') return false
  return compareUtf8(key, after) <= 0 || (wholePrefix && key.startsWith(after))
}

/** True when every key that starts with `start` is past. */
function isFolderPast(start: string, { after, wholePrefix }: Cursor): boolean {
  if (after === '') return false
  if (wholePrefix && start.startsWith(after)) return true
  return compareUtf8(start, after) < 0 && !after.startsWith(start)
}

interface Entry {
  readonly name: string
  readonly isFolder: boolean
  /** What it adds to a key; ends in `/` for the folder of a whole segment, which puts it in its place in byte order. */
  readonly text: string
}

async function entriesOf(folder: string, caseSensitive: boolean): Promise<Entry[]> {
  const entries: Entry[] = []
  for (const item of await itemsOf(folder)) {
    const isFolder = item.isDirectory()
    if (!isFolder && !item.isFile()) continue
    const own = !isFolder && item.name.endsWith(besideFolder) ? item.name.slice(0, -besideFolder.length) : item.name
    const decoded = decodeName(own, caseSensitive)
    if (decoded === undefined || (decoded.continues && !isFolder)) continue
    entries.push({ name: item.name, isFolder, text: decoded.text + (isFolder && !decoded.continues ? '/' : '') })
  }
  return entries.sort((a, b) => compareUtf8(a.text, b.text))
}

async function itemsOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}
