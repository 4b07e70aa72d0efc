import { mkdir, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ObjectStore } from '../../contract.ts'
import { insideFolder, PathLeavesFolder } from '../inside-folder.ts'
import { ClientFault } from '../step-fault.ts'
import { filesBelow } from '../upload-folder.ts'

/** An S3 URI anywhere in an argument: `s3://`, or Hadoop's `s3a://` and `s3n://`. */
const uriPattern = /s3[an]?:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(\/[^\s,"';]*)?/g

/** Objects that a program names in its arguments, as files; what it changes among them goes back. */
export interface S3Folders {
  /** The argument with every URI as a path of this machine. */
  readonly place: (argument: string) => string
  /** Stores files that are new or changed below the URIs, and deletes the objects of files that are gone. */
  store(): Promise<void>
}

interface Staged {
  readonly bucket: string
  readonly key: string
  readonly changed: number
  readonly size: number
}

/**
 * Brings what the arguments name to `<folder>/<bucket>/<key>`: the object of the key, and those below it.
 *
 * @throws ClientFault for a key that would leave the folder.
 */
export async function stageS3Folders(store: ObjectStore, folder: string, texts: readonly string[]): Promise<S3Folders> {
  await rm(folder, { recursive: true, force: true })
  const roots = new Map<string, { bucket: string; prefix: string }>()
  for (const text of texts) {
    for (const [, bucket = '', path = ''] of text.matchAll(uriPattern)) {
      const prefix = path.replace(/^\/+/, '').replace(/\/+$/, '')
      roots.set(`${bucket}/${prefix}`, { bucket, prefix })
    }
  }
  const staged = new Map<string, Staged>()
  for (const { bucket, prefix } of roots.values()) {
    for await (const { key } of store.list(bucket, prefix)) {
      const isBelow = prefix === '' || key === prefix || key.startsWith(`${prefix}/`)
      if (!isBelow || key.endsWith('/')) continue
      const file = pathOf(folder, bucket, key)
      await mkdir(dirname(file), { recursive: true })
      await store.getFile(bucket, key, file)
      const { mtimeMs, size } = await stat(file)
      staged.set(file, { bucket, key, changed: mtimeMs, size })
    }
    // Where results go must be able to come into being, but must not be there: Spark refuses a folder that exists.
    await mkdir(dirname(pathOf(folder, bucket, prefix === '' ? '_' : prefix)), { recursive: true })
  }
  return {
    place: argument =>
      argument.replaceAll(uriPattern, (_, bucket: string, path: string | undefined) => {
        const key = (path ?? '').replace(/^\/+/, '')
        return key === '' ? pathOf(folder, bucket, '.') : pathOf(folder, bucket, key)
      }),
    store: async () => {
      for (const { bucket, prefix } of roots.values()) {
        const root = pathOf(folder, bucket, prefix === '' ? '.' : prefix)
        for (const { file, key } of await keysBelow(root, prefix)) {
          const { mtimeMs, size } = await stat(file)
          const before = staged.get(file)
          if (before?.changed !== mtimeMs || before.size !== size) await store.putFile(bucket, key, file)
        }
      }
      for (const [file, { bucket, key }] of staged) {
        if ((await stat(file).catch(() => undefined)) === undefined) await store.delete(bucket, key)
      }
    },
  }
}

/** The file that a prefix is, or the files below it, with their keys. Checksums that Hadoop writes beside files are left out. */
async function keysBelow(root: string, prefix: string): Promise<{ file: string; key: string }[]> {
  const facts = await stat(root).catch(() => undefined)
  if (facts === undefined) return []
  if (facts.isFile()) return [{ file: root, key: prefix }]
  const found = await filesBelow(root)
  return found
    .filter(({ path }) => !/(^|\/)\.[^/]*\.crc$/.test(path))
    .map(({ file, path }) => ({ file, key: prefix === '' ? path : `${prefix}/${path}` }))
}

function pathOf(folder: string, bucket: string, key: string): string {
  try {
    return insideFolder(folder, `${bucket}/${key}`.replace(/\/\.$/, ''))
  } catch (error) {
    if (error instanceof PathLeavesFolder)
      throw new ClientFault(`The URI s3://${bucket}/${key} would leave the folder of its bucket on this machine`)
    throw error
  }
}
