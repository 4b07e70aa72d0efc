import { ClientFault } from './step-fault.ts'

/** How the content of an object becomes requests to a model. */
export interface Batching {
  /** `Line`: records end with a newline; `None`: the object is one record. */
  readonly split: 'None' | 'Line'
  /** One record per request instead of as many as fit. */
  readonly single: boolean
  /** Largest request in bytes. */
  readonly limitBytes: number
}

/**
 * Cuts a stream into requests: whole records, as many as fit into the limit. Memory is bounded by the limit.
 *
 * @throws ClientFault for a record that is larger than the limit.
 */
export async function* payloadBatches(content: AsyncIterable<Uint8Array>, batching: Batching): AsyncGenerator<Buffer> {
  const tooLarge = (): ClientFault =>
    new ClientFault(
      `A record is larger than MaxPayloadInMB allows (${batching.limitBytes} bytes) — split the input by Line or raise the limit.`,
    )
  let batch: Buffer[] = []
  let size = 0
  const take = (): Buffer => {
    const whole = Buffer.concat(batch)
    batch = []
    size = 0
    return whole
  }
  for await (const record of batching.split === 'Line'
    ? lines(content, batching.limitBytes)
    : [await all(content, batching.limitBytes)]) {
    if (record.length > batching.limitBytes) throw tooLarge()
    if (size > 0 && (batching.single || size + record.length > batching.limitBytes)) yield take()
    batch.push(record)
    size += record.length
  }
  if (size > 0) yield take()
}

/** The lines of a stream with their newlines; the last may have none. Stops early on a line that is over the limit. */
async function* lines(content: AsyncIterable<Uint8Array>, limitBytes: number): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0)
  for await (const chunk of content) {
    rest = Buffer.concat([rest, chunk])
    let start = 0
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a, start)) {
      yield rest.subarray(start, end + 1)
      start = end + 1
    }
    rest = rest.subarray(start)
    if (rest.length > limitBytes) break
  }
  if (rest.length > 0) yield rest
}

async function all(content: AsyncIterable<Uint8Array>, limitBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of content) {
    chunks.push(chunk)
    size += chunk.length
    if (size > limitBytes) break
  }
  return Buffer.concat(chunks)
}
