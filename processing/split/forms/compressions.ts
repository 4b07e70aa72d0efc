import { createWriteStream } from 'node:fs'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import * as zlib from 'node:zlib'
import type { CompressionName } from '../../../schemas/split-names.ts'
import { UserError } from '../../../schemas/problem.ts'

/** How written files are compressed. */
interface Compression {
  /** After the format's extension. */
  readonly extension: string
  /** Null leaves the bytes as they are. */
  readonly create: (() => Duplex) | null
}

/** In Node 22.15 and later; the types of Node 20 leave it out. */
const { createZstdCompress } = zlib as { createZstdCompress?: (options: { chunkSize: number }) => Duplex }
const CHUNK = { chunkSize: 256 * 1024 }

export const compressions = {
  none: { extension: '', create: null },
  gzip: { extension: '.gz', create: () => zlib.createGzip(CHUNK) },
  zstd: {
    extension: '.zst',
    create() {
      if (createZstdCompress === undefined) throw noZstd()
      return createZstdCompress(CHUNK)
    },
  },
} as const satisfies Record<CompressionName, Compression>

/** @throws UserError when this Node cannot write it */
export function checkCompression(name: CompressionName | undefined): void {
  if (name === 'zstd' && createZstdCompress === undefined) throw noZstd()
}

function noZstd(): UserError {
  return new UserError(
    `--compress is "zstd", which Node ${process.versions.node} cannot write — use gzip, or Node 22.15 or later`,
    { exitCode: 2 },
  )
}

/** Writes what `bytes` gives to a new file. The chunks may be of memory that is used again once the next is asked for. */
export async function writeCompressed(
  path: string,
  name: CompressionName,
  bytes: AsyncIterable<Uint8Array>,
): Promise<void> {
  const { create }: Compression = compressions[name]
  const file = createWriteStream(path, { flags: 'wx', highWaterMark: 1024 * 1024 })
  const copies = copied(bytes)
  await (create === null ? pipeline(copies, file) : pipeline(copies, create(), file))
}

async function* copied(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk)
}
