import * as zlib from 'node:zlib'

/** A running checksum. */
export interface Crc {
  update(chunk: Uint8Array): void
  /** Big-endian bytes, as S3 encodes them in base64. */
  digest(): Buffer
}

/** CRC-32 (ISO-HDLC): what current AWS SDKs send unasked. */
export function crc32(): Crc {
  // Native since Node 20.15, about ten times as fast as a table.
  const native = (zlib as { crc32?: typeof zlib.crc32 }).crc32
  return native === undefined ? tabled.crc32() : crcOf32Native(native)
}

/** CRC-32C (Castagnoli). */
export function crc32c(): Crc {
  return crcOf32(castagnoli)
}

/** CRC-64/NVME: what S3 itself computes for multipart uploads. */
export function crc64nvme(): Crc {
  let high = 0xffffffff
  let low = 0xffffffff
  const { highs, lows } = nvme()
  return {
    update(chunk) {
      for (let i = 0; i < chunk.length; i++) {
        const at = (low ^ chunk[i]!) & 0xff
        low = (((low >>> 8) | (high << 24)) ^ lows[at]!) >>> 0
        high = ((high >>> 8) ^ highs[at]!) >>> 0
      }
    },
    digest() {
      const bytes = Buffer.alloc(8)
      bytes.writeUInt32BE(~high >>> 0, 0)
      bytes.writeUInt32BE(~low >>> 0, 4)
      return bytes
    },
  }
}

/** The same without native code, for Node before 20.15. */
export const tabled = { crc32: () => crcOf32(ieee) }

function crcOf32Native(next: (data: Uint8Array, value: number) => number): Crc {
  let value = 0
  return {
    update(chunk) {
      value = next(chunk, value)
    },
    digest: () => bigEndian(value),
  }
}

function crcOf32(tableOf: () => Uint32Array): Crc {
  const table = tableOf()
  let value = 0xffffffff
  return {
    update(chunk) {
      for (let i = 0; i < chunk.length; i++) value = (value >>> 8) ^ table[(value ^ chunk[i]!) & 0xff]!
    },
    digest: () => bigEndian(~value >>> 0),
  }
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value, 0)
  return bytes
}

const ieee = once(() => tableOf32(0xedb88320))
const castagnoli = once(() => tableOf32(0x82f63b78))
const nvme = once(() => {
  const polynomial = 0x9a6c9329ac4bc9b5n
  const highs = new Uint32Array(256)
  const lows = new Uint32Array(256)
  for (let i = 0; i < 256; i++) {
    let value = BigInt(i)
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n
    highs[i] = Number(value >> 32n)
    lows[i] = Number(value & 0xffffffffn)
  }
  return { highs, lows }
})

function tableOf32(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, i) => {
    let value = i
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1
    return value >>> 0
  })
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}
