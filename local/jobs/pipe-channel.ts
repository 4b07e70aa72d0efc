import { execFile } from 'node:child_process'
import { constants, open } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { createGunzip } from 'node:zlib'
import type { ObjectStore } from '../contract.ts'
import type { DataFile } from './stage-data.ts'
import { parseS3Uri } from './s3-uri.ts'
import { ClientFault } from './step-fault.ts'

const run = promisify(execFile)
/** A bare descriptor: the socket closes it. */
const openDescriptor = promisify(open) as (path: string, flags: number) => Promise<number>

/** What goes through a channel's pipe. */
export interface PipeSource {
  readonly files: readonly DataFile[]
  /** RecordIO frames every object, or every value of an augmented manifest. */
  readonly isRecordIo: boolean
  readonly isGzip: boolean
  /** AugmentedManifestFile: the files are manifests, whose attributes are streamed in this order. */
  readonly attributes?: readonly string[] | undefined
}

/** Pipes that are being fed while the container runs. */
export interface OpenPipe {
  /** Ends the feeding; the pipes go away with the sandbox. */
  close(): Promise<void>
}

/** A reader that is not there yet is looked for again so often. */
const lookMilliseconds = 20

/**
 * Feeds `<path>_0`, then `<path>_1` and so on: one named pipe for each time that the container reads the whole channel.
 * Source: Developer Guide, "Access Training Data", Pipe mode.
 *
 * @throws ClientFault where the system has no named pipes.
 */
export async function openPipe(store: ObjectStore, path: string, source: PipeSource): Promise<OpenPipe> {
  const over = new AbortController()
  await makeFifo(`${path}_0`)
  const fed = (async () => {
    for (let epoch = 0; !over.signal.aborted; epoch++) {
      // The next one is there before this one has been read to its end: a container may open it at once.
      await makeFifo(`${path}_${epoch + 1}`)
      await feed(store, `${path}_${epoch}`, source, over.signal)
      await rm(`${path}_${epoch}`, { force: true })
    }
  })()
  // A reader that goes away in the middle ends its epoch; what is wrong with the data is told when the job has ended.
  let failure: unknown
  fed.catch((error: unknown) => {
    failure = error
    over.abort()
  })
  return {
    close: async () => {
      over.abort()
      await fed.catch(() => {})
      if (failure instanceof ClientFault) throw failure
    },
  }
}

async function makeFifo(path: string): Promise<void> {
  try {
    await run('mkfifo', [path])
  } catch (cause) {
    throw new ClientFault('Input mode Pipe needs named pipes, which mkfifo makes — this system has none — use File.', {
      cause,
    })
  }
}

async function feed(store: ObjectStore, fifo: string, source: PipeSource, signal: AbortSignal): Promise<void> {
  const descriptor = await openForReader(fifo, signal)
  if (descriptor === undefined) return
  const out = new Socket({ fd: descriptor, readable: false, writable: true })
  try {
    await pipeline(Readable.from(contents(store, source)), out, { signal })
  } catch (error) {
    if (error instanceof ClientFault) throw error
    const { code } = error as NodeJS.ErrnoException
    // The container stopped reading, or the job is over.
    if (code !== 'EPIPE' && code !== 'ABORT_ERR' && !signal.aborted) throw error
  } finally {
    out.destroy()
  }
}

/** Waits for a reader without holding a thread: opening a pipe that nobody reads would. */
async function openForReader(fifo: string, signal: AbortSignal): Promise<number | undefined> {
  while (!signal.aborted) {
    try {
      return await openDescriptor(fifo, constants.O_WRONLY | constants.O_NONBLOCK)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error
    }
    await new Promise(resolve => setTimeout(resolve, lookMilliseconds))
  }
  return undefined
}

async function* contents(store: ObjectStore, source: PipeSource): AsyncGenerator<Uint8Array> {
  for (const file of source.files) {
    if (source.attributes === undefined) yield* framed(objectOf(store, file, source.isGzip), source.isRecordIo)
    else yield* attributeValues(store, file, source.attributes)
  }
}

async function* objectOf(
  store: ObjectStore,
  { bucket, key }: Pick<DataFile, 'bucket' | 'key'>,
  isGzip: boolean,
): AsyncGenerator<Uint8Array> {
  const object = await store.get(bucket, key)
  if (object === undefined)
    throw new ClientFault(`Data download failed: the object s3://${bucket}/${key} does not exist`)
  yield* isGzip ? object.body.pipe(createGunzip()) : object.body
}

/** A frame of RecordIO begins with this number. */
const recordMagic = 0xced7230a

/** As it is, or as one record of RecordIO: magic number, length, content, zeros up to a multiple of four. */
async function* framed(content: AsyncIterable<Uint8Array>, isRecordIo: boolean): AsyncGenerator<Uint8Array> {
  if (!isRecordIo) return yield* content
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  yield recordOf(Buffer.concat(chunks))
}

/** One frame of RecordIO. */
export function recordOf(content: Uint8Array): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32LE(recordMagic, 0)
  head.writeUInt32LE(content.length, 4)
  return Buffer.concat([head, content, Buffer.alloc((4 - (content.length % 4)) % 4)])
}

/** The attributes of each line in the order of AttributeNames: of `…-ref` what lies there, of others the value. */
async function* attributeValues(
  store: ObjectStore,
  manifest: DataFile,
  attributes: readonly string[],
): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of objectOf(store, manifest, false)) chunks.push(chunk)
  const name = `s3://${manifest.bucket}/${manifest.key}`
  for (const [index, line] of Buffer.concat(chunks).toString('utf8').split('\n').entries()) {
    if (line.trim() === '') continue
    const entry = parseEntry(line)
    if (entry === undefined)
      throw new ClientFault(`Line ${index + 1} of the augmented manifest ${name} is not a JSON object`)
    for (const attribute of attributes) {
      const value = entry[attribute]
      if (value === undefined)
        throw new ClientFault(`Line ${index + 1} of the augmented manifest ${name} has no ${attribute}`)
      const place = attribute.endsWith('-ref') ? parseS3Uri(String(value)) : undefined
      if (place === undefined) yield recordOf(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)))
      else yield* framed(objectOf(store, place, false), true)
    }
  }
}

function parseEntry(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
