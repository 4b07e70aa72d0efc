import { closeSync, openSync, readSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { kernelModule } from '../formats/kernel.ts'
import { Blake3, HASHER_BYTES } from './blake3.ts'

/**
 * Runs in the worker, as text because the programs are bundled to single files. Reads what is asked for and hashes it;
 * `size` null says to the end of the file.
 */
const workerSource = `
const { parentPort, workerData } = require('node:worker_threads')
const { openSync, readSync, closeSync } = require('node:fs')
const { module, hasherBytes, done } = workerData
const input = 65536, piece = 1 << 20, digest = input + piece
let next = digest + 64
const memory = new WebAssembly.Memory({ initial: 32 })
const { exports: run } = new WebAssembly.Instance(module, { env: { memory } })
const hashers = new Map()
const failures = new Map()
const free = []
function startHasher() {
  let at = free.pop()
  if (at === undefined) {
    at = next
    next += hasherBytes
    const missing = next - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / 65536))
  }
  new Uint8Array(memory.buffer, at, hasherBytes).fill(0)
  return at
}
parentPort.on('message', ({ id, path, from, size, last }) => {
  try {
    if (failures.has(id)) throw failures.get(id)
    const hasher = hashers.get(id) ?? startHasher()
    hashers.set(id, hasher)
    const buffer = new Uint8Array(memory.buffer, input, piece)
    if (size !== 0) {
      const fd = openSync(path, 'r')
      try {
        for (let position = from, left = size ?? Infinity; left > 0; ) {
          const read = readSync(fd, buffer, 0, Math.min(piece, left), position)
          if (read === 0) break
          run.hashMore(hasher, input, read)
          done[0] += read
          position += read
          left -= read
        }
      } finally {
        closeSync(fd)
      }
    }
    if (!last) return
    run.hashEnd(hasher, digest)
    hashers.delete(id)
    free.push(hasher)
    parentPort.postMessage({ id, digest: Buffer.from(memory.buffer, digest, 32).toString('hex') })
  } catch (error) {
    failures.set(id, error)
    if (last) parentPort.postMessage({ id, error: { code: error.code, message: error.message, path } })
  }
})
`

const THREAD_BYTES = 16 * 1024 * 1024

interface Answer {
  readonly id: number
  readonly digest?: string
  readonly error?: { readonly code?: string; readonly message: string; readonly path: string }
}

/**
 * Digests of files, on threads of their own: hashing takes as long as everything else that a split does. The bytes are
 * read from the files, so a digest of a shard proves what lies on the disk. A class because threads have a lifetime.
 */
export class Digests {
  private readonly workers: Worker[] = []
  private readonly threaded: boolean
  private readonly pending = new Map<number, { resolve: (digest: string) => void; reject: (error: Error) => void }>()
  private nextId = 0
  /** Bytes that the threads were told of, and that they have hashed, which they count in shared memory. */
  private told = 0
  private readonly done = [0, 1].map(() => new Float64Array(new SharedArrayBuffer(8)))

  /** @param bytes Size of the data: below some megabytes, starting a thread costs more than hashing. */
  constructor(bytes: number) {
    this.threaded = bytes >= THREAD_BYTES
  }

  /** Digest of a whole file of `bytes` bytes. */
  ofFile(path: string, bytes: number): Promise<string> {
    this.told += bytes
    const hash = async () => await this.start(0).read(path, 0, null).end()
    return awaitedLater(hash())
  }

  /**
   * Of `count` files with `bytes` bytes in all, which this thread is about to write, how many it had better hash itself, so that
   * it ends when the other thread does. Where that one is still behind with the inputs, records are long, and writing them takes
   * about three quarters of the time of hashing them.
   */
  ownShare(bytes: number, count: number): number {
    if (!this.threaded || availableParallelism() > 2) return 0
    const behind = this.told - this.done.reduce((sum, [bytesDone = 0]) => sum + bytesDone, 0)
    return behind <= 0 ? 0 : Math.min(count, Math.round((count * (behind + bytes / 4)) / (2 * bytes)))
  }

  /**
   * A digest of a file that is still being written. Everything of one file is hashed by one thread.
   *
   * @param thread `here` for the thread that calls.
   */
  start(thread: 0 | 1 | 'here'): GrowingDigest {
    if (!this.threaded || thread === 'here') return digestHere()
    const id = this.nextId++
    const worker = this.worker(thread)
    let lastPath = ''
    const digest: GrowingDigest = {
      read: (path, from, size) => {
        lastPath = path
        this.told += size ?? 0
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
        worker.postMessage({ id, path, from, size, last: false })
        return digest
      },
      end: () => {
        const answer = this.answer(id)
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
        worker.postMessage({ id, path: lastPath, from: 0, size: 0, last: true })
        return answer
      },
    }
    return digest
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.filter(Boolean).map(worker => worker.terminate()))
  }

  private answer(id: number): Promise<string> {
    return awaitedLater(new Promise<string>((resolve, reject) => this.pending.set(id, { resolve, reject })))
  }

  private worker(thread: 0 | 1): Worker {
    // On two processors one thread keeps up with the rest of the work, and a second one only costs its start.
    const index = availableParallelism() > 2 ? thread : 0
    return (this.workers[index] ??= this.startWorker(index))
  }

  private startWorker(index: 0 | 1): Worker {
    const worker = new Worker(workerSource, {
      eval: true,
      env: {},
      workerData: { module: kernelModule(), hasherBytes: HASHER_BYTES, done: this.done[index] },
    })
    worker.on('message', ({ id, digest, error }: Answer) => {
      const waiting = this.pending.get(id)
      this.pending.delete(id)
      if (error === undefined) waiting?.resolve(digest ?? '')
      else waiting?.reject(Object.assign(new Error(error.message), error))
    })
    worker.on('error', error => {
      for (const { reject } of this.pending.values()) reject(error)
      this.pending.clear()
    })
    return worker
  }
}

/** A digest in the making: ranges of files in order, then its end. */
export interface GrowingDigest {
  /** Hashes `size` bytes from `from` on, or all from there when `size` is null. */
  read(path: string, from: number, size: number | null): GrowingDigest
  end(): Promise<string>
}

/** Whoever waits for it hears of a failure; nobody needs to be waiting yet. */
function awaitedLater(answer: Promise<string>): Promise<string> {
  answer.catch(() => {})
  return answer
}

const PIECE = 256 * 1024

function digestHere(): GrowingDigest {
  const hash = new Blake3()
  const digest: GrowingDigest = {
    read(path, from, size) {
      const buffer = new Uint8Array(Math.min(PIECE, size ?? PIECE))
      const fd = openSync(path, 'r')
      try {
        for (let at = from, left = size ?? Number.POSITIVE_INFINITY; left > 0; ) {
          const read = readSync(fd, buffer, 0, Math.min(buffer.length, left), at)
          if (read === 0) break
          hash.update(buffer.subarray(0, read))
          at += read
          left -= read
        }
      } finally {
        closeSync(fd)
      }
      return digest
    },
    end: async () => hash.digest(),
  }
  return digest
}
