import { createHash } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readJson, writeJson } from './durable-file.ts'

export interface ParallelismConfiguration {
  readonly MaxParallelExecutionSteps: number
}

/** A pipeline without its definitions. Times are ISO 8601. */
export interface PipelineRecord {
  readonly name: string
  readonly arn: string
  readonly displayName?: string
  readonly description?: string
  readonly roleArn: string
  readonly parallelism?: ParallelismConfiguration
  readonly createdAt: string
  readonly modifiedAt: string
  readonly lastRunAt?: string
  /** The newest version; versions count from 1. */
  readonly version: number
  readonly clientToken?: string
}

export interface PipelineVersion {
  readonly version: number
  /** The text as it was sent. */
  readonly definition: string
  readonly createdAt: string
  readonly displayName?: string
  readonly description?: string
}

/** The pipelines of a state folder: `<folder>/<name>/pipeline.json` and `<folder>/<name>/versions/<n>.json`. */
export interface PipelineBook {
  find(name: string): PipelineRecord | undefined
  all(): readonly PipelineRecord[]
  version(name: string, version: number): Promise<PipelineVersion | undefined>
  versions(name: string): Promise<readonly PipelineVersion[]>
  /** Stores a pipeline, with a further version when one is given. */
  save(record: PipelineRecord, version?: PipelineVersion): Promise<void>
  saveVersion(name: string, version: PipelineVersion): Promise<void>
  remove(name: string): Promise<void>
}

export async function openPipelineBook(folder: string): Promise<PipelineBook> {
  await mkdir(folder, { recursive: true })
  const records = new Map<string, PipelineRecord>()
  for (const entry of await readdir(folder)) {
    const record = await readJson<PipelineRecord>(join(folder, entry, 'pipeline.json'))
    if (record !== undefined) records.set(record.name, record)
  }
  const folderOf = (name: string): string => join(folder, folderName(name))
  const versionFile = (name: string, version: number): string => join(folderOf(name), 'versions', `${version}.json`)
  const saveVersion: PipelineBook['saveVersion'] = (name, version) =>
    writeJson(versionFile(name, version.version), version)
  return {
    find: name => records.get(name),
    all: () => [...records.values()],
    version: (name, version) => readJson<PipelineVersion>(versionFile(name, version)),
    versions: async name => {
      const newest = records.get(name)?.version ?? 0
      const found = await Promise.all(
        Array.from({ length: newest }, (_, index) => readJson<PipelineVersion>(versionFile(name, index + 1))),
      )
      return found.filter(version => version !== undefined)
    },
    saveVersion,
    save: async (record, version) => {
      // The version first: a pipeline never names one that is not there.
      if (version !== undefined) await saveVersion(record.name, version)
      await writeJson(join(folderOf(record.name), 'pipeline.json'), record)
      records.set(record.name, record)
    },
    remove: async name => {
      await rm(folderOf(name), { recursive: true, force: true })
      records.delete(name)
    },
  }
}

/** Pipeline names go up to 256 characters, names of folders to 255 bytes. */
function folderName(name: string): string {
  if (name.length <= 200) return name
  return `${name.slice(0, 180)}-${createHash('sha256').update(name).digest('hex').slice(0, 16)}`
}
