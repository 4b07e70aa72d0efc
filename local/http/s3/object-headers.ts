import type { ChecksumAlgorithm } from '../../storage/digests.ts'
import type { PutAbout, StoredObject } from '../../storage/stored-object.ts'
import { s3Error } from './s3-error.ts'
import type { S3Request } from './s3-request.ts'
import { headerOf } from './upload-body.ts'

/** Headers that S3 keeps with an object and gives back. */
const keptHeaders = ['cache-control', 'content-disposition', 'content-encoding', 'content-language', 'expires'] as const

const metadataPrefix = 'x-amz-meta-'

/** What a request says about the object that it writes. */
export function aboutOf(request: S3Request): PutAbout {
  const headers: Record<string, string> = {}
  for (const name of keptHeaders) {
    const value = request.header(name)
    // The transfer's own encoding is no part of the object.
    const kept = name === 'content-encoding' ? value?.replace(/\s*aws-chunked\s*,?/, '').trim() : value
    if (kept !== undefined && kept !== '') headers[name] = kept
  }
  const metadata = metadataOf(request)
  const contentType = request.header('content-type')
  return {
    ...(contentType !== undefined && { contentType }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
    ...(Object.keys(headers).length > 0 && { headers }),
  }
}

function metadataOf(request: S3Request): Record<string, string> {
  const metadata: Record<string, string> = Object.create(null)
  const sent = [...Object.entries(request.body.headers), ...request.query]
  for (const [name, value] of sent) {
    const lower = name.toLowerCase()
    if (lower.startsWith(metadataPrefix)) metadata[lower.slice(metadataPrefix.length)] = String(value)
  }
  return metadata
}

/** Headers of an answer about an object. A query such as `response-content-type` replaces one. */
export function objectHeaders(request: S3Request, info: StoredObject): Record<string, string> {
  const headers: Record<string, string> = {
    etag: `"${info.etag}"`,
    'last-modified': info.lastModified.toUTCString(),
    'accept-ranges': 'bytes',
    'content-type': info.contentType ?? 'binary/octet-stream',
    ...info.headers,
    // Stored pages must not act with this server's origin when somebody opens them in a browser.
    'content-security-policy': 'sandbox',
    'x-content-type-options': 'nosniff',
  }
  for (const [name, value] of Object.entries(info.metadata ?? {})) headers[metadataPrefix + name] = metadataValue(value)
  for (const name of ['content-type', ...keptHeaders]) {
    const instead = request.query.get(`response-${name}`)
    if (instead === null) continue
    if (!fitsHeader(instead)) throw s3Error('InvalidArgument', `The value of response-${name} cannot be a header.`)
    headers[name] = instead
  }
  return headers
}

/** What a header cannot carry is written as RFC 2047 says, as S3 does. */
function metadataValue(value: string): string {
  return fitsHeader(value) ? value : `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`
}

function fitsHeader(value: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return /^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(value)
}

/** Checksum headers, which S3 gives only to clients that ask. */
export function checksumHeaders(info: Pick<StoredObject, 'checksums' | 'checksumType'>): Record<string, string> {
  const entries = Object.entries(info.checksums ?? {}) as [ChecksumAlgorithm, string][]
  if (entries.length === 0) return {}
  const headers = Object.fromEntries(entries.map(([name, value]) => [headerOf(name), value]))
  return { ...headers, 'x-amz-checksum-type': info.checksumType ?? 'FULL_OBJECT' }
}
