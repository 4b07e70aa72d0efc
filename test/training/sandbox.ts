import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { optMl } from '../../schemas/opt-ml.ts'
import { svmModelSchema } from '../../training/model-file.ts'

/** A training job's `/opt/ml`: channels are file name to text. Returns its root, which goes when the test ends. */
export async function trainingSandbox(job: {
  hyperparameters?: Readonly<Record<string, string>>
  channels: Readonly<Record<string, Readonly<Record<string, string>>>>
}): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'foldwise-training-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  await write(optMl.hyperparameters, JSON.stringify(job.hyperparameters ?? {}))
  const channel = { TrainingInputMode: 'File', S3DistributionType: 'FullyReplicated', RecordWrapperType: 'None' }
  await write(
    optMl.inputDataConfig,
    JSON.stringify(Object.fromEntries(Object.keys(job.channels).map(name => [name, channel]))),
  )
  for (const [name, files] of Object.entries(job.channels)) {
    await mkdir(join(root, optMl.channel(name)), { recursive: true })
    for (const [file, text] of Object.entries(files)) await write(join(optMl.channel(name), file), text)
  }
  return root
}

export async function readModel(root: string) {
  return svmModelSchema.parse(JSON.parse(await readFile(join(root, 'model/model.json'), 'utf8')))
}
