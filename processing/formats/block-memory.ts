import { Kernel } from './kernel.ts'

/** Bytes that the kernel may read beyond the end of a block. */
const SLACK = 64
/** Columns whose values may be wanted at once. */
export const MAX_WANTED = 4
/** Fields per record up to which the kernel can tell where values lie. */
export const MAX_FIELDS = 16384

/**
 * The memory of a block of records and of what is found in it, shared with the kernel. A class because it grows with the
 * longest record; views are to be taken anew after {@link reserve}.
 */
export class BlockMemory {
  readonly kernel = new Kernel()
  /** The most records of one block. */
  readonly capacity = 128 * 1024
  readonly endsAt: number
  readonly irregularAt: number
  readonly startsAt: number
  readonly stopsAt: number
  readonly slotsAt: number
  /** Table of the members that JSON lines must have. */
  readonly keysAt: number
  readonly cellsAt: number
  blockAt = 0
  /** Room for the block itself. */
  size = 0

  constructor() {
    const { kernel, capacity } = this
    this.endsAt = kernel.reserve(4 * capacity)
    this.cellsAt = kernel.reserve(4 * capacity)
    this.irregularAt = kernel.reserve(capacity)
    this.startsAt = kernel.reserve(4 * capacity * MAX_WANTED)
    this.stopsAt = kernel.reserve(4 * capacity * MAX_WANTED)
    this.slotsAt = kernel.reserve(MAX_FIELDS)
    this.keysAt = kernel.reserve(256 * (MAX_WANTED + 2))
  }

  /** Makes room for blocks of `size` bytes; the first `keep` bytes of the block stay. */
  reserve(size: number, keep: number): void {
    if (size <= this.size) return
    const { kernel, blockAt } = this
    const moved = kernel.reserve(size + SLACK)
    kernel.bytes(moved, keep).set(kernel.bytes(blockAt, keep))
    if (this.size > 0) kernel.release(blockAt, this.size + SLACK)
    this.blockAt = moved
    this.size = size
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return this.kernel.bytes(this.blockAt, this.size)
  }

  get ends(): Uint32Array<ArrayBuffer> {
    return this.kernel.words(this.endsAt, this.capacity)
  }
}
