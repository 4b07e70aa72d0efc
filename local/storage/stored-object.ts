import type { ObjectInfo } from '../contract.ts'
import type { BodyDigests, ChecksumAlgorithm } from './digests.ts'

/** What is kept beside the content. */
export interface ObjectAbout {
  readonly etag: string
  readonly contentType?: string
  readonly metadata?: Readonly<Record<string, string>>
  readonly checksums?: Readonly<Partial<Record<ChecksumAlgorithm, string>>>
  /** `COMPOSITE` when the checksum is one of the parts' checksums. */
  readonly checksumType?: 'FULL_OBJECT' | 'COMPOSITE'
  /** Response headers as the client set them: `cache-control`, `content-disposition`, `content-encoding`, `content-language`, `expires`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Of a multipart upload. */
  readonly partSizes?: readonly number[]
}

export interface StoredObject
  extends ObjectInfo,
    Omit<ObjectAbout, 'etag' | 'contentType' | 'metadata' | 'checksums'> {}

/** What a writer may say about an object. */
export type PutAbout = Omit<ObjectAbout, 'etag' | 'checksums' | 'partSizes' | 'checksumType'>

/** Judges the object that is there now, or its absence, and throws to refuse the write. */
export type Precondition = (current: StoredObject | undefined) => void

/** What a write may ask beyond the content. */
export interface WriteOptions {
  /** Checksums to compute on the way and to keep. */
  readonly checksums?: readonly ChecksumAlgorithm[]
  /** Checksums to compute for `verify` alone. */
  readonly alsoCompute?: readonly ChecksumAlgorithm[]
  /** Sees the digests before the object appears, and throws to refuse it. */
  readonly verify?: (digests: BodyDigests) => void
  readonly onlyIf?: Precondition
}

/** What is kept beside the content of an object. */
export function aboutOf(info: StoredObject): ObjectAbout {
  const { bucket: _bucket, key: _key, sizeBytes: _sizeBytes, lastModified: _lastModified, ...about } = info
  return about
}
