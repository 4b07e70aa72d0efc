import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { readJson, writeJson } from '../engine/durable-file.ts'
import { PathLeavesFolder, insideFolder } from './inside-folder.ts'

/** What a job or a resource is called in requests: `DescribeTrainingJob` asks for the kind `TrainingJob`. */
export type JobKind =
  | 'ProcessingJob'
  | 'TrainingJob'
  | 'TransformJob'
  | 'HyperParameterTuningJob'
  | 'AutoMLJob'
  | 'Model'

/** A job of a step: `job.json` in the job's folder. */
export interface JobRecord {
  readonly kind: JobKind
  readonly name: string
  readonly executionArn: string
  readonly step: string
  /** The Describe response, times as ISO texts. */
  readonly description: Readonly<Record<string, unknown>>
}

/** The jobs of a state folder, each with a folder of its own: `job.json`, `log.txt`, the sandbox. */
export interface JobBook {
  folder(name: string): string
  /** Resolves when the record, or a later one of the same job, is on the disk. */
  save(record: JobRecord): Promise<void>
  /**
   * A state that another one will follow: seen at once, written within a fifth of a second if nothing has followed by then. A crash that takes it
   * away makes the job run again.
   */
  note(record: JobRecord): void
  find(kind: JobKind, name: string): Promise<JobRecord | undefined>
  /** Takes a job or a resource with its folder away. */
  remove(kind: JobKind, name: string): Promise<void>
  /** Every job of a kind, newest first, from memory: no file is read but once, when this is asked for the first time. */
  entries(kind: JobKind): Promise<readonly JobEntry[]>
}

/** What lists of jobs are filtered and sorted by. */
export interface JobEntry {
  readonly kind: JobKind
  readonly name: string
  /** ISO 8601. */
  readonly created: string
  readonly status: string
  /** The tuning job of a training. */
  readonly tuningArn?: string
}

const noteMilliseconds = 200
/** Records that are read at the same time. */
const parallelReads = 32

/** Of a job whose newest record is not on the disk. */
interface Pending {
  record: JobRecord
  timer: NodeJS.Timeout | undefined
  writing: Promise<void> | undefined
}

/** @param folder The folder `jobs` of the state folder. */
export function openJobBook(folder: string): JobBook {
  /** Every job by name, in no order; filled from the disk when first asked for. */
  let index: Promise<Map<string, JobEntry>> | undefined
  const pending = new Map<string, Pending>()
  const fileOf = (name: string): string => join(insideFolder(folder, name), 'job.json')

  const readIndex = async (): Promise<Map<string, JobEntry>> => {
    await mkdir(folder, { recursive: true })
    const limit = pLimit(parallelReads)
    const names = await readdir(folder)
    const records = await Promise.all(names.map(name => limit(() => readJson<JobRecord>(fileOf(name)))))
    const found = new Map<string, JobEntry>()
    for (const record of records) if (record !== undefined) found.set(record.name, entryOf(record))
    // Changed while the files were read.
    for (const { record } of pending.values()) found.set(record.name, entryOf(record))
    return found
  }
  const entries: JobBook['entries'] = async kind => {
    index ??= readIndex()
    const found = [...(await index).values()].filter(entry => entry.kind === kind)
    return found.sort((a, b) => (a.created === b.created ? compare(a.name, b.name) : compare(b.created, a.created)))
  }
  const find: JobBook['find'] = async (kind, name) => {
    try {
      const record = pending.get(name)?.record ?? (await readJson<JobRecord>(fileOf(name)))
      return record?.kind === kind ? record : undefined
    } catch (error) {
      // A name that no job can have.
      if (error instanceof PathLeavesFolder || (error as NodeJS.ErrnoException).code === 'ENAMETOOLONG')
        return undefined
      throw error
    }
  }

  const remember = (record: JobRecord): Pending => {
    const entry = pending.get(record.name) ?? { record, timer: undefined, writing: undefined }
    clearTimeout(entry.timer)
    entry.record = record
    pending.set(record.name, entry)
    index?.then(known => known.set(record.name, entryOf(record))).catch(() => {})
    return entry
  }
  /** Writes what is newest when its turn comes: a state must not be overtaken by an earlier one, and one that is over need not be written. */
  const write = (entry: Pending): Promise<void> => {
    const { name } = entry.record
    const mine = (entry.writing ?? Promise.resolve()).then(
      () => writeNewest(),
      () => writeNewest(),
    )
    const writeNewest = async (): Promise<void> => {
      const { record } = entry
      // What a power failure could take from this file is made again by the step, so it is not flushed.
      await writeJson(fileOf(name), record, { flush: false })
      if (entry.record === record && entry.timer === undefined && entry.writing === mine) pending.delete(name)
    }
    entry.writing = mine
    return mine
  }

  return {
    folder: name => insideFolder(folder, name),
    find,
    save: record => {
      const entry = remember(record)
      entry.timer = undefined
      return write(entry)
    },
    note: record => {
      const entry = remember(record)
      entry.timer = setTimeout(() => {
        entry.timer = undefined
        // The job's last state is saved, and then the reason shows.
        write(entry).catch(() => {})
      }, noteMilliseconds).unref()
    },
    remove: async (kind, name) => {
      if ((await find(kind, name)) === undefined) return
      const entry = pending.get(name)
      clearTimeout(entry?.timer)
      await entry?.writing?.catch(() => {})
      pending.delete(name)
      await rm(insideFolder(folder, name), { recursive: true, force: true })
      if (index !== undefined) (await index).delete(name)
    },
    entries,
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function entryOf({ kind, name, description }: JobRecord): JobEntry {
  const tuningArn = description['TuningJobArn']
  return {
    kind,
    name,
    created: String(description['CreationTime'] ?? ''),
    status: String(description[`${kind}Status`] ?? ''),
    ...(typeof tuningArn === 'string' && { tuningArn }),
  }
}
