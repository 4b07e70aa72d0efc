import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type LocalSageMaker, startLocalSageMaker } from '../../local/index.ts'
import { findPythonClients } from './python-clients.ts'

const clients = findPythonClients()
let dir: string
let local: LocalSageMaker

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'foldwise-conformance-'))
  local = await startLocalSageMaker({ stateDir: join(dir, 'state') })
})
afterAll(async () => {
  await local.close()
  await rm(dir, { recursive: true, force: true })
})

it('upserts, starts, waits for, lists, stops and deletes pipelines of the SageMaker Python SDK', {
  timeout: 180_000,
}, async ({ skip }) => {
  const reason = await clients.missing('sagemaker.workflow.pipeline')
  skip(reason !== undefined, reason)
  expect(await clients.python('sagemaker_sdk.py', local.endpoint, 'examples/iris/iris.csv')).toEqual({
    bucket: 'sdk-bucket',
    created: 'arn:aws:sagemaker:us-east-1:000000000000:pipeline/SdkPipeline',
    updated: 'arn:aws:sagemaker:us-east-1:000000000000:pipeline/SdkPipeline',
    description: 'again',
    status: 'Succeeded',
    steps: { Split: 'Succeeded', Gate: 'Succeeded', Train: 'Succeeded' },
    hyperparameters: expect.objectContaining({ kernel: 'rbf', label: 'species' }),
    metrics: ['validation:accuracy'],
    parameters: expect.arrayContaining([{ Name: 'Kernel', Value: 'rbf' }]),
    waitFails: 'WaiterError',
    failedSteps: { TooFew: expect.stringContaining('fewer records than 151') },
    stopped: ['Stopped', 'Stopped'],
    large: true,
    executions: 2,
    deleted: 'ResourceNotFound',
  })
})
