import { type ChecksumAlgorithm, checksumAlgorithm } from '../../storage/digests.ts'
import type { NamedPart, UploadRef } from '../../storage/multipart.ts'
import { parseRange } from './byte-range.ts'
import { writeCondition } from './conditions.ts'
import { checkSource, copySource, noSource } from './copy.ts'
import { aboutOf, checksumHeaders } from './object-headers.ts'
import { s3Error } from './s3-error.ts'
import { needBucket, readXml, type S3Request, type S3Response } from './s3-request.ts'
import { allAlgorithms, elementOf, readUpload } from './upload-body.ts'
import { childText, renderXml, type XmlElement } from './xml.ts'

/** Begins an upload in parts. */
export async function createMultipartUpload(request: S3Request): Promise<S3Response> {
  request.body.resume()
  const algorithm = checksumAlgorithm(request.header('x-amz-checksum-algorithm') ?? '')
  const type = request.header('x-amz-checksum-type')?.toUpperCase()
  // CRC64NVME exists only over the whole object.
  const isWhole = type === 'FULL_OBJECT' || (type === undefined && algorithm === 'CRC64NVME')
  const checksumType = isWhole ? 'FULL_OBJECT' : 'COMPOSITE'
  await request.store.createBucket(request.bucket)
  const uploadId = await request.store.multipart.create(request.bucket, request.key, {
    about: aboutOf(request),
    ...(algorithm && { checksumAlgorithm: algorithm, checksumType }),
  })
  const headers: Record<string, string> = {}
  if (algorithm !== undefined) {
    headers['x-amz-checksum-algorithm'] = algorithm
    headers['x-amz-checksum-type'] = checksumType
  }
  const { bucket: Bucket, key: Key } = request
  return { headers, xml: renderXml('InitiateMultipartUploadResult', { Bucket, Key, UploadId: uploadId }) }
}

export async function uploadPart(request: S3Request): Promise<S3Response> {
  const ref = refOf(request)
  const upload = await request.store.multipart.find(ref)
  const { body, checksums, alsoCompute, verify } = readUpload(request)
  const wanted = upload.checksumAlgorithm === undefined ? checksums : [...checksums, upload.checksumAlgorithm]
  const part = await request.store.multipart.putPart(ref, partNumberOf(request), body, {
    checksums: wanted,
    alsoCompute,
    verify,
  })
  const { 'x-amz-checksum-type': _, ...headers } = checksumHeaders(part)
  return { headers: { etag: `"${part.etag}"`, ...headers } }
}

/** A part whose content is (a range of) an object. */
export async function uploadPartCopy(request: S3Request): Promise<S3Response> {
  const ref = refOf(request)
  const upload = await request.store.multipart.find(ref)
  const source = copySource(request)
  const found = await request.store.open(source.bucket, source.key, info => {
    checkSource(request, info)
    return parseRange(request.header('x-amz-copy-source-range'), info.sizeBytes)
  })
  if (found === undefined) return await noSource(request, source.bucket)
  const part = await request.store.multipart.putPart(ref, partNumberOf(request), found.body, {
    ...(upload.checksumAlgorithm && { checksums: [upload.checksumAlgorithm] }),
  })
  return {
    xml: renderXml('CopyPartResult', {
      ETag: `"${part.etag}"`,
      LastModified: part.lastModified,
      ...checksumElements(part.checksums),
    }),
  }
}

export async function completeMultipartUpload(request: S3Request): Promise<S3Response> {
  const document = await readXml(request)
  const parts = document.children.filter(child => child.name === 'Part').map(readPart)
  const onlyIf = writeCondition(request)
  const info = await request.store.multipart.complete(refOf(request), parts, onlyIf, wholeChecksum(request))
  await request.store.flush()
  const { bucket: Bucket, key: Key } = request
  return {
    xml: renderXml('CompleteMultipartUploadResult', {
      Location: `/${Bucket}/${encodeURIComponent(Key).replaceAll('%2F', '/')}`,
      Bucket,
      Key,
      ETag: `"${info.etag}"`,
      ...checksumElements(info.checksums ?? {}),
      ChecksumType: info.checksums === undefined ? undefined : info.checksumType,
    }),
  }
}

export async function abortMultipartUpload(request: S3Request): Promise<S3Response> {
  await request.store.multipart.abort(refOf(request))
  return { status: 204 }
}

export async function listParts(request: S3Request): Promise<S3Response> {
  const ref = refOf(request)
  const upload = await request.store.multipart.find(ref)
  const limit = Math.min(Number(request.query.get('max-parts') ?? 1000) || 1000, 1000)
  const marker = Number(request.query.get('part-number-marker') ?? 0) || 0
  const rest = (await request.store.multipart.parts(ref)).filter(part => part.partNumber > marker)
  const page = rest.slice(0, limit)
  return {
    xml: renderXml('ListPartsResult', {
      Bucket: request.bucket,
      Key: request.key,
      UploadId: ref.uploadId,
      PartNumberMarker: marker,
      NextPartNumberMarker: page.at(-1)?.partNumber,
      MaxParts: limit,
      IsTruncated: rest.length > page.length,
      ChecksumAlgorithm: upload.checksumAlgorithm,
      ChecksumType: upload.checksumAlgorithm === undefined ? undefined : upload.checksumType,
      StorageClass: 'STANDARD',
      Part: page.map(part => ({
        PartNumber: part.partNumber,
        LastModified: part.lastModified,
        ETag: `"${part.etag}"`,
        Size: part.sizeBytes,
        ...checksumElements(part.checksums),
      })),
    }),
  }
}

export async function listMultipartUploads(request: S3Request): Promise<S3Response> {
  await needBucket(request)
  const prefix = request.query.get('prefix') ?? ''
  const uploads = (await request.store.multipart.list(request.bucket)).filter(upload => upload.key.startsWith(prefix))
  return {
    xml: renderXml('ListMultipartUploadsResult', {
      Bucket: request.bucket,
      Prefix: prefix,
      MaxUploads: 1000,
      IsTruncated: false,
      Upload: uploads.map(({ key, uploadId, initiated }) => ({
        Key: key,
        UploadId: uploadId,
        Initiated: initiated,
        StorageClass: 'STANDARD',
      })),
    }),
  }
}

function refOf(request: S3Request): UploadRef {
  return { bucket: request.bucket, key: request.key, uploadId: request.query.get('uploadId') ?? '' }
}

function partNumberOf(request: S3Request): number {
  const text = request.query.get('partNumber') ?? ''
  const number = Number(text)
  if (/^\d{1,5}$/.test(text) && number >= 1 && number <= 10_000) return number
  throw s3Error('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive')
}

function readPart(element: XmlElement): NamedPart {
  const partNumber = Number(childText(element, 'PartNumber'))
  const etag = (childText(element, 'ETag') ?? '').replaceAll('"', '')
  if (!Number.isInteger(partNumber)) throw s3Error('MalformedXML')
  const checksums = allAlgorithms.flatMap(name => {
    const value = childText(element, elementOf(name))
    return value === undefined ? [] : [[name, value] as const]
  })
  return { partNumber, etag, checksums: Object.fromEntries(checksums) }
}

/** A checksum of the whole object that the client sends when it completes the upload. */
function wholeChecksum(request: S3Request): string | undefined {
  const isWhole = request.header('x-amz-checksum-type')?.toUpperCase() === 'FULL_OBJECT'
  const name = allAlgorithms.find(
    algorithm => request.header(`x-amz-checksum-${algorithm.toLowerCase()}`) !== undefined,
  )
  return isWhole && name !== undefined ? request.header(`x-amz-checksum-${name.toLowerCase()}`) : undefined
}

function checksumElements(checksums: Readonly<Partial<Record<ChecksumAlgorithm, string>>>): Record<string, string> {
  const entries = Object.entries(checksums) as [ChecksumAlgorithm, string][]
  return Object.fromEntries(entries.map(([name, value]) => [elementOf(name), value]))
}
