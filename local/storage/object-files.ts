import {
  type BigIntStats,
  constants,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { open, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createDigests } from './digests.ts'
import { encodeKey, type KeyPath } from './key-path.ts'
import { createLock } from './lock.ts'
import { errorCode, isMissing } from './store-failure.ts'
import type { ObjectAbout, Precondition, StoredObject } from './stored-object.ts'

/** An object as it lies on the disk. */
export interface ObjectFile {
  readonly file: string
  /** Modification time in microseconds: which sidecar belongs to the content. */
  readonly stamp: bigint
  readonly sizeBytes: number
}

/**
 * One file per object at `<root>/<bucket>/<encoded key>`, and what is known about it at
 * `<root>/.about/<bucket>/<encoded key>.<stamp>`.
 *
 * The sidecar is written first and named after the modification time of the content that it describes; then the content is
 * renamed into place. So content and facts change in one step, and after a kill at any moment both are whole. Content
 * without its sidecar (a file that somebody put here or edited) is an object too; its facts are made when first asked for.
 */
export interface ObjectFiles {
  /** The object's file and facts, or undefined. */
  read(bucket: string, key: string): Promise<{ at: ObjectFile; info: StoredObject } | undefined>
  /** Moves a finished temporary file into place. The temporary file is gone afterwards only on success. */
  commit(
    bucket: string,
    key: string,
    tempFile: string,
    about: ObjectAbout,
    onlyIf?: Precondition,
  ): Promise<StoredObject>
  remove(bucket: string, key: string, onlyIf?: Precondition): Promise<void>
}

/** @param options.onPlaced Sees every file that was put in place. */
export function createObjectFiles(options: {
  root: string
  caseSensitive: boolean
  now: () => number
  onPlaced: (file: string) => void
}): ObjectFiles {
  const { root, caseSensitive, now, onPlaced } = options
  const lock = createLock()
  const nextStamp = createStamps(now)

  const placeOf = (bucket: string, key: string) => {
    const path = encodeKey(key, caseSensitive)
    return { path, file: join(root, bucket, ...path.folders, path.name), bucketFolder: join(root, bucket) }
  }
  const aboutFile = (bucket: string, path: KeyPath, stamp: bigint) =>
    join(root, '.about', bucket, ...path.folders, `${path.name}.${stamp}`)

  async function read(bucket: string, key: string): Promise<{ at: ObjectFile; info: StoredObject } | undefined> {
    const { path, file } = placeOf(bucket, key)
    for (;;) {
      const at = locate(file)
      if (at === undefined) return undefined
      const sidecar = aboutFile(bucket, path, at.stamp)
      const about = readAbout(sidecar) ?? (await adopt(at, sidecar))
      // Undefined: replaced between the two looks.
      if (about !== undefined) return { at, info: infoOf(bucket, key, at, about) }
    }
  }

  /** Facts for content that came without them. */
  async function adopt(at: ObjectFile, sidecar: string): Promise<ObjectAbout | undefined> {
    if (!isStillThere(at)) return undefined
    const digests = createDigests()
    const handle = await open(at.file, constants.O_RDONLY | constants.O_NOFOLLOW)
    for await (const chunk of handle.createReadStream({ highWaterMark: 1024 * 1024 })) digests.update(chunk)
    if (!isStillThere(at)) return undefined
    const about = { etag: digests.result().md5.toString('hex') }
    try {
      writeAbout(sidecar, about)
    } catch {
      // It only saves the next reader the digest; a folder that cannot be written can still be read.
    }
    return about
  }

  function isStillThere(at: ObjectFile): boolean {
    const now = statFile(at.file)
    return now !== undefined && now.stamp === at.stamp && now.sizeBytes === at.sizeBytes
  }

  async function commit(
    bucket: string,
    key: string,
    tempFile: string,
    about: ObjectAbout,
    onlyIf?: Precondition,
  ): Promise<StoredObject> {
    const { path, file, bucketFolder } = placeOf(bucket, key)
    return await lock(async () => {
      const before = locate(file)
      if (onlyIf !== undefined) onlyIf((await read(bucket, key))?.info)
      const at = stampFile(tempFile, nextStamp())
      const sidecar = aboutFile(bucket, path, at.stamp)
      writeAbout(sidecar, about)
      // A rename onto a file may make the system write that out first; one to a new name is a few microseconds.
      const move = before === undefined ? async (from: string, to: string) => renameSync(from, to) : rename
      onPlaced(await moveInto(tempFile, before?.file ?? file, bucketFolder, path.folders, move))
      // An etag alone is made anew from the content.
      if (Object.keys(about).length > 1) onPlaced(sidecar)
      if (before !== undefined) await rm(aboutFile(bucket, path, before.stamp), { force: true })
      return infoOf(bucket, key, at, about)
    })
  }

  async function remove(bucket: string, key: string, onlyIf?: Precondition): Promise<void> {
    const { path, file, bucketFolder } = placeOf(bucket, key)
    await lock(async () => {
      if (onlyIf !== undefined) onlyIf((await read(bucket, key))?.info)
      const at = locate(file)
      if (at === undefined) return
      const sidecar = aboutFile(bucket, path, at.stamp)
      await rm(at.file, { force: true })
      await rm(sidecar, { force: true })
      await removeEmptyFolders(dirname(at.file), bucketFolder)
      await removeEmptyFolders(dirname(sidecar), join(root, '.about', bucket))
    })
  }

  return { read, commit, remove }
}

/** Beside a folder of the same name: keys `p/x` and `p/x/y` live together. No encoded segment ends like this. */
export const besideFolder = '%object'

function locate(file: string): ObjectFile | undefined {
  return statFile(file) ?? statFile(file + besideFolder)
}

/**
 * Synchronous on purpose, as the reading of a sidecar: both are a few microseconds from the system's cache, where a promise
 * for each costs five times as much, and a listing needs two for every object.
 */
function statFile(file: string): ObjectFile | undefined {
  let stats: BigIntStats | undefined
  try {
    stats = lstatSync(file, { bigint: true, throwIfNoEntry: false })
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
  if (stats?.isFile() !== true) return undefined
  return { file, stamp: stats.mtimeNs / 1000n, sizeBytes: Number(stats.size) }
}

function stampFile(file: string, stamp: number): ObjectFile {
  utimesSync(file, stamp / 1e6, stamp / 1e6)
  const at = statFile(file)
  if (at === undefined) throw new Error(`${file} vanished before it could be stored`)
  return at
}

/** Rising times in microseconds, apart by more than the rounding of a file system call. */
function createStamps(now: () => number): () => number {
  let last = 0
  return () => {
    last = Math.max(now() * 1000, last + 10)
    return last
  }
}

async function moveInto(
  tempFile: string,
  target: string,
  bucketFolder: string,
  folders: readonly string[],
  move: (from: string, to: string) => Promise<void>,
): Promise<string> {
  // One round makes the folders; another finds that a folder of this name has appeared.
  for (let round = 0; ; round++) {
    try {
      await move(tempFile, target)
      return target
    } catch (error) {
      if (round === 3) throw error
      const code = errorCode(error)
      if (code === 'EISDIR' || code === 'EEXIST' || code === 'ENOTEMPTY') target += besideFolder
      else if (isMissing(error)) makeFolders(bucketFolder, folders)
      else throw error
    }
  }
}

/** Makes the folders on the way, and moves an object that has the name of one of them aside. */
function makeFolders(bucketFolder: string, folders: readonly string[]): void {
  mkdirSync(bucketFolder, { recursive: true })
  let path = bucketFolder
  for (const folder of folders) {
    path = join(path, folder)
    if (statFile(path) !== undefined) renameSync(path, path + besideFolder)
    mkdirSync(path, { recursive: true })
  }
}

async function removeEmptyFolders(folder: string, top: string): Promise<void> {
  for (let path = folder; path.length > top.length; path = dirname(path)) {
    try {
      await rmdir(path)
    } catch (error) {
      const code = errorCode(error)
      if (code === 'ENOTEMPTY' || code === 'EEXIST') return
      if (code !== 'ENOENT') throw error
    }
  }
}

function readAbout(file: string): ObjectAbout | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
  try {
    return JSON.parse(text) as ObjectAbout
  } catch {
    return undefined // Cut off by a power failure: made anew from the content.
  }
}

function writeAbout(file: string, about: ObjectAbout): void {
  const text = JSON.stringify(about)
  try {
    writeFileSync(file, text)
  } catch (error) {
    if (!isMissing(error)) throw error
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

function infoOf(bucket: string, key: string, at: ObjectFile, about: ObjectAbout): StoredObject {
  return { bucket, key, sizeBytes: at.sizeBytes, lastModified: new Date(Number(at.stamp / 1000n)), ...about }
}
