import { ServiceError } from '../../service-error.ts'

/**
 * Decodes the `aws-chunked` transfer of current AWS clients: `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n`, a chunk of size 0,
 * then trailers such as `x-amz-checksum-crc32:…`. Signatures are not checked.
 *
 * @param trailers filled, with names in lower case, when the body has been read to its end
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Uint8Array>,
  trailers: Map<string, string>,
): AsyncGenerator<Uint8Array> {
  const reader = createReader(source)
  for (;;) {
    const size = chunkSize(await reader.line())
    if (size === 0) break
    yield* reader.bytes(size)
    if ((await reader.line()) !== '') throw incomplete('a chunk is longer than its size says')
  }
  for (;;) {
    const line = await reader.line()
    if (line === '' || line === undefined) break
    const colon = line.indexOf(':')
    if (colon < 0) throw incomplete(`the trailer ${JSON.stringify(line)} has no value`)
    trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
  await reader.drain()
}

const longestLine = 8192

function chunkSize(line: string | undefined): number {
  const digits = /^([0-9a-fA-F]{1,12})(;.*)?$/.exec(line ?? '')?.[1]
  if (digits === undefined) throw incomplete(line === undefined ? 'it ends early' : 'a chunk size is not hexadecimal')
  return Number.parseInt(digits, 16)
}

function incomplete(why: string): ServiceError {
  return new ServiceError('IncompleteBody', `The aws-chunked request body cannot be read: ${why}.`)
}

function createReader(source: AsyncIterable<Uint8Array>) {
  const chunks = source[Symbol.asyncIterator]()
  let buffer: Buffer = Buffer.alloc(0)

  async function more(): Promise<boolean> {
    const { done, value } = await chunks.next()
    if (done === true) return false
    const piece = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    buffer = buffer.byteLength === 0 ? piece : Buffer.concat([buffer, piece])
    return true
  }

  return {
    /** Text up to the next line break, or undefined at the end. */
    async line(): Promise<string | undefined> {
      for (;;) {
        const end = buffer.indexOf('\r\n')
        if (end >= 0) {
          const text = buffer.toString('latin1', 0, end)
          buffer = buffer.subarray(end + 2)
          return text
        }
        if (buffer.byteLength > longestLine) throw incomplete('a line is too long')
        if (!(await more())) return buffer.byteLength === 0 ? undefined : buffer.toString('latin1')
      }
    },
    async *bytes(size: number): AsyncGenerator<Uint8Array> {
      let rest = size
      while (rest > 0) {
        if (buffer.byteLength === 0 && !(await more())) throw incomplete('it ends in the middle of a chunk')
        const piece = buffer.subarray(0, rest)
        buffer = buffer.subarray(piece.byteLength)
        rest -= piece.byteLength
        if (piece.byteLength > 0) yield piece
      }
    },
    async drain(): Promise<void> {
      buffer = Buffer.alloc(0)
      while (!(await chunks.next()).done) continue
    },
  }
}
