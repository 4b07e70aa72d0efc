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
  save(record: JobRecord): Promise<void>
  find(kind: JobKind, name: string): Promise<JobRecord | undefined>
  /** Takes a job away with its folder. */
  remove(kind: JobKind, name: string): Promise<void>
  /** Every job of a kind, newest first. */
  list(kind: JobKind): Promise<readonly JobRecord[]>
}

/** @param folder The folder `jobs` of the state folder. */
export function openJobBook(folder: string): JobBook {
  /** Kind and creation of every job by name, in no order; filled from the disk when first asked for. */
  let index: Promise<Map<string, { kind: JobKind; created: string }>> | undefined
  const saving = new Map<string, Promise<void>>()
  const fileOf = (name: string): string => join(insideFolder(folder, name), 'job.json')

  const readIndex = async (): Promise<Map<string, { kind: JobKind; created: string }>> => {
    await mkdir(folder, { recursive: true })
    const found = new Map<string, { kind: JobKind; created: string }>()
    for (const name of await readdir(folder)) {
      const record = await readJson<JobRecord>(fileOf(name))
      if (record !== undefined) found.set(name, { kind: record.kind, created: createdOf(record) })
    }
    return found
  }
  const find: JobBook['find'] = async (kind, name) => {
    try {
      const record = await readJson<JobRecord>(fileOf(name))
      return record?.kind === kind ? record : undefined
    } catch (error) {
      // A name that no job can have.
      if (error instanceof PathLeavesFolder || (error as NodeJS.ErrnoException).code === 'ENAMETOOLONG')
        return undefined
      throw error
    }
  }

  return {
    folder: name => insideFolder(folder, name),
    find,
    save: record => {
      // One after the other: a state that comes later must not be overtaken by an earlier one.
      const write = async (): Promise<void> => {
        // What a power failure could take from this file is made again by the step, so it is not flushed.
        await writeJson(fileOf(record.name), record, { flush: false })
        if (index !== undefined) (await index).set(record.name, { kind: record.kind, created: createdOf(record) })
      }
      const mine = (saving.get(record.name) ?? Promise.resolve()).then(write, write)
      saving.set(record.name, mine)
      const forget = (): void => {
        if (saving.get(record.name) === mine) saving.delete(record.name)
      }
      mine.then(forget, forget)
      return mine
    },
    remove: async (kind, name) => {
      if ((await find(kind, name)) === undefined) return
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
