import { mkdir, stat } from 'node:fs/promises'
import type { ObjectStore } from '../contract.ts'
import { optMl } from '../../schemas/opt-ml.ts'
import { archiveFolders } from './archive-folders.ts'
import { insideFolder } from './inside-folder.ts'
import { joinS3Uri, parseS3Uri } from './s3-uri.ts'
import type { Sandbox } from './sandbox.ts'
import { stageData } from './stage-data.ts'
import { ClientFault } from './step-fault.ts'
import type { TrainingRequest } from './training-job.ts'
import { filesBelow, uploadFolder } from './upload-folder.ts'

/**
 * Stores `/opt/ml/model` and `/opt/ml/output/data` of all hosts below `<S3OutputPath>/<TrainingJobName>/output`:
 * `model.tar.gz` and, when there is any, `output.tar.gz`; with CompressionType NONE the files under `model/` and `data/`.
 *
 * @param options.model False for a job that failed: it leaves its output data only.
 * @returns The member `ModelArtifacts` of the description.
 */
export async function storeTrainingOutput(
  store: ObjectStore,
  options: { request: TrainingRequest; jobName: string; sandboxes: readonly Sandbox[]; model: boolean },
): Promise<Record<string, unknown>> {
  const { request, jobName, sandboxes, model } = options
  const uri = joinS3Uri(request.OutputDataConfig.S3OutputPath, jobName, 'output')
  const compressed = request.OutputDataConfig.CompressionType !== 'NONE'
  const put = async (folders: readonly string[], archive: string, plain: string): Promise<string> => {
    const target = joinS3Uri(uri, compressed ? archive : plain)
    if (compressed) await storeArchive(store, folders, target)
    else await Promise.all(folders.map(folder => uploadFolder(store, folder, target)))
    return compressed ? target : `${target}/`
  }
  const data = sandboxes.map(sandbox => insideFolder(sandbox.ml, optMl.outputData))
  const putData = async (): Promise<unknown> => {
    const files = await Promise.all(data.map(folder => filesBelow(folder)))
    return files.some(list => list.length > 0) ? put(data, 'output.tar.gz', 'data') : undefined
  }
  const models = sandboxes.map(sandbox => insideFolder(sandbox.ml, optMl.model))
  const [artifacts] = await Promise.all([model ? put(models, 'model.tar.gz', 'model') : undefined, putData()])
  return artifacts === undefined ? {} : { ModelArtifacts: { S3ModelArtifacts: artifacts } }
}

async function storeArchive(store: ObjectStore, folders: readonly string[], uri: string): Promise<void> {
  const target = parseS3Uri(uri)
  if (target === undefined)
    throw new ClientFault(`Upload failed: ${JSON.stringify(uri)} is not an S3 URI such as s3://bucket/prefix`)
  await store.put(target.bucket, target.key, await archiveFolders(folders), { contentType: 'application/x-tar' })
}

const checkpointFolder = (request: TrainingRequest, sandbox: Sandbox): string | undefined => {
  if (request.CheckpointConfig === undefined) return undefined
  const path = request.CheckpointConfig.LocalPath ?? `/opt/ml/${optMl.checkpoints}`
  if (!path.startsWith('/opt/ml/'))
    throw new ClientFault(
      `CheckpointConfig.LocalPath ${JSON.stringify(path)} lies outside /opt/ml — only that is there locally — leave it out.`,
    )
  return insideFolder(sandbox.ml, path.slice('/opt/ml/'.length))
}

/** Brings earlier checkpoints to every host; there may be none. */
export async function restoreCheckpoints(
  store: ObjectStore,
  request: TrainingRequest,
  sandboxes: readonly Sandbox[],
): Promise<void> {
  const uri = request.CheckpointConfig?.S3Uri
  if (uri === undefined) return
  const folders = sandboxes.map(sandbox => checkpointFolder(request, sandbox) as string)
  await Promise.all(folders.map(folder => mkdir(folder, { recursive: true })))
  await stageData(store, { uri: `${uri.replace(/\/+$/, '')}/`, type: 'S3Prefix', mayBeEmpty: true }, folders)
}

/** Between two looks for new checkpoints. */
const syncMilliseconds = 2000

/**
 * Stores checkpoints while the job runs, as soon as a file has not changed between two looks.
 *
 * @returns Ends it; resolves when nothing is being stored any more.
 */
export function syncCheckpoints(
  store: ObjectStore,
  request: TrainingRequest,
  sandboxes: readonly Sandbox[],
): () => Promise<void> {
  const uri = request.CheckpointConfig?.S3Uri
  if (uri === undefined) return async () => {}
  const seen = new Map<string, number>()
  const stored = new Map<string, number>()
  const look = async (): Promise<void> => {
    const folders = sandboxes.map(sandbox => checkpointFolder(request, sandbox) as string)
    for (const { file, path } of (await Promise.all(folders.map(folder => filesBelow(folder)))).flat()) {
      const changed = (await stat(file).catch(() => undefined))?.mtimeMs
      const target = parseS3Uri(joinS3Uri(uri, path))
      if (changed === undefined || target === undefined) continue
      if (seen.get(file) === changed && stored.get(file) !== changed) {
        await store.putFile(target.bucket, target.key, file)
        stored.set(file, changed)
      }
      seen.set(file, changed)
    }
  }
  let looking: Promise<void> = Promise.resolve()
  // A file that goes away under a look is found by the next one; at the job's end everything is stored once more.
  const timer = setInterval(() => (looking = looking.then(look).catch(() => {})), syncMilliseconds)
  return async () => {
    clearInterval(timer)
    await looking
  }
}

/** Stores the checkpoints, however the job ended. */
export async function storeCheckpoints(
  store: ObjectStore,
  request: TrainingRequest,
  sandboxes: readonly Sandbox[],
): Promise<void> {
  const uri = request.CheckpointConfig?.S3Uri
  if (uri === undefined) return
  await Promise.all(sandboxes.map(sandbox => uploadFolder(store, checkpointFolder(request, sandbox) as string, uri)))
}
