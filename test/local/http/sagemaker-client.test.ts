import {
  ConflictException,
  CreatePipelineCommand,
  DescribePipelineExecutionCommand,
  DescribeTrainingJobCommand,
  ListPipelinesCommand,
  paginateListPipelines,
  ResourceNotFound,
  type SageMakerClient,
  SageMakerServiceException,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-sagemaker'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CallContext, OperationTable } from '../../../local/contract.ts'
import { ServiceError } from '../../../local/service-error.ts'
import { type Served, serve } from './serve.ts'

const created = new Date('2026-11-20T10:11:12.345Z')
const arn = 'arn:aws:sagemaker:eu-central-1:000000000000:pipeline/Iris'
const names = Array.from({ length: 7 }, (_, i) => `Pipeline${i}`)

let seen: { input: unknown; context: CallContext } | undefined

/** A tiny engine: what each operation says is what a test needs. */
const operations: OperationTable = {
  async CreatePipeline(input: { PipelineName: string }, context: CallContext) {
    seen = { input, context }
    if (input.PipelineName === 'Taken') throw new ServiceError('ConflictException', 'Pipeline Taken already exists')
    return { PipelineArn: arn }
  },
  async ListPipelines(input: { NextToken?: string; MaxResults?: number }, context: CallContext) {
    seen = { input, context }
    const from = Number(input.NextToken ?? 0)
    const to = from + (input.MaxResults ?? 100)
    const page = names.slice(from, to).map(PipelineName => ({ PipelineName, CreationTime: created }))
    return { PipelineSummaries: page, NextToken: to < names.length ? String(to) : undefined }
  },
  async StartPipelineExecution(input: unknown, context: CallContext) {
    seen = { input, context }
    return { PipelineExecutionArn: `${arn}/execution/abc` }
  },
  async DescribePipelineExecution() {
    throw new ServiceError('ResourceNotFound', 'Pipeline execution does not exist')
  },
  async DescribeTrainingJob(input: { TrainingJobName: string }) {
    const wrong = { nan: Number.NaN, text: 'x', date: new Date(Number.NaN) }[input.TrainingJobName]
    const metric = { MetricName: 'm', Value: wrong ?? Math.fround(0.98), Timestamp: created }
    return {
      TrainingJobName: input.TrainingJobName,
      HyperParameters: { __proto__: null, C: '1' },
      FinalMetricDataList: [metric],
    }
  },
}

let served: Served
let client: SageMakerClient

beforeAll(async () => {
  served = await serve(operations)
  client = served.sagemaker()
})
afterAll(() => served.close())
afterEach(() => {
  seen = undefined
  served.logged.length = 0
})

const pipeline = { PipelineName: 'Iris', RoleArn: 'arn:aws:iam::000000000000:role/foldwise', PipelineDefinition: '{}' }

describe('requests and answers', () => {
  it('gives an operation its members and the region of the credential scope', async () => {
    const { PipelineArn, $metadata } = await client.send(
      new CreatePipelineCommand({ ...pipeline, Tags: [{ Key: 'a', Value: 'ä𝒳' }] }),
    )
    expect(PipelineArn).toBe(arn)
    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(seen).toMatchObject({
      input: { ...pipeline, Tags: [{ Key: 'a', Value: 'ä𝒳' }] },
      context: { region: 'eu-central-1' },
    })
  })

  it('carries times as Date in both directions, to the millisecond', async () => {
    const { PipelineSummaries } = await client.send(new ListPipelinesCommand({ CreatedAfter: created }))
    expect(seen?.input).toEqual({ CreatedAfter: created })
    expect(PipelineSummaries![0]!.CreationTime).toEqual(created)
  })

  it('carries float32 metrics exactly', async () => {
    const { FinalMetricDataList, HyperParameters } = await client.send(
      new DescribeTrainingJobCommand({ TrainingJobName: 'job' }),
    )
    expect(FinalMetricDataList).toEqual([{ MetricName: 'm', Value: Math.fround(0.98), Timestamp: created }])
    expect(HyperParameters).toEqual({ C: '1' })
  })

  it('pages with the client’s paginator', async () => {
    const seenNames: string[] = []
    for await (const page of paginateListPipelines({ client, pageSize: 3 }, {})) {
      seenNames.push(...page.PipelineSummaries!.map(({ PipelineName }) => PipelineName!))
    }
    expect(seenNames).toEqual(names)
  })

  it('takes a definition of 1 MiB', async () => {
    const PipelineDefinition = `{"x":"${'"\\'.repeat(300_000)}"}`.slice(0, 1_048_576)
    await client.send(new CreatePipelineCommand({ ...pipeline, PipelineDefinition }))
    expect(seen?.input).toMatchObject({ PipelineDefinition })
  })
})

describe('refusals', () => {
  it('gives the client the exception classes of the model', async () => {
    const describe = client.send(
      new DescribePipelineExecutionCommand({ PipelineExecutionArn: `${arn}/execution/abcdefghijkl` }),
    )
    await expect(describe).rejects.toBeInstanceOf(ResourceNotFound)
    await expect(describe).rejects.toMatchObject({
      message: 'Pipeline execution does not exist',
      $metadata: { httpStatusCode: 400 },
    })
    const create = client.send(new CreatePipelineCommand({ ...pipeline, PipelineName: 'Taken' }))
    await expect(create).rejects.toBeInstanceOf(ConflictException)
  })

  it('refuses what the service model refuses, in the service’s words', async () => {
    const bad = client.send(new CreatePipelineCommand({ ...pipeline, PipelineName: 'no spaces', RoleArn: 'short' }))
    await expect(bad).rejects.toBeInstanceOf(SageMakerServiceException)
    await expect(bad).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(
        /^2 validation errors detected: .*'no spaces' at 'pipelineName' failed to satisfy constraint/,
      ),
    })
    expect(seen).toBeUndefined()
  })

  it('names a missing member', async () => {
    const bad = client.send(new StartPipelineExecutionCommand({ PipelineName: undefined }))
    await expect(bad).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining("'pipelineName'"),
    })
  })

  it('answers an operation that it does not have with UnknownOperationException', async () => {
    const { DeleteAppCommand } = await import('@aws-sdk/client-sagemaker')
    const bad = client.send(new DeleteAppCommand({ DomainId: 'd-1', AppType: 'JupyterServer', AppName: 'x' }))
    await expect(bad).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining('DeleteApp'),
    })
  })

  it.each(['nan', 'text', 'date'])(
    'answers a defect of its own (%s) with 500 and logs the stack',
    async TrainingJobName => {
      const bad = client.send(new DescribeTrainingJobCommand({ TrainingJobName }))
      if (TrainingJobName === 'date')
        return await expect(bad).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } })
      await expect(bad).rejects.toMatchObject({ name: 'InternalFailure', $metadata: { httpStatusCode: 500 } })
      expect(served.logged).toEqual([
        expect.stringMatching(/^SageMaker\.DescribeTrainingJob: Error: .*FinalMetricDataList\[0\]\.Value[\s\S]* at /),
      ])
    },
  )
})
