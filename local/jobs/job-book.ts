import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readJson, writeJson } from '../engine/durable-file.ts'
import { PathLeavesFolder, insideFolder } from './inside-folder.ts'

/** What a job or a resource is called in requests: `DescribeTrainingJob` asks for the kind `TrainingJob`. */
export type JobKind = 'ProcessingJob' | 'TrainingJob' | 'TransformJob' | 'HyperParameterTuningJob' | 'Model'

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
  /** Every job of a kind, newest first. */
  list(kind: JobKind): Promise<readonly JobRecord[]>
}

const noteMilliseconds = 200

/** Of a job whose newest record is not on the disk. */
interface Pending {
  record: JobRecord
  timer: NodeJS.Timeout | undefined
  writing: Promise<void> | undefined
}

/** @param folder The folder `jobs` of the state folder. */
export function openJobBook(folder: string): JobBook {
  /** Kind and creation of every job by name, in no order; filled from the disk when first asked for. */
  let index: Promise<Map<string, { kind: JobKind; created: string }>> | undefined
  const pending = new Map<string, Pending>()
  const fileOf = (name: string): string => join(insideFolder(folder, name), 'job.json')

  const readIndex = async (): Promise<Map<string, { kind: JobKind; created: string }>> => {
    await mkdir(folder, { recursive: true })
    const found = new Map<string, { kind: JobKind; created: string }>()
    for (const name of await readdir(folder)) {
      const record = pending.get(name)?.record ?? (await readJson<JobRecord>(fileOf(name)))
      if (record !== undefined) found.set(name, { kind: record.kind, created: createdOf(record) })
    }
    for (const { record } of pending.values()) {
      found.set(record.name, { kind: record.kind, created: createdOf(record) })
    }
    return found
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
    index?.then(known => known.set(record.name, { kind: record.kind, created: createdOf(record) })).catch(() => {})
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
    list: async kind => {
      index ??= readIndex()
      const names = [...(await index)].filter(([, entry]) => entry.kind === kind)
      names.sort(([a, one], [b, other]) => other.created.localeCompare(one.created) || a.localeCompare(b))
      const records = await Promise.all(names.map(([name]) => find(kind, name)))
      return records.filter(record => record !== undefined)
    },
  }
}

const createdOf = (record: JobRecord): string => String(record.description['CreationTime'] ?? '')
