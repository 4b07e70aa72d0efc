import { checkRead, writeCondition } from './conditions.ts'
import { type ByteRange, parseRange } from './byte-range.ts'
import { aboutOf, checksumHeaders, objectHeaders } from './object-headers.ts'
import { s3Error } from './s3-error.ts'
import { needBucket, type S3Request, type S3Response } from './s3-request.ts'
import { readUpload } from './upload-body.ts'
import type { StoredObject } from '../../storage/stored-object.ts'

/** Stores the request's content; the bucket comes into being with it. */
export async function putObject(request: S3Request): Promise<S3Response> {
  const { body, checksums, alsoCompute, verify } = readUpload(request)
  const onlyIf = writeCondition(request)
  const info = await request.store.put(request.bucket, request.key, body, aboutOf(request), {
    checksums,
    alsoCompute,
    verify,
    ...(onlyIf && { onlyIf }),
  })
  await request.store.flush()
  return { headers: { etag: `"${info.etag}"`, ...checksumHeaders(info) } }
}

/** Answers with the content or the asked range of it. */
export async function getObject(request: S3Request): Promise<S3Response> {
  let answer: S3Response = {}
  let sizeBytes = 0
  // Everything that may refuse comes before the file is opened.
  const found = await request.store.open(request.bucket, request.key, info => {
    const refusal = unchanged(request, info)
    const part = refusal === undefined ? parseRange(request.header('range'), info.sizeBytes) : { start: 0, end: -1 }
    answer = refusal ?? (part === undefined ? { headers: readHeaders(request, info) } : partial(request, info, part))
    sizeBytes = part === undefined ? info.sizeBytes : part.end - part.start + 1
    return part
  })
  if (found === undefined) return await missing(request)
  return answer.status === 304 ? answer : { ...answer, content: { body: found.body, sizeBytes } }
}

/** Checksums are of the whole content: a client would compare them with the part. */
function partial(request: S3Request, info: StoredObject, { start, end }: ByteRange): S3Response {
  const range = { 'content-range': `bytes ${start}-${end}/${info.sizeBytes}` }
  return { status: 206, headers: { ...objectHeaders(request, info), ...range } }
}

/** GetObject without the content. */
export async function headObject(request: S3Request): Promise<S3Response> {
  const info = await request.store.head(request.bucket, request.key)
  if (info === undefined) return await missing(request)
  const refusal = unchanged(request, info)
  if (refusal !== undefined) return refusal
  const part = parseRange(request.header('range'), info.sizeBytes)
  const headers = readHeaders(request, info)
  if (part === undefined) return { headers: { ...headers, 'content-length': String(info.sizeBytes) } }
  const range = { 'content-range': `bytes ${part.start}-${part.end}/${info.sizeBytes}` }
  return { status: 206, headers: { ...headers, ...range, 'content-length': String(part.end - part.start + 1) } }
}

/** Deletes; it is no failure when there is nothing to delete. */
export async function deleteObject(request: S3Request): Promise<S3Response> {
  await needBucket(request)
  const match = request.header('if-match')
  await request.store.delete(request.bucket, request.key, match === undefined ? undefined : writeCondition(request))
  return { status: 204 }
}

function readHeaders(request: S3Request, info: StoredObject): Record<string, string> {
  const wanted = request.header('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED'
  return { ...objectHeaders(request, info), ...(wanted && checksumHeaders(info)) }
}

function unchanged(request: S3Request, info: StoredObject): S3Response | undefined {
  return checkRead(request, info) === undefined ? undefined : { status: 304, headers: { etag: `"${info.etag}"` } }
}

async function missing(request: S3Request): Promise<never> {
  await needBucket(request)
  throw s3Error('NoSuchKey')
}
