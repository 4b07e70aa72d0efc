import { createHash } from 'node:crypto'
import { crc32, crc32c, crc64nvme } from './crc.ts'

interface RunningDigest {
  update(chunk: Uint8Array): unknown
  digest(): Buffer
}

/** S3's checksum algorithms; the value is base64 of the bytes. */
export const checksumAlgorithms = {
  CRC32: crc32,
  CRC32C: crc32c,
  CRC64NVME: crc64nvme,
  SHA1: () => createHash('sha1'),
  SHA256: () => createHash('sha256'),
} satisfies Record<string, () => RunningDigest>

export type ChecksumAlgorithm = keyof typeof checksumAlgorithms

/** Narrows a name that a client sent, in any case. */
export function checksumAlgorithm(name: string): ChecksumAlgorithm | undefined {
  const upper = name.toUpperCase()
  return Object.hasOwn(checksumAlgorithms, upper) ? (upper as ChecksumAlgorithm) : undefined
}

/** What was computed over a body while it was written. */
export interface BodyDigests {
  readonly sizeBytes: number
  readonly md5: Buffer
  /** Base64, of the algorithms that were asked for. */
  readonly checksums: Readonly<Partial<Record<ChecksumAlgorithm, string>>>
}

/** Computes md5 and the given checksums over chunks in one pass. */
export function createDigests(algorithms: readonly ChecksumAlgorithm[] = []): {
  readonly update: (chunk: Uint8Array) => void
  readonly result: () => BodyDigests
} {
  const md5 = createHash('md5')
  const running = [...new Set(algorithms)].map(name => ({ name, digest: checksumAlgorithms[name]() }))
  let sizeBytes = 0
  return {
    update: chunk => {
      sizeBytes += chunk.byteLength
      md5.update(chunk)
      for (const { digest } of running) digest.update(chunk)
    },
    result: () => ({
      sizeBytes,
      md5: md5.digest(),
      checksums: Object.fromEntries(running.map(({ name, digest }) => [name, digest.digest().toString('base64')])),
    }),
  }
}

/** Without the checksums that were computed for a check alone. */
export function keepOnly(digests: BodyDigests, algorithms: readonly ChecksumAlgorithm[]): BodyDigests {
  const kept = Object.entries(digests.checksums).filter(([name]) => algorithms.includes(name as ChecksumAlgorithm))
  return { ...digests, checksums: Object.fromEntries(kept) }
}
