import type { HostExchange } from '../../hosts/host-exchange.ts'
import { UserError } from '../../../schemas/problem.ts'
import { lastAtMost } from '../last-at-most.ts'
import type { IndexArray } from '../shuffle.ts'

/** An input file, on the host that has it. */
export interface OrderedFile {
  readonly name: string
  readonly host: number
  readonly records: number
  /** Index of its first record among its host's, and among all. */
  readonly from: number
  readonly at: number
}

/** All input files of all hosts in the byte order of their names: the order in which one host alone would read them. */
export interface FileOrder {
  readonly files: readonly OrderedFile[]
  readonly records: number
  /** Index among all records of a record of one host. */
  globalIndex(host: number, index: number): number
  /** What a host's own records have in an array over all records. */
  ownPart(host: number, all: IndexArray): IndexArray
}

/** @throws UserError when two hosts were given one file, or there are no records */
export function orderFiles(
  hosts: readonly (readonly { readonly name: string; readonly records: number }[])[],
  { names }: HostExchange,
): FileOrder {
  const placed = hosts.flatMap((files, host) => {
    let from = 0
    return files.map(({ name, records }) => {
      const file = { name, host, records, from }
      from += records
      return file
    })
  })
  placed.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
  const twice = placed.find((file, i) => file.name === placed[i + 1]?.name)
  if (twice !== undefined)
    throw new UserError(
      `${twice.name} — ${names[twice.host]} and ${names[placed[placed.indexOf(twice) + 1]?.host ?? 0]} were both given this file — its records would be counted twice — let S3DataDistributionType be ShardedByS3Key`,
    )
  let records = 0
  const files = placed.map(file => {
    const at = records
    records += file.records
    return { ...file, at }
  })
  if (records === 0) throw new UserError('the hosts were given no records — give the data, ShardedByS3Key')
  const ofHost = (host: number) => files.filter(file => file.host === host)
  const byHost = hosts.map((_, host) => ofHost(host))
  const starts = byHost.map(own => own.map(({ from }) => from))
  return {
    files,
    records,
    globalIndex(host, index) {
      const file = byHost[host]?.[lastAtMost(starts[host] ?? [], index)]
      if (file === undefined) throw new Error(`host ${host} has no record ${index}`)
      return file.at + index - file.from
    },
    ownPart(host, all) {
      const own = byHost[host] ?? []
      const part = all.slice(
        0,
        own.reduce((sum, file) => sum + file.records, 0),
      )
      for (const { from, at, records: count } of own) part.set(all.subarray(at, at + count), from)
      return part
    },
  }
}
