import { splitKernel } from '../../schemas/generated/split-kernel.ts'

/** The functions of scripts/split-kernel/; pointers are addresses in the memory of a {@link Kernel}. */
interface KernelFunctions {
  scanLines(block: number, length: number, ends: number, capacity: number): number
  scanQuotedLines(block: number, length: number, ends: number, capacity: number): number
  scanRecords(
    block: number,
    start: number,
    length: number,
    delimiter: number,
    expected: number,
    slots: number,
    wantsFields: boolean,
    ends: number,
    irregular: number,
    starts: number,
    stops: number,
    capacity: number,
  ): number
  scanObjects(
    block: number,
    start: number,
    length: number,
    keys: number,
    keyCount: number,
    ends: number,
    irregular: number,
    starts: number,
    stops: number,
    capacity: number,
  ): number
  copyRecords(
    block: number,
    start: number,
    ends: number,
    from: number,
    count: number,
    cells: number,
    buffers: number,
    stride: number,
    room: number,
    used: number,
    records: number,
  ): number
  copyChosen(
    block: number,
    start: number,
    ends: number,
    from: number,
    count: number,
    cells: number,
    buffers: number,
    stride: number,
    room: number,
    used: number,
    records: number,
  ): number
  drawPartners(state: number, high: number, low: number, partners: number): void
  unswapBytes(values: number, low: number, high: number, partners: number): void
  countBytes(values: number, count: number, counts: number): void
  noteRecords(
    block: number,
    start: number,
    ends: number,
    from: number,
    to: number,
    index: number,
    chunks: number,
    used: number,
    room: number,
  ): number
  sieveHashes(entries: number, count: number, subset: number, wanted: number, sieve: number, mask: number): number
  takeSieved(
    entries: number,
    count: number,
    subset: number,
    wanted: number,
    sieve: number,
    mask: number,
    target: number,
  ): number
  findCopies(
    entries: number,
    count: number,
    kept: number,
    keptCount: number,
    table: number,
    mask: number,
    pairs: number,
    found: number,
  ): number
  hashMore(hasher: number, input: number, length: number): void
  hashEnd(hasher: number, digest: number): void
}

/** The part of the standard that is used here; Node's types leave it out. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Memory: new (size: { readonly initial: number }) => Memory
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown }
}

interface Memory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }

const PAGE = 65536
let compiled: object | undefined

/** The compiled kernel, which can be sent to another thread. */
export function kernelModule(): object {
  return (compiled ??= new wasm.Module(Buffer.from(splitKernel, 'base64')))
}

/** An instance of the kernel with its memory. A class because memory has a lifetime. */
export class Kernel {
  readonly run: KernelFunctions
  private readonly memory: Memory
  private next = PAGE
  /** What was given back, by address. */
  private readonly free = new Map<number, number>()

  constructor() {
    this.memory = new wasm.Memory({ initial: 1 })
    const { exports } = new wasm.Instance(kernelModule(), { env: { memory: this.memory } })
    this.run = exports as KernelFunctions
  }

  /** The address of `bytes` zero bytes, on a border of 64. Views of the memory taken before are void after it. */
  reserve(bytes: number): number {
    const size = roundUp(bytes)
    for (const [address, length] of this.free) {
      if (length < size) continue
      this.free.delete(address)
      if (length > size) this.free.set(address + size, length - size)
      this.bytes(address, size).fill(0)
      return address
    }
    const address = this.next
    this.next = address + size
    const missing = this.next - this.memory.buffer.byteLength
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE))
    return address
  }

  /** Gives back what {@link reserve} gave for `bytes`. */
  release(address: number, bytes: number): void {
    this.free.set(address, roundUp(bytes))
  }

  bytes(address: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.memory.buffer, address, length)
  }

  words(address: number, length: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.memory.buffer, address, length)
  }
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / 64) * 64
}
