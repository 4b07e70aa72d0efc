import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import {
  CreatePipelineCommand,
  DescribePipelineExecutionCommand,
  ListPipelineExecutionStepsCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-sagemaker'
import { type Clients, createClients } from 'foldwise/service'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type LocalSageMaker, startLocalSageMaker } from '../../local/index.ts'

let dir: string
let local: LocalSageMaker
let clients: Clients

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'foldwise-goldens-'))
  const folder = join(dir, 'programs')
  await mkdir(folder)
  for (const name of ['stand-in.mjs', 'split.mjs', 'aggregate.mjs'])
    await copyFile('test/conformance/stand-in.mjs', join(folder, name))
  for (const name of ['split.js', 'aggregate.js']) await copyFile('test/conformance/stand-in.mjs', join(folder, name))
  const programs = { root: '/opt/ml/code', folder }
  const anyImage = {
    matches: () => true,
    runtime: 'node',
    entrypoint: ['node', '/opt/ml/code/stand-in.mjs'],
    programs,
  } as const
  local = await startLocalSageMaker({ stateDir: join(dir, 'state'), images: [anyImage] })
  clients = await createClients({ local: local.endpoint })
})
afterAll(async () => {
  clients.close()
  await local.close()
  await rm(dir, { recursive: true, force: true })
})

/** An object at every S3 URI that the definition names, so that no input is missing. */
async function putInputs(definition: string): Promise<void> {
  const uris = new Set(
    [...definition.matchAll(/s3:\/\/([a-z0-9.-]+)\/([^"\\]*)/g)].map(([, bucket, key]) => `${bucket}/${key}`),
  )
  for (const uri of uris) {
    const [Bucket, ...rest] = uri.split('/')
    const key = rest.join('/')
    const Key = /\.[a-z]+$/.test(key) ? key : `${key.replace(/\/$/, '')}/data.csv`.replace(/^\//, '')
    await clients.s3.send(new PutObjectCommand({ Bucket, Key, Body: '1,2\n' }))
  }
}

interface Golden {
  readonly file: string
  readonly parameters?: Readonly<Record<string, string>>
  readonly status: string
  readonly steps: Readonly<Record<string, string>>
}

const folds = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`TrainFold${i}`, 'Succeeded']))
const kFold = { SplitKFold: 'Succeeded', ...folds, AggregateFolds: 'Succeeded', TrainFinal: 'Succeeded' }

const goldens: readonly Golden[] = [
  { file: 'a-kfold5-metrics', status: 'Succeeded', steps: kFold },
  { file: 'a-kfold5-artifacts', status: 'Succeeded', steps: kFold },
  // Input mode Pipe is not run locally, and the step says so.
  { file: 'c02_training', status: 'Failed', steps: { Generic: 'Failed' } },
  { file: 'c09_condition', status: 'Succeeded', steps: { Eval: 'Succeeded', Outer: 'Succeeded', After: 'Succeeded' } },
  { file: 'c23_parameters_functions', parameters: { S: 's', I: '1', B: 'true' }, status: 'Failed', steps: {} },
  { file: 'c25_custom_job_prefix_no_experiment', status: 'Succeeded', steps: { P: 'Succeeded', T: 'Succeeded' } },
]

it.each(goldens)(
  'runs $file of the Python SDK as it is',
  { timeout: 120_000 },
  async ({ file, parameters = {}, status, steps }) => {
    const PipelineDefinition = await readFile(`test/fixtures/goldens/v2/${file}.json`, 'utf8')
    await putInputs(PipelineDefinition)
    const PipelineName = file.replaceAll('_', '-')
    const RoleArn = 'arn:aws:iam::111122223333:role/SageMakerRole'
    await clients.sagemaker.send(
      new CreatePipelineCommand({ PipelineName, PipelineDefinition, RoleArn, ClientRequestToken: undefined }),
    )
    const PipelineParameters = Object.entries(parameters).map(([Name, Value]) => ({ Name, Value }))
    const { PipelineExecutionArn } = await clients.sagemaker.send(
      new StartPipelineExecutionCommand({ PipelineName, PipelineParameters, ClientRequestToken: undefined }),
    )
    const describe = async () =>
      (await clients.sagemaker.send(new DescribePipelineExecutionCommand({ PipelineExecutionArn })))
        .PipelineExecutionStatus
    await expect.poll(describe, { timeout: 100_000, interval: 100 }).not.toBe('Executing')
    const { PipelineExecutionSteps } = await clients.sagemaker.send(
      new ListPipelineExecutionStepsCommand({ PipelineExecutionArn, MaxResults: 100 }),
    )
    const seen = Object.fromEntries(PipelineExecutionSteps!.map(step => [step.StepName, step.StepStatus]))
    const why = PipelineExecutionSteps!
      .map(step => `${step.StepName}: ${step.FailureReason ?? step.StepStatus}`)
      .join('\n')
    expect(seen, why).toMatchObject(steps)
    expect(await describe(), why).toBe(status)
  },
)
