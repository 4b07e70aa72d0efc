import { Kernel } from '../formats/kernel.ts'

/** Memory of one hasher: `HASHER_BYTES` of scripts/split-kernel/blake3.ts. */
export const HASHER_BYTES = 19_200
const PIECE = 256 * 1024
const DIGEST_BYTES = 32

let shared: Hashing | undefined
interface Hashing {
  readonly kernel: Kernel
  /** Where input and digest lie. */
  readonly inputAt: number
  readonly digestAt: number
  /** Hashers that are free again. */
  readonly free: number[]
}

/**
 * BLAKE3 of bytes as they come, 256 bits, on this thread: as strong as SHA-256 against anybody who would forge data of the
 * same digest, at three times its speed where the processor has no instructions for SHA. `b3sum` prints the same.
 */
export class Blake3 {
  private readonly hashing: Hashing
  private readonly hasherAt: number

  constructor() {
    shared ??= startHashing()
    this.hashing = shared
    const { kernel, free } = shared
    this.hasherAt = free.pop() ?? kernel.reserve(HASHER_BYTES)
    kernel.bytes(this.hasherAt, HASHER_BYTES).fill(0)
  }

  update(bytes: Uint8Array): this {
    const { kernel, inputAt } = this.hashing
    for (let at = 0; at < bytes.length; at += PIECE) {
      const piece = bytes.subarray(at, at + PIECE)
      kernel.bytes(inputAt, piece.length).set(piece)
      kernel.run.hashMore(this.hasherAt, inputAt, piece.length)
    }
    return this
  }

  /** The digest in hexadecimal digits; the hasher is used up. */
  digest(): string {
    const { kernel, digestAt, free } = this.hashing
    kernel.run.hashEnd(this.hasherAt, digestAt)
    free.push(this.hasherAt)
    return Buffer.from(kernel.bytes(digestAt, DIGEST_BYTES)).toString('hex')
  }
}

function startHashing(): Hashing {
  const kernel = new Kernel()
  return { kernel, inputAt: kernel.reserve(PIECE), digestAt: kernel.reserve(DIGEST_BYTES), free: [] }
}
