import { inBatches } from './in-batches.ts'
import type { StoredObject } from './stored-object.ts'
import { type Cursor, walkKeys } from './walk-keys.ts'

export interface PageQuery {
  readonly prefix: string
  readonly delimiter?: string
  readonly maxKeys: number
  /** Where a former page ended, or only keys after this one. */
  readonly from?: Readonly<Cursor>
}

export interface Page {
  readonly objects: readonly StoredObject[]
  /** Beginnings up to the delimiter that stand for all keys below them. */
  readonly commonPrefixes: readonly string[]
  /** Where the next page begins; absent on the last one. */
  readonly next?: Readonly<Cursor>
}

interface Source {
  readonly bucketFolder: string
  readonly caseSensitive: boolean
  head(key: string): Promise<StoredObject | undefined>
}

/** One page of a listing: objects and common prefixes together are at most `maxKeys`. */
export async function listPage(source: Source, query: PageQuery): Promise<Page> {
  const { prefix, delimiter = '', maxKeys, from } = query
  const cursor: Cursor = { ...(from ?? { after: '', wholePrefix: false }) }
  const keys: string[] = []
  const commonPrefixes: string[] = []
  let last: Readonly<Cursor> | undefined
  let next: Readonly<Cursor> | undefined
  if (maxKeys === 0) return { objects: [], commonPrefixes: [] }

  for await (const key of walkKeys({ ...source, prefix, cursor })) {
    if (keys.length + commonPrefixes.length === maxKeys) {
      next = last
      break
    }
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    if (end < 0) {
      keys.push(key)
      last = { after: key, wholePrefix: false }
    } else {
      const common = key.slice(0, end + delimiter.length)
      commonPrefixes.push(common)
      last = { after: common, wholePrefix: true }
      Object.assign(cursor, last) // The walk passes over the rest of them, by whole folders.
    }
  }
  const objects: StoredObject[] = []
  for await (const batch of inBatches(keys, 64)) {
    const infos = await Promise.all(batch.map(key => source.head(key)))
    // Missing: deleted since the walk.
    objects.push(...infos.filter(info => info !== undefined))
  }
  return next === undefined ? { objects, commonPrefixes } : { objects, commonPrefixes, next }
}
