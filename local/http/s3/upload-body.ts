import {
  type BodyDigests,
  type ChecksumAlgorithm,
  checksumAlgorithm,
  checksumAlgorithms,
} from '../../storage/digests.ts'
import { chunksOf } from '../read-body.ts'
import { decodeAwsChunked } from './aws-chunked.ts'
import { s3Error } from './s3-error.ts'
import type { S3Request } from './s3-request.ts'

/** The content of an upload, with what its sender says about it. */
export interface UploadBody {
  readonly body: AsyncIterable<Uint8Array>
  /** To compute and keep. */
  readonly checksums: readonly ChecksumAlgorithm[]
  /** To compute for the check alone. */
  readonly alsoCompute: readonly ChecksumAlgorithm[]
  /** Throws when the content is not what the sender said: `BadDigest`, `IncompleteBody`, … */
  readonly verify: (digests: BodyDigests) => void
}

/** Reads the forms in which current clients upload: plain, or `aws-chunked` with a trailing checksum. */
export function readUpload(request: S3Request): UploadBody {
  const { header } = request
  const trailers = new Map<string, string>()
  const payload = header('x-amz-content-sha256') ?? ''
  const isChunked = payload.startsWith('STREAMING-') || /\baws-chunked\b/.test(header('content-encoding') ?? '')
  const announced = (header('x-amz-trailer') ?? '').split(',').map(name => name.trim().toLowerCase())
  const inTrailer = announced.flatMap(name => algorithmOf(name) ?? [])
  const inHeader = allAlgorithms.filter(name => header(headerOf(name)) !== undefined)
  const wanted = checksumAlgorithm(header('x-amz-sdk-checksum-algorithm') ?? '')
  const checksums = [...new Set([...inHeader, ...inTrailer, ...(wanted === undefined ? [] : [wanted])])]
  // The payload's own SHA-256 is the slowest of them all; a checksum already proves the content.
  const sha256 = checksums.length === 0 && /^[0-9a-f]{64}$/.test(payload) ? payload : undefined

  const raw = chunksOf(request.body)

  return {
    body: isChunked ? decodeAwsChunked(raw, trailers) : raw,
    checksums,
    alsoCompute: sha256 === undefined ? [] : ['SHA256'],
    verify(digests) {
      const declared = header(isChunked ? 'x-amz-decoded-content-length' : 'content-length')
      if (declared !== undefined && Number(declared) !== digests.sizeBytes) throw s3Error('IncompleteBody')
      checkMd5(header('content-md5'), digests)
      for (const name of inTrailer) {
        const value = trailers.get(headerOf(name))
        if (value === undefined) throw s3Error('MalformedTrailerError')
        checkChecksum(name, value, digests)
      }
      for (const name of inHeader) checkChecksum(name, header(headerOf(name))!, digests)
      if (sha256 !== undefined && Buffer.from(digests.checksums.SHA256!, 'base64').toString('hex') !== sha256) {
        throw s3Error('XAmzContentSHA256Mismatch')
      }
    },
  }
}

export const allAlgorithms = Object.keys(checksumAlgorithms) as ChecksumAlgorithm[]

/** The header that carries a checksum. */
export function headerOf(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`
}

/** The element that carries a checksum in XML. */
export function elementOf(algorithm: ChecksumAlgorithm): string {
  return `Checksum${algorithm}`
}

function algorithmOf(header: string): ChecksumAlgorithm | undefined {
  return allAlgorithms.find(name => headerOf(name) === header)
}

function checkMd5(value: string | undefined, { md5 }: BodyDigests): void {
  if (value === undefined) return
  const sent = Buffer.from(value, 'base64')
  if (sent.byteLength !== 16) throw s3Error('InvalidDigest')
  if (!sent.equals(md5)) throw s3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.')
}

function checkChecksum(name: ChecksumAlgorithm, value: string, { checksums }: BodyDigests): void {
  if (checksums[name] === value) return
  throw s3Error('BadDigest', `The ${name} you specified did not match the calculated checksum.`)
}
