import type { StoredObject } from '../../storage/stored-object.ts'
import { checkRead, writeCondition } from './conditions.ts'
import { aboutOf } from './object-headers.ts'
import { s3Error } from './s3-error.ts'
import { decodePath, type S3Request, type S3Response } from './s3-request.ts'
import { elementOf } from './upload-body.ts'
import { renderXml } from './xml.ts'
import type { ChecksumAlgorithm } from '../../storage/digests.ts'

/** Copies an object inside the store, by copy-on-write where the file system can. */
export async function copyObject(request: S3Request): Promise<S3Response> {
  const source = copySource(request)
  const isReplaced = request.header('x-amz-metadata-directive')?.toUpperCase() === 'REPLACE'
  if (!isReplaced && source.bucket === request.bucket && source.key === request.key) {
    throw s3Error(
      'InvalidRequest',
      'This copy request is illegal because it is trying to copy an object to itself without changing its metadata.',
    )
  }
  const onlyIf = writeCondition(request)
  const info = await request.store.copy(source, request, {
    ...(isReplaced && { about: aboutOf(request) }),
    check: current => checkSource(request, current),
    ...(onlyIf && { onlyIf }),
  })
  if (info === undefined) return await noSource(request, source.bucket)
  await request.store.flush()
  const checksums = Object.entries(info.checksums ?? {}) as [ChecksumAlgorithm, string][]
  return {
    xml: renderXml('CopyObjectResult', {
      ETag: `"${info.etag}"`,
      LastModified: info.lastModified,
      ...Object.fromEntries(checksums.map(([name, value]) => [elementOf(name), value])),
    }),
  }
}

/** Bucket and key of `x-amz-copy-source`. */
export function copySource(request: S3Request): { bucket: string; key: string } {
  const header = (request.header('x-amz-copy-source') ?? '').replace(/^\//, '').replace(/\?versionId=null$/, '')
  // `+` stands for itself; clients that encode send %20.
  const text = decodePath(header)
  const slash = text.indexOf('/')
  if (slash <= 0 || slash === text.length - 1) {
    throw s3Error('InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey')
  }
  return { bucket: text.slice(0, slash), key: text.slice(slash + 1) }
}

/** Throws when the source does not meet the conditions of the copy. */
export function checkSource(request: S3Request, info: StoredObject): void {
  if (checkRead(request, info, 'x-amz-copy-source-') === 'not-modified') throw s3Error('PreconditionFailed')
}

/** The refusal for a source that is not there. */
export async function noSource(request: S3Request, bucket: string): Promise<never> {
  throw (await request.store.hasBucket(bucket)) ? s3Error('NoSuchKey') : s3Error('NoSuchBucket')
}
