import type { WrittenPart } from '../../../schemas/fold-report.ts'
import type { HostExchange } from '../../hosts/host-exchange.ts'
import { Blake3 } from '../blake3.ts'
import { keepsGroups, keepsTime } from '../certify.ts'
import type { CertifiedRound } from '../certify.ts'
import type { CopySource } from '../copy-finder.ts'
import { cellsOfRound, findLeaks } from '../duplicates.ts'
import type { WrittenShard } from '../shard-writer.ts'
import { cellsOf } from '../strategies/strategy.ts'
import type { EncodedColumn, PlannedFold, Round, SplitPlan } from '../strategies/strategy.ts'

export interface OwnRound {
  /** Number of the round, for the topic. */
  readonly number: number
  readonly plan: SplitPlan
  /** Over the records of all hosts. */
  readonly round: Round
  readonly folds: ReadonlyMap<number, PlannedFold>
  /** The group of every record of all hosts, when the plan keeps groups together. */
  readonly groups: EncodedColumn | null
  /** The records of equal bytes on all hosts; null when none can be on two sides of a fold. */
  readonly copies: CopySource | null
  /** What this host wrote, cell by cell, and how each host would name the file of a cell. */
  readonly shards: readonly WrittenShard[]
  readonly fileName: (cell: number, host: number) => string
  /** Records per class of this host, cell by cell; empty without classes. */
  readonly classes: readonly Uint32Array[]
}

/** What all hosts wrote in a round. */
export interface SharedRound {
  readonly certified: CertifiedRound
  /** Every host's shards, cell by cell. */
  readonly written: readonly (readonly WrittenShard[])[]
}

interface RoundFacts {
  readonly shards: readonly WrittenShard[]
  readonly classes: readonly (readonly number[])[]
}

/**
 * Adds up what every host wrote, and proves the round's promises over the records of all hosts: each host compared its own
 * files with the plan already, and the plan is the same everywhere.
 *
 * @throws Error when the books do not balance: a defect, never the user's mistake
 */
export async function shareRound(exchange: HostExchange, own: OwnRound): Promise<SharedRound> {
  const facts: RoundFacts = { shards: own.shards, classes: own.classes.map(row => [...row]) }
  const messages = await exchange.gather(`round-${own.number}`, { facts, blobs: [] })
  const hosts = messages.map(message => message.facts as RoundFacts)
  const { round, folds, plan, groups, copies } = own
  const shards = sumShards(hosts, round)
  const all = [...folds.values()]
  const held = new Set(round.test)
  const validatedBy = new Uint32Array(round.cells)
  let disjoint = true
  for (const { train, validation } of all) {
    const trained = new Set(cellsOf(train, round.cells))
    for (const cell of cellsOf(validation, round.cells)) {
      validatedBy[cell] = (validatedBy[cell] as number) + 1
      if (trained.has(cell) || held.has(cell)) disjoint = false
    }
    if ([...held].some(cell => trained.has(cell))) disjoint = false
  }
  return {
    written: hosts.map(host => host.shards),
    certified: {
      shards,
      classes: own.classes.map((row, cell) =>
        row.map((_, code) => hosts.reduce((sum, { classes }) => sum + (classes[cell]?.[code] ?? 0), 0)),
      ),
      folds: [...folds].map(([index, fold]) => ({
        index,
        ...fold,
        ...partsOf(cellsOf(fold.validation, round.cells), hosts, own),
      })),
      test: round.test === undefined ? null : { cells: round.test, ...partsOf(round.test, hosts, own) },
      disjoint,
      complete: validatedBy.every((count, cell) => count === (held.has(cell) ? 0 : 1) || shards[cell]?.records === 0),
      groupsKeptTogether: plan.keepsGroups ? groups !== null && keepsGroups(round, all, groups) : null,
      timeOrderKept: plan.keepsTime ? keepsTime(round, all) : null,
      leaks: copies === null ? { records: 0, examples: [] } : findLeaks(copies, cellsOfRound(round), folds).leaks,
    },
  }
}

function sumShards(hosts: readonly RoundFacts[], { cells, cellOf }: Round): WrittenShard[] {
  const shards = Array.from({ length: cells }, (_, cell) => {
    const sum = (of: 'records' | 'bytes') => hosts.reduce((total, host) => total + (host.shards[cell]?.[of] ?? 0), 0)
    return { records: sum('records'), bytes: sum('bytes'), digest: '' }
  })
  const written = shards.reduce((sum, { records }) => sum + records, 0)
  if (written !== cellOf.length) throw new Error(`the hosts wrote ${written} records of ${cellOf.length}`)
  return shards
}

/** The files of cells that have records, in the order of their names, and the digest of their digests. */
function partsOf(
  cells: readonly number[],
  hosts: readonly RoundFacts[],
  { fileName }: OwnRound,
): { readonly digest: string; readonly parts: readonly WrittenPart[] } {
  const parts = cells.flatMap(cell =>
    hosts.flatMap((host, index): WrittenPart[] => {
      const { records = 0, bytes = 0, digest = '' } = host.shards[cell] ?? {}
      return records === 0 ? [] : [{ file: fileName(cell, index), records, bytes, digest }]
    }),
  )
  return { parts, digest: new Blake3().update(Buffer.from(partsText(parts.map(({ digest }) => digest)))).digest() }
}

/** What the digest of a set in several hosts' files is made of. */
export function partsText(digests: readonly string[]): string {
  return digests.map(digest => `${digest}\n`).join('')
}
