import { constants, copyFileSync, createReadStream, readFileSync, statSync, writeFileSync } from 'node:fs'
import { copyFile, mkdir, open, readdir, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import type { ObjectStore } from '../contract.ts'
import { ServiceError } from '../service-error.ts'
import { checkBucketName, checkKey } from './bucket-names.ts'
import { type BodyDigests, createDigests, keepOnly } from './digests.ts'
import { inBatches } from './in-batches.ts'
import { listPage, type Page, type PageQuery } from './list-page.ts'
import { makeFolder } from './make-folder.ts'
import { createMultipart, type Multipart } from './multipart.ts'
import { createObjectFiles } from './object-files.ts'
import { isMissing, storeFailure } from './store-failure.ts'
import {
  type ObjectAbout,
  type Precondition,
  type PutAbout,
  type StoredObject,
  type WriteOptions,
  aboutOf,
} from './stored-object.ts'
import { createPendingWrites } from './pending-writes.ts'
import { openTempFiles } from './temp-files.ts'
import { walkKeys } from './walk-keys.ts'
import { writeBody } from './write-body.ts'

/** An {@link ObjectStore} on a folder, with what S3's API needs beyond what the engine needs. */
export interface FolderStore extends ObjectStore {
  put(
    bucket: string,
    key: string,
    body: Uint8Array | Readable | AsyncIterable<Uint8Array>,
    about?: PutAbout,
    options?: WriteOptions,
  ): Promise<StoredObject>
  head(bucket: string, key: string): Promise<StoredObject | undefined>
  /** Bytes `start` to `end`, both included, or everything. */
  open(
    bucket: string,
    key: string,
    range?: (info: StoredObject) => { start: number; end: number } | undefined,
  ): Promise<{ info: StoredObject; body: Readable } | undefined>
  get(bucket: string, key: string): Promise<{ info: StoredObject; body: Readable } | undefined>
  /** Undefined when there is no source. `about` replaces what is kept beside the content. */
  copy(
    source: { bucket: string; key: string },
    target: { bucket: string; key: string },
    options?: { about?: PutAbout; check?: (source: StoredObject) => void; onlyIf?: Precondition },
  ): Promise<StoredObject | undefined>
  delete(bucket: string, key: string, onlyIf?: Precondition): Promise<void>
  page(bucket: string, query: PageQuery): Promise<Page>
  buckets(): Promise<{ name: string; created: Date }[]>
  /** False when it exists already. */
  createBucket(bucket: string): Promise<boolean>
  hasBucket(bucket: string): Promise<boolean>
  /** Refuses a bucket that still holds objects. */
  deleteBucket(bucket: string): Promise<void>
  readonly multipart: Multipart
}

/**
 * Opens the store whose objects are the files of `dir/<bucket>/…`; makes the folder when it is missing.
 *
 * Written content is visible at once and whole, also after a kill; after `flush()` also after a power failure. Copies share blocks where the file system can (btrfs, XFS, APFS).
 */
export async function createFolderStore(dir: string, options: { now?: () => number } = {}): Promise<FolderStore> {
  const { now = Date.now } = options
  const failure = (error: unknown, what: string) => storeFailure(error, what, dir)
  const guarded = async <T>(what: string, task: () => Promise<T>): Promise<T> => {
    try {
      return await task()
    } catch (error) {
      throw failure(error, what)
    }
  }
  const { temp, caseSensitive } = await guarded('open the object store', async () => {
    await makeFolder(dir)
    return { temp: await openTempFiles(join(dir, '.tmp')), caseSensitive: await isCaseSensitive(dir) }
  })
  const pending = createPendingWrites(dir)
  const files = createObjectFiles({ root: dir, caseSensitive, now, onPlaced: pending.add })

  /** Calls `fill` with a temporary name and stores the outcome; nothing is left behind when it fails. */
  async function store(
    bucket: string,
    key: string,
    fill: (file: string) => Promise<ObjectAbout>,
    onlyIf?: Precondition,
  ) {
    checkBucketName(bucket)
    checkKey(key)
    const file = temp.next()
    return await guarded(`store s3://${bucket}/${key}`, async () => {
      try {
        return await files.commit(bucket, key, file, await fill(file), onlyIf)
      } catch (error) {
        await rm(file, { force: true })
        throw error
      }
    })
  }

  async function read(bucket: string, key: string) {
    checkBucketName(bucket)
    return await guarded(`read s3://${bucket}/${key}`, () => files.read(bucket, key))
  }

  const self: FolderStore = {
    async put(bucket, key, body, about = {}, { checksums = [], alsoCompute = [], verify, onlyIf } = {}) {
      return await store(
        bucket,
        key,
        async file => {
          const digests = createDigests([...checksums, ...alsoCompute])
          await writeBody(file, body, digests.update)
          const result = digests.result()
          verify?.(result)
          return { ...about, ...aboutBody(keepOnly(result, checksums)) }
        },
        onlyIf,
      )
    },
    async putFile(bucket, key, source) {
      return await store(bucket, key, async file => {
        const small = await readSmall(source)
        if (small === undefined) {
          await copyFile(source, file, constants.COPYFILE_FICLONE)
          return aboutBody(await digestFile(file))
        }
        writeFileSync(file, small, { flag: 'wx' })
        const digests = createDigests()
        digests.update(small)
        return aboutBody(digests.result())
      })
    },
    async head(bucket, key) {
      return (await read(bucket, key))?.info
    },
    get: (bucket, key) => self.open(bucket, key),
    async open(bucket, key, range) {
      for (;;) {
        const found = await read(bucket, key)
        if (found === undefined) return undefined
        const { at, info } = found
        const part = range?.(info)
        const handle = await openSame(at.file, at.stamp)
        // Replaced between the look and the opening: look again.
        if (handle === undefined) continue
        const length = part ?? { start: 0, end: info.sizeBytes - 1 }
        // An empty range cannot be said with start and end.
        if (length.end < length.start) {
          await handle.close()
          return { info, body: Readable.from([]) }
        }
        return { info, body: handle.createReadStream({ ...length, highWaterMark: 256 * 1024 }) }
      }
    },
    async getFile(bucket, key, file) {
      for (;;) {
        const found = await read(bucket, key)
        if (found === undefined) return false
        try {
          if (found.at.sizeBytes > smallBytes) await copyFile(found.at.file, file, constants.COPYFILE_FICLONE)
          else {
            await turn()
            copyFileSync(found.at.file, file, constants.COPYFILE_FICLONE)
          }
          return true
        } catch (error) {
          const isGone = isMissing(error) && (await read(bucket, key))?.at.stamp !== found.at.stamp
          if (!isGone) throw storeFailure(error, `copy s3://${bucket}/${key} to ${file}`, dirname(file))
        }
      }
    },
    async *list(bucket, prefix = '') {
      checkBucketName(bucket)
      const cursor = { after: '', wholePrefix: false }
      const keys = walkKeys({ bucketFolder: join(dir, bucket), prefix, cursor, caseSensitive })
      for await (const batch of inBatches(keys, 64)) {
        const infos = await Promise.all(batch.map(key => self.head(bucket, key)))
        for (const info of infos) if (info !== undefined) yield info
      }
    },
    async copy(source, target, { about, check, onlyIf } = {}) {
      for (;;) {
        const found = await read(source.bucket, source.key)
        if (found === undefined) return undefined
        check?.(found.info)
        const kept = aboutOf(found.info)
        const next: ObjectAbout = about === undefined ? kept : { ...without(kept), ...about }
        const isSame = source.bucket === target.bucket && source.key === target.key
        try {
          const stored = await store(
            target.bucket,
            target.key,
            async file => {
              await copyFile(found.at.file, file, constants.COPYFILE_FICLONE)
              return next
            },
            onlyIf,
          )
          return stored
        } catch (error) {
          const isGone =
            !isSame && isMissing(error) && (await read(source.bucket, source.key))?.at.stamp !== found.at.stamp
          if (!isGone) throw error
        }
      }
    },
    async delete(bucket, key, onlyIf) {
      checkBucketName(bucket)
      checkKey(key)
      await guarded(`delete s3://${bucket}/${key}`, () => files.remove(bucket, key, onlyIf))
    },
    flush: () => guarded('write the objects out', pending.flush),
    async page(bucket, query) {
      checkBucketName(bucket)
      const bucketFolder = join(dir, bucket)
      const head = (key: string) => self.head(bucket, key)
      return await guarded(`list s3://${bucket}`, () => listPage({ bucketFolder, caseSensitive, head }, query))
    },
    async buckets() {
      return await guarded('list the buckets', async () => {
        const entries = await readdir(dir, { withFileTypes: true })
        const names = entries
          .filter(entry => entry.isDirectory() && !entry.name.startsWith('.'))
          .map(entry => entry.name)
        return await Promise.all(
          names.sort().map(async name => ({ name, created: (await stat(join(dir, name))).birthtime })),
        )
      })
    },
    async createBucket(bucket) {
      checkBucketName(bucket)
      return await guarded(`create the bucket ${bucket}`, async () => {
        return (await mkdir(join(dir, bucket), { recursive: true })) !== undefined
      })
    },
    async hasBucket(bucket) {
      checkBucketName(bucket)
      return await isFolder(join(dir, bucket))
    },
    async deleteBucket(bucket) {
      checkBucketName(bucket)
      const { objects } = await self.page(bucket, { prefix: '', maxKeys: 1 })
      if (objects.length > 0) {
        throw new ServiceError('BucketNotEmpty', 'The bucket you tried to delete is not empty.', 409)
      }
      await guarded(`delete the bucket ${bucket}`, () => rmdir(join(dir, bucket)))
    },
    multipart: createMultipart({ folder: join(dir, '.uploads'), temp, store, guarded }),
  }
  return self
}

function aboutBody({ md5, checksums }: BodyDigests): ObjectAbout {
  const etag = md5.toString('hex')
  return Object.keys(checksums).length === 0 ? { etag } : { etag, checksums, checksumType: 'FULL_OBJECT' }
}

/** What belongs to the content and stays when a copy replaces the rest. */
function without({ etag, checksums, checksumType, partSizes }: ObjectAbout): ObjectAbout {
  return {
    etag,
    ...(checksums && { checksums }),
    ...(checksumType && { checksumType }),
    ...(partSizes && { partSizes }),
  }
}

/**
 * Files up to this size are copied in one go: the calls take a few dozen microseconds together, where their promises take
 * some milliseconds when jobs keep the processors busy.
 */
const smallBytes = 256 * 1024

/** Lets everybody else have a turn: many small files in a row must not hold the server up. */
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/** The content of a small file; undefined for a larger one. */
async function readSmall(file: string): Promise<Buffer | undefined> {
  await turn()
  return statSync(file).size > smallBytes ? undefined : readFileSync(file)
}

async function digestFile(file: string): Promise<BodyDigests> {
  const digests = createDigests()
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) digests.update(chunk)
  return digests.result()
}

async function openSame(file: string, stamp: bigint) {
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW)
    const { mtimeNs } = await handle.stat({ bigint: true })
    if (mtimeNs / 1000n === stamp) return handle
    await handle.close()
    return undefined
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

/** macOS and Windows take `A` and `a` for one name; keys are then written with their capitals as `%41`. */
async function isCaseSensitive(dir: string): Promise<boolean> {
  const probe = join(dir, '.tmp', 'case-probe')
  await writeFile(probe, '')
  return !(await isThere(join(dir, '.TMP', 'CASE-PROBE')))
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}
