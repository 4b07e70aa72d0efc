import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { ServiceError } from '../service-error.ts'
import { type BodyDigests, type ChecksumAlgorithm, checksumAlgorithms, createDigests, keepOnly } from './digests.ts'
import { isMissing } from './store-failure.ts'
import type { ObjectAbout, Precondition, PutAbout, StoredObject, WriteOptions } from './stored-object.ts'
import type { TempFiles } from './temp-files.ts'
import { writeBody } from './write-body.ts'

export interface UploadRef {
  readonly bucket: string
  readonly key: string
  readonly uploadId: string
}

export interface UploadStart {
  readonly about: PutAbout
  readonly checksumAlgorithm?: ChecksumAlgorithm
  readonly checksumType?: 'FULL_OBJECT' | 'COMPOSITE'
}

export interface Upload extends UploadRef, UploadStart {
  readonly initiated: Date
}

export interface UploadPart {
  readonly partNumber: number
  readonly etag: string
  readonly sizeBytes: number
  readonly lastModified: Date
  readonly checksums: Readonly<Partial<Record<ChecksumAlgorithm, string>>>
}

/** A part as the client names it when it completes the upload. */
export interface NamedPart {
  readonly partNumber: number
  readonly etag: string
  readonly checksums: Readonly<Partial<Record<ChecksumAlgorithm, string>>>
}

/** Uploads in parts. Parts outlive a restart; the object appears when the upload is completed. */
export interface Multipart {
  create(bucket: string, key: string, start: UploadStart): Promise<string>
  /** The upload, or `NoSuchUpload`. */
  find(ref: UploadRef): Promise<Upload>
  putPart(
    ref: UploadRef,
    partNumber: number,
    body: Readable | AsyncIterable<Uint8Array>,
    options?: Pick<WriteOptions, 'checksums' | 'alsoCompute' | 'verify'>,
  ): Promise<UploadPart>
  /** In the order of their numbers. */
  parts(ref: UploadRef): Promise<UploadPart[]>
  /** @param checksum of the whole object, when the client sends it */
  complete(ref: UploadRef, parts: readonly NamedPart[], onlyIf?: Precondition, checksum?: string): Promise<StoredObject>
  abort(ref: UploadRef): Promise<void>
  /** Uploads of a bucket that are neither completed nor aborted, by key. */
  list(bucket: string): Promise<Upload[]>
}

/** S3's least size of every part but the last. */
export const smallestPartBytes = 5 * 1024 * 1024

export function createMultipart(parent: {
  folder: string
  temp: TempFiles
  store: (
    bucket: string,
    key: string,
    fill: (file: string) => Promise<ObjectAbout>,
    onlyIf?: Precondition,
  ) => Promise<StoredObject>
  guarded: <T>(what: string, task: () => Promise<T>) => Promise<T>
}): Multipart {
  const { folder, temp, store, guarded } = parent
  const folderOf = (uploadId: string) => join(folder, uploadId)

  async function find(ref: UploadRef): Promise<Upload> {
    const upload = await readUpload(folder, ref.uploadId)
    if (upload === undefined || upload.bucket !== ref.bucket || upload.key !== ref.key) throw noSuchUpload()
    return upload
  }

  async function storedParts(ref: UploadRef): Promise<StoredPart[]> {
    await find(ref)
    const names = await readdir(folderOf(ref.uploadId))
    const parts = names.filter(name => /^part-\d+\.json$/.test(name))
    const read = await Promise.all(parts.map(name => readPart(join(folderOf(ref.uploadId), name))))
    return read.sort((a, b) => a.partNumber - b.partNumber)
  }

  return {
    find,
    async create(bucket, key, start) {
      const uploadId = randomBytes(16).toString('hex')
      const upload: Upload = { bucket, key, uploadId, ...start, initiated: new Date() }
      return await guarded(`begin the upload of s3://${bucket}/${key}`, async () => {
        await mkdir(folderOf(uploadId), { recursive: true })
        await writeFile(join(folderOf(uploadId), 'upload.json'), JSON.stringify(upload))
        return uploadId
      })
    },
    async putPart(ref, partNumber, body, { checksums = [], alsoCompute = [], verify } = {}) {
      await find(ref)
      const file = temp.next()
      return await guarded(`store part ${partNumber} of s3://${ref.bucket}/${ref.key}`, async () => {
        try {
          const digests = createDigests([...checksums, ...alsoCompute])
          await writeBody(file, body, digests.update)
          const result = digests.result()
          verify?.(result)
          return await keepPart(folderOf(ref.uploadId), file, partNumber, keepOnly(result, checksums))
        } catch (error) {
          // Aborted or completed meanwhile.
          if (isMissing(error)) throw noSuchUpload()
          throw error
        } finally {
          await rm(file, { force: true })
          await rm(`${file}.json`, { force: true })
        }
      })
    },
    async parts(ref) {
      return await guarded(`list the parts of s3://${ref.bucket}/${ref.key}`, () => storedParts(ref))
    },
    async complete(ref, named, onlyIf, sent) {
      const upload = await find(ref)
      const chosen = chooseParts(await storedParts(ref), named)
      const fill = async (file: string): Promise<ObjectAbout> => {
        const whole = upload.checksumType === 'FULL_OBJECT' ? upload.checksumAlgorithm : undefined
        const running = whole === undefined ? undefined : checksumAlgorithms[whole]()
        const files = chosen.map(part => join(folderOf(ref.uploadId), part.file))
        await writeBody(file, concatenate(files), chunk => {
          running?.update(chunk)
        })
        const checksum = running === undefined ? compositeChecksum(upload, chosen) : running.digest().toString('base64')
        if (sent !== undefined && checksum !== undefined && sent !== checksum) {
          throw new ServiceError('BadDigest', `The ${whole} you specified did not match the calculated checksum.`)
        }
        return {
          ...upload.about,
          etag: `${digestOf(
            'md5',
            chosen.map(part => Buffer.from(part.etag, 'hex')),
          ).toString('hex')}-${chosen.length}`,
          partSizes: chosen.map(part => part.sizeBytes),
          ...(checksum !== undefined && {
            checksums: { [upload.checksumAlgorithm!]: checksum },
            checksumType: upload.checksumType ?? 'COMPOSITE',
          }),
        }
      }
      const stored = await store(ref.bucket, ref.key, fill, onlyIf)
      await rm(folderOf(ref.uploadId), { recursive: true, force: true })
      return stored
    },
    async abort(ref) {
      await find(ref)
      await guarded(`abort the upload of s3://${ref.bucket}/${ref.key}`, () =>
        rm(folderOf(ref.uploadId), { recursive: true, force: true }),
      )
    },
    async list(bucket) {
      const uploads = await Promise.all((await namesIn(folder)).map(id => readUpload(folder, id)))
      const mine = uploads.filter(upload => upload?.bucket === bucket) as Upload[]
      return mine.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) || +a.initiated - +b.initiated)
    },
  }
}

interface StoredPart extends UploadPart {
  /** Name of the content beside the part's facts: a part that is sent again does not touch the former one. */
  readonly file: string
}

async function keepPart(
  folder: string,
  tempFile: string,
  partNumber: number,
  digests: BodyDigests,
): Promise<UploadPart> {
  const file = `part-${partNumber}.${randomBytes(4).toString('hex')}`
  const { sizeBytes, md5, checksums } = digests
  const part: StoredPart = {
    partNumber,
    etag: md5.toString('hex'),
    sizeBytes,
    lastModified: new Date(),
    checksums,
    file,
  }
  const facts = join(folder, `part-${partNumber}.json`)
  const before = await readPart(facts).catch(() => undefined)
  await writeFile(`${tempFile}.json`, JSON.stringify(part))
  await rename(tempFile, join(folder, file))
  await rename(`${tempFile}.json`, facts)
  if (before !== undefined) await rm(join(folder, before.file), { force: true })
  return part
}

/** The stored parts that the client names, after S3's checks. */
function chooseParts(stored: readonly StoredPart[], named: readonly NamedPart[]): StoredPart[] {
  if (named.length === 0) throw new ServiceError('MalformedXML', 'The upload names no part.')
  if (named.some((part, i) => i > 0 && part.partNumber <= named[i - 1]!.partNumber)) {
    throw new ServiceError('InvalidPartOrder', 'The list of parts was not in ascending order of part numbers.')
  }
  const byNumber = new Map(stored.map(part => [part.partNumber, part]))
  const chosen = named.map(part => {
    const found = byNumber.get(part.partNumber)
    const isSame = Object.entries(part.checksums).every(([name, value]) => {
      const own = found?.checksums[name as ChecksumAlgorithm]
      return own === undefined || own === value
    })
    if (found !== undefined && found.etag === part.etag && isSame) return found
    throw new ServiceError(
      'InvalidPart',
      `Part ${part.partNumber} could not be found, or its ETag or checksum is not that of the uploaded part.`,
    )
  })
  const small = chosen.slice(0, -1).find(part => part.sizeBytes < smallestPartBytes)
  if (small !== undefined) {
    throw new ServiceError(
      'EntityTooSmall',
      `Your proposed upload is smaller than the minimum allowed size: part ${small.partNumber} has ${small.sizeBytes} bytes; every part but the last needs ${smallestPartBytes}.`,
    )
  }
  return chosen
}

/** S3's checksum of checksums, `<base64>-<parts>`; undefined when a part came without one. */
function compositeChecksum(upload: Upload, parts: readonly StoredPart[]): string | undefined {
  const algorithm = upload.checksumAlgorithm
  if (algorithm === undefined) return undefined
  const values = parts.map(part => part.checksums[algorithm])
  if (values.some(value => value === undefined)) return undefined
  const running = checksumAlgorithms[algorithm]()
  for (const value of values) running.update(Buffer.from(value!, 'base64'))
  return `${running.digest().toString('base64')}-${parts.length}`
}

async function* concatenate(files: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const file of files) yield* createReadStream(file, { highWaterMark: 1024 * 1024 })
}

function digestOf(algorithm: string, pieces: readonly Uint8Array[]): Buffer {
  const hash = createHash(algorithm)
  for (const piece of pieces) hash.update(piece)
  return hash.digest()
}

async function readUpload(folder: string, uploadId: string): Promise<Upload | undefined> {
  if (!/^[0-9a-f]{32}$/.test(uploadId)) return undefined
  try {
    const upload = JSON.parse(await readFile(join(folder, uploadId, 'upload.json'), 'utf8')) as Upload
    return { ...upload, initiated: new Date(upload.initiated) }
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

async function readPart(file: string): Promise<StoredPart> {
  const part = JSON.parse(await readFile(file, 'utf8')) as StoredPart
  return { ...part, lastModified: new Date(part.lastModified) }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

function noSuchUpload(): ServiceError {
  return new ServiceError(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    404,
  )
}
