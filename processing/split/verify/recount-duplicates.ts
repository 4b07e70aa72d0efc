import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FoldReport } from '../../../schemas/fold-report.ts'
import type { BlockMemory } from '../../formats/block-memory.ts'
import { Duplicates } from '../duplicates.ts'
import { lastAtMost } from '../last-at-most.ts'
import type { PlannedFold } from '../strategies/strategy.ts'
import type { WrittenFile } from './fold-files.ts'
import { foldName } from './fold-name.ts'
import type { Evidence, Finding } from './promises.ts'
import type { WrittenLayout } from './read-layout.ts'

/** Files of different content that some folds share; of repeated folds those of one repeat. */
export interface FileGroup {
  readonly files: readonly WrittenFile[]
  /** The folds by index, their cells places in `files`; none for files that no fold uses. */
  readonly folds: ReadonlyMap<number, PlannedFold>
}

/** Puts files that one fold uses together, so that each group can be compared by itself. */
export function groupFiles({ files, parts }: WrittenLayout, report: FoldReport): FileGroup[] {
  const contents = (folder: string) => (parts.get(folder) ?? []).map(({ file }) => contentOf(file))
  const folds = report.folds.map(
    (fold): FoldFolders => ({
      index: fold.index,
      train: contents(`train/${foldName(fold)}`),
      validation: contents(`validation/${foldName(fold)}`),
    }),
  )
  const groupOf = joinSets(folds.map(({ train, validation }) => [...train, ...validation]))
  const groups = new Map<string, OpenGroup>()
  const open = (content: string): OpenGroup => {
    const name = groupOf(content)
    const group: OpenGroup = groups.get(name) ?? { cells: new Map(), files: [], folds: [] }
    groups.set(name, group)
    return group
  }
  for (const file of files) {
    const { cells, files: members } = open(contentOf(file))
    if (cells.has(contentOf(file))) continue
    cells.set(contentOf(file), members.length)
    members.push(file)
  }
  for (const fold of folds) {
    const first = fold.train[0] ?? fold.validation[0]
    if (first !== undefined) open(first).folds.push(fold)
  }
  return [...groups.values()].map(({ cells, files: members, folds: own }) => {
    const set = (contents: readonly string[]) => ({ only: contents.map(content => cells.get(content) as number) })
    return {
      files: members,
      folds: new Map(own.map(fold => [fold.index, { train: set(fold.train), validation: set(fold.validation) }])),
    }
  })
}

interface OpenGroup {
  /** The place of each content in `files`. */
  readonly cells: Map<string, number>
  readonly files: WrittenFile[]
  readonly folds: FoldFolders[]
}

/** The contents of a fold's two folders. */
interface FoldFolders {
  readonly index: number
  readonly train: readonly string[]
  readonly validation: readonly string[]
}

/** Two names of one content are one file. */
export const contentOf = ({ identity, path }: WrittenFile): string => identity ?? path

/** Sets that have a member in common become one. @returns which one a member is in, by the name of another member */
function joinSets(sets: readonly (readonly string[])[]): (member: string) => string {
  const next = new Map<string, string>()
  const lastOf = (member: string): string => {
    let last = member
    for (let after = next.get(last); after !== undefined; after = next.get(last)) last = after
    return last
  }
  for (const [first, ...others] of sets) {
    if (first === undefined) continue
    for (const other of others) {
      const [from, to] = [lastOf(other), lastOf(first)]
      if (from !== to) next.set(from, to)
    }
  }
  return lastOf
}

/** Counts the validation records that are copies of training records, group by group. A class because it has a file and memory. */
export class DuplicateCount {
  /** Of all groups so far. */
  records = 0
  private readonly memory: BlockMemory
  private folder: string | undefined
  private group: { readonly duplicates: Duplicates; readonly starts: number[]; noted: number } | undefined

  constructor(memory: BlockMemory) {
    this.memory = memory
  }

  /** Begins with the files of a group. */
  start(): void {
    this.group = { duplicates: new Duplicates(this.memory, () => this.spillPath()), starts: [], noted: 0 }
  }

  /** Notes records of the block at hand, as {@link Duplicates.note}. */
  note(start: number, from: number, to: number): void {
    if (this.group === undefined) return
    this.group.duplicates.note(start, from, to)
    this.group.noted += to - from
  }

  /** The next records are of the group's next file. */
  startFile(): void {
    this.group?.starts.push(this.group.noted)
  }

  /** Compares the records of the group's files. */
  end({ folds, files }: FileGroup): void {
    if (this.group === undefined) return
    const { duplicates, starts } = this.group
    this.records += duplicates.leaks(
      { cells: files.length, cellOf: record => lastAtMost(starts, record) },
      folds,
    ).records
    this.closeGroup()
  }

  close(): void {
    this.closeGroup()
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true })
  }

  private closeGroup(): void {
    this.group?.duplicates.close()
    this.group = undefined
  }

  private spillPath(): string {
    this.folder ??= mkdtempSync(join(tmpdir(), 'foldwise-copies-'))
    return join(this.folder, 'hashes')
  }
}

/** Why the copies among the records cannot be counted; null when they can. */
export function uncountable({ certificate }: FoldReport, rewritten: string | null): string | null {
  if (certificate.duplicates === null) return 'the report counts none'
  if (certificate.duplicates.checkedShare < 1) return 'the report counts only some'
  return rewritten
}

/** As many copies are on both sides of a fold as the report says. */
export function checkDuplicates({ report, rewritten, facts }: Evidence, found: number): Finding {
  const reason = uncountable(report, rewritten)
  if (reason !== null) return { checked: false, detail: reason, problems: [] }
  if ([...facts.values()].some(({ problem }) => problem !== null))
    return { checked: false, detail: 'not every record can be read', problems: [] }
  const said = report.certificate.duplicates?.records
  return {
    checked: true,
    detail: `${found} validation records that are copies of training records`,
    problems:
      found === said
        ? []
        : [`${found} validation records are copies of records that the same fold trains on, the report says ${said}`],
  }
}
