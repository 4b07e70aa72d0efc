import { statSync } from 'node:fs'
import type { WrittenPart } from '../../schemas/fold-report.ts'
import { countCells } from './count-cells.ts'
import { cellsOfRound } from './duplicates.ts'
import type { Duplicates, Leaks } from './duplicates.ts'
import type { Digests } from './digests.ts'
import { digested } from './shard-writer.ts'
import type { UndigestedShard, WrittenShard } from './shard-writer.ts'
import { cellsOf } from './strategies/strategy.ts'
import type { EncodedColumn, PlannedFold, Round, SplitPlan } from './strategies/strategy.ts'
import { writtenHeader } from './survey.ts'
import type { Survey } from './survey.ts'

interface ValidationDigest {
  readonly digest: string
  /** Its files, when several hosts wrote them. */
  readonly parts?: readonly WrittenPart[]
}

export interface CertifiedRound {
  readonly shards: readonly WrittenShard[]
  /** Records per class, cell by cell; empty without classes. */
  readonly classes: readonly Uint32Array[]
  readonly folds: readonly (PlannedFold & { readonly index: number } & ValidationDigest)[]
  /** What is held out; null when nothing is. */
  readonly test: ({ readonly cells: readonly number[] } & ValidationDigest) | null
  readonly disjoint: boolean
  readonly complete: boolean
  /** Null when the plan does not promise it, as the next. */
  readonly groupsKeptTogether: boolean | null
  readonly timeOrderKept: boolean | null
  readonly leaks: Leaks
}

export interface CertifyRequest {
  readonly survey: Survey
  /** What it promises is proved. */
  readonly plan: SplitPlan
  readonly round: Round
  readonly shards: readonly UndigestedShard[]
  readonly paths: readonly string[]
  /** The round's folds by fold index. */
  readonly folds: ReadonlyMap<number, PlannedFold>
  readonly classes: EncodedColumn | null
  readonly groups: EncodedColumn | null
  readonly digests: Digests
  readonly duplicates: Duplicates
}

/**
 * Proves what the report claims, from what was written and not from what was planned: the shards on disk hold all
 * records that the first pass counted, each once, and no fold has a shard on both sides.
 *
 * @throws Error when the books do not balance: a defect, never the user's mistake.
 */
export async function certifyRound(request: CertifyRequest): Promise<CertifiedRound> {
  const { survey, plan, round, paths, folds, classes, groups } = request
  checkBooks(survey, round, request.shards, paths)
  const leaks = request.duplicates.leaks(cellsOfRound(round), folds)
  // What can be looked at before the digests are there has been.
  const shards = await digested(request.shards)
  const digestOf = (cells: readonly number[]) => cellsDigest(cells, shards, request)
  const validatedBy = new Uint32Array(round.cells)
  const held = new Set(round.test)
  let disjoint = true
  for (const { train, validation } of folds.values()) {
    const trained = new Set(cellsOf(train, round.cells))
    for (const cell of cellsOf(validation, round.cells)) {
      validatedBy[cell] = (validatedBy[cell] as number) + 1
      if (trained.has(cell)) disjoint = false
    }
    for (const cell of held) if (trained.has(cell) || validatedBy[cell] !== 0) disjoint = false
  }
  return {
    shards,
    classes: classes === null ? [] : classesPerCell(round, classes),
    folds: await Promise.all(
      [...folds].map(async ([index, fold]) => ({
        index,
        ...fold,
        digest: await digestOf(cellsOf(fold.validation, round.cells)),
      })),
    ),
    disjoint,
    complete:
      round.completes ??
      validatedBy.every((count, cell) => count === (held.has(cell) ? 0 : 1) || shards[cell]?.records === 0),
    test: round.test === undefined ? null : { cells: round.test, digest: await digestOf(round.test) },
    groupsKeptTogether: plan.keepsGroups ? groups !== null && keepsGroups(round, [...folds.values()], groups) : null,
    timeOrderKept: plan.keepsTime ? keepsTime(round, [...folds.values()]) : null,
    leaks,
  }
}

export function checkBooks(
  survey: Survey,
  round: Round,
  shards: readonly Pick<WrittenShard, 'records' | 'bytes'>[],
  paths: readonly string[],
): void {
  const planned = countCells(round.cellOf, round.cells)
  const headerBytes = writtenHeader(survey).length
  let records = 0
  let bytes = 0
  shards.forEach((shard, cell) => {
    records += shard.records
    bytes += shard.bytes
    if (shard.records !== planned[cell])
      throw new Error(`shard ${cell} received ${shard.records} records instead of ${planned[cell]}`)
    if (shard.records === 0) return
    const size = statSync(paths[cell] as string).size
    if (size !== headerBytes + shard.bytes)
      throw new Error(`shard ${cell} has ${size} bytes on disk instead of ${headerBytes + shard.bytes}`)
  })
  if (records !== survey.records || bytes !== survey.recordBytes)
    throw new Error(`${records} records in ${bytes} bytes were written of ${survey.records} in ${survey.recordBytes}`)
}

export function classesPerCell(round: Round, classes: EncodedColumn): Uint32Array[] {
  const width = classes.values.length
  const counts = new Uint32Array(round.cells * width)
  for (let i = 0; i < round.cellOf.length; i++) {
    const at = (round.cellOf[i] as number) * width + (classes.codes[i] as number)
    counts[at] = (counts[at] as number) + 1
  }
  return Array.from({ length: round.cells }, (_, cell) => counts.subarray(cell * width, (cell + 1) * width))
}

/** No group has records in a training cell and in a validation cell of one fold. */
export function keepsGroups(round: Round, folds: readonly PlannedFold[], groups: EncodedColumn): boolean {
  const { cellOf } = round
  const cellsOfGroup = new Map<number, Set<number>>()
  const home = new Int32Array(groups.values.length).fill(-1)
  for (let i = 0; i < cellOf.length; i++) {
    const group = groups.codes[i] as number
    const cell = cellOf[i] as number
    if (home[group] === cell) continue
    if (home[group] === -1) home[group] = cell
    else cellsOfGroup.set(group, (cellsOfGroup.get(group) ?? new Set([home[group] as number])).add(cell))
  }
  const spread = [...cellsOfGroup.values()]
  return folds.every(({ train, validation }) => {
    if (spread.length === 0) return true
    const trained = new Set(cellsOf(train, round.cells))
    const validated = new Set(cellsOf(validation, round.cells))
    return spread.every(cells => {
      const list = [...cells]
      return !(list.some(cell => trained.has(cell)) && list.some(cell => validated.has(cell)))
    })
  })
}

/** Every record that a fold trains on lies before all that it validates on. */
export function keepsTime({ cells, cellOf }: Round, folds: readonly PlannedFold[]): boolean {
  const first = new Float64Array(cells).fill(Number.POSITIVE_INFINITY)
  const last = new Float64Array(cells).fill(-1)
  for (let i = 0; i < cellOf.length; i++) {
    const cell = cellOf[i] as number
    if (last[cell] === -1) first[cell] = i
    last[cell] = i
  }
  return folds.every(({ train, validation }) => {
    const trainEnd = cellsOf(train, cells).reduce((end, cell) => Math.max(end, last[cell] as number), -1)
    return cellsOf(validation, cells).every(cell => (first[cell] as number) > trainEnd)
  })
}

/** Of one shard it was taken while writing; several are read again in the order of their names, as a trainer reads them. */
async function cellsDigest(
  cells: readonly number[],
  shards: readonly WrittenShard[],
  { survey, paths, digests }: CertifyRequest,
): Promise<string> {
  if (cells.length === 1) return (shards[cells[0] as number] as WrittenShard).digest
  const headerBytes = writtenHeader(survey).length
  const digest = digests.start(1)
  for (const cell of cells) if (shards[cell]?.records !== 0) digest.read(paths[cell] as string, headerBytes, null)
  return await digest.end()
}
