import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import {
  CreatePipelineCommand,
  DescribePipelineExecutionCommand,
  ListPipelineExecutionStepsCommand,
  SendPipelineExecutionStepSuccessCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-sagemaker'
import { type Clients, createClients } from 'foldwise/service'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type LocalSageMaker, startLocalSageMaker } from '../../../local/index.ts'
import { repositoryStartsWith } from '../../../local/runtimes/images.ts'
import { bucket, fail, get, role } from '../../support/local-engine.ts'
import { matrix, type MatrixEntry, matrixObjects, writePrograms } from './matrix.ts'

let dir: string
let local: LocalSageMaker
let clients: Clients
let variables: { readonly SPARK_HOME: string }

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'foldwise-matrix-'))
  variables = await writePrograms(dir)
  const programs = { root: '/programs', folder: dir }
  const image = (name: string, program: string) => ({
    matches: repositoryStartsWith(name),
    runtime: 'node',
    entrypoint: ['node', `/programs/${program}.mjs`],
    programs,
  })
  local = await startLocalSageMaker({
    stateDir: join(dir, 'state'),
    images: [image('test-node', 'train'), image('test-server', 'serve')],
    functions: { double: event => ({ doubled: 2 * Number(event['number']) }) },
  })
  clients = await createClients({ local: local.endpoint })
  for (const [key, Body] of Object.entries(matrixObjects))
    await clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: `matrix/${key}`, Body }))
})
beforeEach(() => {
  vi.stubEnv('SPARK_HOME', variables.SPARK_HOME)
})
afterEach(() => vi.unstubAllEnvs())
afterAll(async () => {
  clients.close()
  await local.close()
  await rm(dir, { recursive: true, force: true })
})

/** Runs a pipeline as a user of the SDK would; a Callback step is answered. */
async function run(name: string, steps: readonly object[]) {
  const PipelineDefinition = JSON.stringify({ Version: '2020-12-01', Steps: steps })
  await clients.sagemaker.send(
    new CreatePipelineCommand({ PipelineName: name, PipelineDefinition, RoleArn: role, ClientRequestToken: undefined }),
  )
  const { PipelineExecutionArn } = await clients.sagemaker.send(
    new StartPipelineExecutionCommand({ PipelineName: name, ClientRequestToken: undefined }),
  )
  const answered = new Set<string>()
  for (;;) {
    const { PipelineExecutionSteps = [] } = await clients.sagemaker.send(
      new ListPipelineExecutionStepsCommand({ PipelineExecutionArn, MaxResults: 100 }),
    )
    for (const { Metadata, StepStatus } of PipelineExecutionSteps) {
      const token = Metadata?.Callback?.CallbackToken
      if (token === undefined || StepStatus !== 'Executing' || answered.has(token)) continue
      answered.add(token)
      const OutputParameters = [{ Name: 'answer', Value: 'so' }]
      await clients.sagemaker.send(
        new SendPipelineExecutionStepSuccessCommand({ CallbackToken: token, OutputParameters }),
      )
    }
    const execution = await clients.sagemaker.send(new DescribePipelineExecutionCommand({ PipelineExecutionArn }))
    if (!['Executing', 'Stopping'].includes(execution.PipelineExecutionStatus ?? '')) {
      const last = await clients.sagemaker.send(
        new ListPipelineExecutionStepsCommand({ PipelineExecutionArn, MaxResults: 100 }),
      )
      return { execution, steps: new Map((last.PipelineExecutionSteps ?? []).map(step => [step.StepName, step])) }
    }
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

const like = {
  text: (pattern: RegExp) => (pattern.source === '.' ? expect.anything() : expect.stringMatching(pattern)),
}

test.each(Object.entries<MatrixEntry>(matrix(like)))(
  'the step type %s runs through the real client, and its row names what it made',
  { timeout: 60_000 },
  async (type, { step, steps, metadata, status = 'Succeeded', gives }) => {
    const { execution, steps: rows } = await run(`Matrix-${type}`, steps)
    const why = JSON.stringify([...rows.values()])
    expect(execution, why).toMatchObject({
      PipelineArn: `arn:aws:sagemaker:us-east-1:000000000000:pipeline/Matrix-${type}`,
      PipelineExecutionStatus: status,
      PipelineExecutionDisplayName: expect.stringMatching(/^execution-\d+$/),
      CreationTime: expect.any(Date),
    })
    expect(rows.get(step), why).toMatchObject({
      StepStatus: status,
      StartTime: expect.any(Date),
      EndTime: expect.any(Date),
      AttemptCount: 1,
    })
    expect(rows.get(step)?.Metadata).toEqual(metadata)
    if (gives === undefined) return
    const [path, value] = gives
    const reading = await run(`Matrix-${type}-reads`, [...steps, fail('Read', get(`Steps.${step}.${path}`))])
    expect(reading.steps.get('Read')?.FailureReason, JSON.stringify([...reading.steps.values()])).toBe(value)
  },
)
