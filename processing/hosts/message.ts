/** What hosts send one another: facts as JSON, and arrays of numbers as they are. */
export interface Message {
  readonly facts: unknown
  readonly blobs: readonly Uint8Array[]
}

const LENGTH_BYTES = 4

/** Messages as bytes: the length of a JSON head, the head with facts and sizes, then all blobs one after the other. */
export function packMessages(messages: readonly Message[]): Buffer {
  const head = Buffer.from(
    JSON.stringify(messages.map(({ facts, blobs }) => ({ facts, sizes: blobs.map(blob => blob.byteLength) }))),
  )
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32LE(head.length)
  return Buffer.concat([length, head, ...messages.flatMap(({ blobs }) => blobs)])
}

/** @throws Error for bytes that {@link packMessages} did not make */
export function unpackMessages(bytes: Buffer): Message[] {
  const end = LENGTH_BYTES + bytes.readUInt32LE(0)
  const head = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, end)) as { facts: unknown; sizes: number[] }[]
  let at = end
  const messages = head.map(({ facts, sizes }) => ({
    facts,
    blobs: sizes.map(size => {
      // A copy of its own, so that it can be viewed as wider numbers.
      const blob = new Uint8Array(bytes.subarray(at, at + size))
      at += size
      return blob
    }),
  }))
  if (at !== bytes.length) throw new Error(`a message of ${bytes.length} bytes says that it has ${at}`)
  return messages
}
