import { readFile, stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { UserError } from '../../schemas/problem.ts'
import { readFromArchive } from './read-archive.ts'

/** One fold's training: where its output lies below the input `models`. */
export interface TrainingOutput {
  readonly index: number
  readonly job: string
  readonly folder: string
}

/** `<models>/fold-<i>/<job name>/output`, as SageMaker writes it below `S3OutputPath`. */
export function trainingOutput(models: string, index: number, job: string): TrainingOutput {
  if (!/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/.test(job)) {
    throw new UserError(`Fold ${index}: "${job}" is not the name of a training job.`)
  }
  return { index, job, folder: join(models, `fold-${index}`, job, 'output') }
}

/** `Fold 3 (job x)`, as sentences begin. */
export function describeFold({ index, job }: Pick<TrainingOutput, 'index' | 'job'>): string {
  return `Fold ${index} (job ${job})`
}

/**
 * The text of a file that the training wrote: from output.tar.gz (`/opt/ml/output/data`), else from model.tar.gz
 * (`/opt/ml/model`), else uncompressed (`CompressionType` NONE: `output/data/…`, `output/model/…`).
 *
 * @throws UserError that names the fold and says where it looked
 */
export async function readTrainingFile(output: TrainingOutput, file: string): Promise<string> {
  if (isAbsolute(file) || file.split('/').includes('..')) {
    throw new UserError(`File "${file}": give a path inside the training's output, such as metrics.json.`)
  }
  const found: string[] = []
  for (const archive of ['output.tar.gz', 'model.tar.gz']) {
    const path = join(output.folder, archive)
    if (!(await isFile(path))) continue
    found.push(archive)
    const text = await readFromArchive(path, file)
    if (text !== undefined) return text
  }
  for (const folder of ['data', 'model', '.']) {
    const path = join(output.folder, folder, file)
    if (await isFile(path)) return await readFile(path, 'utf8')
  }
  const where = found.length === 0 ? `${output.folder} holds no output of the training` : `not in ${found.join(', ')}`
  throw new UserError(
    `${describeFold(output)}: the training wrote no "${file}" (${where}) — write it to /opt/ml/output/data.`,
  )
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}
