import type { HostExchange } from '../../hosts/host-exchange.ts'
import type { BlockMemory } from '../../formats/block-memory.ts'
import { CHUNK_BYTES, CopyFinder, ENTRY_BYTES, ENTRY_WORDS, MOST_GROUPS, powerOfTwo } from '../copy-finder.ts'
import type { CopySource, CopyVisitor } from '../copy-finder.ts'
import { type HashStore, PARTITIONS } from '../hash-store.ts'
import { locateRecords } from '../locate-records.ts'
import type { RecordPlace } from '../locate-records.ts'
import type { RecordCodec } from '../../formats/format.ts'
import type { Survey } from '../survey.ts'
import type { FileOrder } from './order-files.ts'

/** Of all hosts together, that travel at once. */
const EXCHANGED_BYTES = 8 * 1024 * 1024

/**
 * The records of equal bytes on all hosts: they tell one another the hashes of their records, a part of the hashes at a time,
 * and every host finds the same groups.
 *
 * @param hashes Of this host's records.
 */
export async function shareCopies(
  exchange: HostExchange,
  { hashes, order, memory }: { readonly hashes: HashStore; readonly order: FileOrder; readonly memory: BlockMemory },
): Promise<CopySource> {
  const groups: Uint32Array[] = []
  const exchanges = Math.ceil((order.records * ENTRY_BYTES) / EXCHANGED_BYTES)
  const pieces = powerOfTwo(exchanges / PARTITIONS)
  const shares = Array.from({ length: PARTITIONS * pieces }, (_, at) => ({
    partition: at % PARTITIONS,
    piece: Math.floor(at / PARTITIONS),
  }))
  for (let part = 0; part < exchanges; part++) {
    const shared = shares.filter((_, at) => at % exchanges === part)
    const blobs = shared.map(({ partition, piece }) =>
      amongAll(hashes.entries(partition, { piece, pieces }), exchange.index, order),
    )
    const messages = await exchange.gather(`copies-${part}`, { facts: null, blobs })
    for (const at of shared.keys()) {
      const entries = messages.map(message => message.blobs[at] as Uint8Array)
      groups.push(equalRecords(entries, memory))
    }
  }
  return { compare: (mostGroups, visitor) => visitGroups(groups, mostGroups, visitor) }
}

/** Entries with the index among the records of all hosts. */
function amongAll(entries: Uint32Array<ArrayBuffer>, host: number, order: FileOrder): Uint8Array {
  for (let at = 2; at < entries.length; at += ENTRY_WORDS) entries[at] = order.globalIndex(host, entries[at] as number)
  return new Uint8Array(entries.buffer, entries.byteOffset, entries.byteLength)
}

/** Groups of records of one hash one after the other: the number of records of each, then they in ascending order. */
function equalRecords(entries: readonly Uint8Array[], { kernel }: BlockMemory): Uint32Array {
  const count = entries.reduce((sum, { length }) => sum + length / ENTRY_BYTES, 0)
  if (count === 0) return new Uint32Array(0)
  const finder = new CopyFinder(kernel, Math.min(count, MOST_GROUPS), count)
  const chunkAt = kernel.reserve(CHUNK_BYTES)
  const found: number[] = []
  let open = new Map<number, number[]>()
  finder.find(
    count,
    visit => {
      for (const bytes of entries)
        for (let from = 0; from < bytes.length; from += CHUNK_BYTES) {
          const chunk = bytes.subarray(from, from + CHUNK_BYTES)
          kernel.bytes(chunkAt, chunk.length).set(chunk)
          visit(chunkAt, chunk.length / ENTRY_BYTES)
        }
    },
    {
      copy(group, first, record) {
        const records = open.get(group)
        if (records === undefined) open.set(group, [first, record])
        else records.push(record)
      },
      end() {
        for (const records of open.values()) {
          found.push(records.length)
          for (const record of Uint32Array.from(records).sort()) found.push(record)
        }
        open = new Map()
      },
    },
  )
  kernel.release(chunkAt, CHUNK_BYTES)
  finder.close()
  return Uint32Array.from(found)
}

function visitGroups(parts: readonly Uint32Array[], mostGroups: number, visitor: CopyVisitor): void {
  let group = 0
  for (const part of parts)
    for (let at = 0; at < part.length; ) {
      const end = at + 1 + (part[at] as number)
      const first = part[at + 1] as number
      for (let i = at + 2; i < end; i++) visitor.copy(group, first, part[i] as number)
      at = end
      group += 1
      if (group < mostGroups) continue
      visitor.end(group)
      group = 0
    }
  visitor.end(group)
}

/** Files and lines of some records of all hosts: each host looks up its own. */
export async function sharePlaces(
  exchange: HostExchange,
  indices: readonly number[],
  own: {
    readonly survey: Survey
    readonly memory: BlockMemory
    readonly codec: RecordCodec
    readonly order: FileOrder
  },
): Promise<Map<number, RecordPlace>> {
  const mine = new Map<number, number>()
  for (const { host, at, from, records } of own.order.files)
    for (const index of host === exchange.index ? indices : [])
      if (index >= at && index < at + records) mine.set(from + index - at, index)
  const found = await locateRecords(own.survey, own.memory, own.codec, [...mine.keys()])
  const facts = [...found].map(([local, place]) => [mine.get(local), place])
  const messages = await exchange.gather('places', { facts, blobs: [] })
  return new Map(messages.flatMap(message => message.facts as [number, RecordPlace][]))
}
