import type { ChecksumAlgorithm } from '../../storage/digests.ts'
import type { Page } from '../../storage/list-page.ts'
import type { StoredObject } from '../../storage/stored-object.ts'
import type { Cursor } from '../../storage/walk-keys.ts'
import { s3Error } from './s3-error.ts'
import { needBucket, type S3Request, type S3Response } from './s3-request.ts'
import { renderXml } from './xml.ts'

/** ListObjectsV2: pages by an opaque token. */
export async function listObjectsV2(request: S3Request): Promise<S3Response> {
  const asked = askedFor(request)
  const token = request.query.get('continuation-token')
  const startAfter = request.query.get('start-after')
  const from = token === null ? afterKey(startAfter) : parseToken(token)
  const page = await pageOf(request, from)
  return {
    xml: renderXml('ListBucketResult', {
      ...asked.echo,
      StartAfter: startAfter === null ? undefined : asked.encode(startAfter),
      ContinuationToken: token ?? undefined,
      KeyCount: page.objects.length + page.commonPrefixes.length,
      IsTruncated: page.next !== undefined,
      NextContinuationToken: page.next === undefined ? undefined : formatToken(page.next),
      ...contents(page, asked.encode),
    }),
  }
}

/** ListObjects, the first version: pages by the last key. */
export async function listObjects(request: S3Request): Promise<S3Response> {
  const asked = askedFor(request)
  const marker = request.query.get('marker')
  const delimiter = request.query.get('delimiter') ?? ''
  // A marker that a former page gave may be a common prefix, which stands for everything below it.
  const wholePrefix = marker !== null && delimiter !== '' && marker.endsWith(delimiter)
  const page = await pageOf(request, marker === null || marker === '' ? undefined : { after: marker, wholePrefix })
  return {
    xml: renderXml('ListBucketResult', {
      ...asked.echo,
      Marker: asked.encode(marker ?? ''),
      IsTruncated: page.next !== undefined,
      NextMarker: page.next === undefined ? undefined : asked.encode(page.next.after),
      ...contents(page, asked.encode),
    }),
  }
}

async function pageOf(request: S3Request, from: Cursor | undefined): Promise<Page> {
  await needBucket(request)
  return await request.store.page(request.bucket, {
    prefix: request.query.get('prefix') ?? '',
    delimiter: request.query.get('delimiter') ?? '',
    maxKeys: maxKeys(request),
    ...(from && { from }),
  })
}

function askedFor(request: S3Request) {
  const isUrl = encodingOf(request) === 'url'
  const encode = (text: string) => (isUrl ? encodeURIComponent(text).replaceAll('%2F', '/') : text)
  const delimiter = request.query.get('delimiter')
  const echo = {
    Name: request.bucket,
    Prefix: encode(request.query.get('prefix') ?? ''),
    Delimiter: delimiter === null || delimiter === '' ? undefined : encode(delimiter),
    MaxKeys: maxKeys(request),
    EncodingType: isUrl ? 'url' : undefined,
  }
  return { encode, echo }
}

function encodingOf(request: S3Request): string | null {
  const encoding = request.query.get('encoding-type')
  if (encoding === null || encoding === 'url') return encoding
  throw s3Error('InvalidArgument', 'Invalid Encoding Method specified in Request')
}

function maxKeys(request: S3Request): number {
  const text = request.query.get('max-keys')
  if (text === null || text === '') return 1000
  if (!/^\d{1,10}$/.test(text))
    throw s3Error('InvalidArgument', 'Argument max-keys must be an integer between 0 and 2147483647')
  return Math.min(Number(text), 1000)
}

function contents(page: Page, encode: (text: string) => string) {
  return {
    Contents: page.objects.map(info => ({
      Key: encode(info.key),
      LastModified: info.lastModified,
      ETag: `"${info.etag}"`,
      ...checksumNames(info),
      Size: info.sizeBytes,
      StorageClass: 'STANDARD',
    })),
    CommonPrefixes: page.commonPrefixes.map(prefix => ({ Prefix: encode(prefix) })),
  }
}

function checksumNames(info: StoredObject) {
  const names = Object.keys(info.checksums ?? {}) as ChecksumAlgorithm[]
  return names.length === 0 ? {} : { ChecksumAlgorithm: names, ChecksumType: info.checksumType ?? 'FULL_OBJECT' }
}

function afterKey(key: string | null): Cursor | undefined {
  return key === null || key === '' ? undefined : { after: key, wholePrefix: false }
}

function formatToken(cursor: Readonly<Cursor>): string {
  return Buffer.from(JSON.stringify([cursor.after, cursor.wholePrefix])).toString('base64url')
}

function parseToken(token: string): Cursor {
  try {
    const [after, wholePrefix] = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown[]
    if (typeof after === 'string' && typeof wholePrefix === 'boolean') return { after, wholePrefix }
  } catch {
    // Not ours: refused below.
  }
  throw s3Error('InvalidArgument', 'The continuation token provided is incorrect')
}
