import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { definitionHash } from '../../../pipeline/definition/index.ts'
import { type Clients, createClients, upsertPipeline } from '../../../pipeline/service/index.ts'
import { type AwsStub, startAwsStub } from '../../support/aws-stub.ts'

const arn = 'arn:aws:sagemaker:us-east-1:123456789012:pipeline/Iris'
const roleArn = 'arn:aws:iam::123456789012:role/PipelineRole'
const definition = JSON.stringify({ Version: '2020-12-01', Steps: [] })
/** What Foldwise leaves at a pipeline whose definition it put. */
const recordOf = (text: string) => ({ Key: 'foldwise:definition', Value: definitionHash(JSON.parse(text)) })
const absent = () => ({ refuse: 'ResourceNotFound', message: 'Pipeline not found' })

let stub: AwsStub | undefined
let clients: Clients | undefined

async function connect(operations: Parameters<typeof startAwsStub>[0]): Promise<{ stub: AwsStub; clients: Clients }> {
  stub = await startAwsStub({
    ListTags: () => ({ Tags: [recordOf(definition)] }),
    AddTags: () => ({ Tags: [] }),
    ...operations,
  })
  clients = await createClients({ local: stub.endpoint })
  return { stub, clients }
}

afterEach(async () => {
  clients?.close()
  await stub?.close()
  clients = undefined
  stub = undefined
})

const operationsOf = ({ calls }: AwsStub): string[] => calls.map(({ operation }) => operation)

describe('upsertPipeline', () => {
  it('creates a pipeline that does not exist, with role, tags, description, display name and parallelism', async () => {
    const { stub, clients } = await connect({ DescribePipeline: absent, CreatePipeline: () => ({ PipelineArn: arn }) })
    const result = await upsertPipeline(clients, {
      name: 'Iris',
      definition,
      roleArn,
      description: 'five folds',
      displayName: 'Iris-CV',
      tags: [{ Key: 'team', Value: 'flowers' }],
      maxParallelSteps: 3,
    })
    expect(result).toEqual({ action: 'created', arn, changes: [] })
    expect(stub.calls[1]?.input).toEqual({
      PipelineName: 'Iris',
      PipelineDefinition: definition,
      RoleArn: roleArn,
      PipelineDescription: 'five folds',
      PipelineDisplayName: 'Iris-CV',
      Tags: [{ Key: 'team', Value: 'flowers' }],
      ParallelismConfiguration: { MaxParallelExecutionSteps: 3 },
      ClientRequestToken: expect.stringMatching(/^.{32,128}$/),
    })
    expect(operationsOf(stub)).toEqual(['DescribePipeline', 'CreatePipeline', 'AddTags'])
    expect(stub.calls[2]?.input).toEqual({ ResourceArn: arn, Tags: [recordOf(definition)] })
  })

  it('gets a pipeline made for somebody who may not tag, and says what that costs', async () => {
    const { clients } = await connect({
      DescribePipeline: absent,
      CreatePipeline: () => ({ PipelineArn: arn }),
      AddTags: () => ({ refuse: 'AccessDeniedException', message: 'not authorized to perform: sagemaker:AddTags' }),
    })
    const result = await upsertPipeline(clients, { name: 'Iris', definition, roleArn })
    expect(result).toMatchObject({ action: 'created', unrecorded: expect.stringMatching(/AddTags is not allowed/) })
  })

  it.each([
    [
      'ValidationException',
      'Pipeline names must be unique within an AWS account and region. Pipeline with name (Iris) already exists.',
    ],
    ['ConflictException', 'A pipeline of that name is being created.'],
  ])('overwrites nothing when somebody else creates the pipeline meanwhile (%s)', async (refuse, message) => {
    const { stub, clients } = await connect({ DescribePipeline: absent, CreatePipeline: () => ({ refuse, message }) })
    await expect(upsertPipeline(clients, { name: 'Iris', definition, roleArn })).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/somebody created it while .* nothing was overwritten — repeat the upsert/s),
    })
    expect(operationsOf(stub)).toEqual(['DescribePipeline', 'CreatePipeline'])
  })

  it('sends nothing when nothing changed, also when the deployed text has another order of keys', async () => {
    const { stub, clients } = await connect({
      DescribePipeline: () => ({
        PipelineArn: arn,
        PipelineDefinition: '{ "Steps": [], "Version": "2020-12-01" }',
        PipelineDescription: 'five folds',
        RoleArn: roleArn,
        ParallelismConfiguration: { MaxParallelExecutionSteps: 3 },
      }),
      ListTags: () => ({
        Tags: [{ Key: 'team', Value: 'flowers' }, { Key: 'other', Value: 'kept' }, recordOf(definition)],
      }),
    })
    const result = await upsertPipeline(clients, {
      name: 'Iris',
      definition,
      roleArn,
      description: 'five folds',
      tags: [{ Key: 'team', Value: 'flowers' }],
      maxParallelSteps: 3,
    })
    expect(result).toEqual({ action: 'unchanged', arn, changes: [] })
    expect(operationsOf(stub)).toEqual(['DescribePipeline', 'ListTags'])
  })

  it.each([
    ['definition', { definition: '{"Version":"2020-12-01","Steps":[{}]}' }, 'PipelineDefinition'],
    ['description', { description: 'ten folds' }, 'PipelineDescription'],
    ['displayName', { displayName: 'New' }, 'PipelineDisplayName'],
    ['roleArn', { roleArn: 'arn:aws:iam::123456789012:role/Other' }, 'RoleArn'],
    ['maxParallelSteps', { maxParallelSteps: 7 }, 'ParallelismConfiguration'],
  ])('updates when only the %s differs, and says so', async (name, wish, member) => {
    const { stub, clients } = await connect({
      DescribePipeline: () => ({ PipelineArn: arn, PipelineDefinition: definition, RoleArn: roleArn }),
      UpdatePipeline: () => ({ PipelineArn: arn, PipelineVersionId: 4 }),
    })
    const result = await upsertPipeline(clients, { name: 'Iris', definition, ...wish })
    expect(result).toEqual({ action: 'updated', arn, changes: [name], versionId: 4 })
    const update = stub.calls.find(({ operation }) => operation === 'UpdatePipeline')
    expect(Object.keys(update?.input ?? {})).toContain(member)
    expect('PipelineDefinition' in (update?.input ?? {})).toBe(name === 'definition')
    expect(operationsOf(stub).includes('AddTags')).toBe(name === 'definition')
  })

  it('adds tags that are missing or differ with AddTags alone, since UpdatePipeline takes none', async () => {
    const { stub, clients } = await connect({
      DescribePipeline: () => ({ PipelineArn: arn, PipelineDefinition: definition }),
      ListTags: () => ({
        Tags: [{ Key: 'a', Value: '1' }, { Key: 'b', Value: 'old' }, recordOf(definition)],
      }),
      AddTags: () => ({ Tags: [] }),
    })
    const tags = [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
      { Key: 'c', Value: '3' },
    ]
    const result = await upsertPipeline(clients, { name: 'Iris', definition, tags })
    expect(result).toEqual({ action: 'updated', arn, changes: ['tags'] })
    expect(operationsOf(stub)).toEqual(['DescribePipeline', 'ListTags', 'AddTags'])
    expect(stub.calls[2]?.input).toEqual({ ResourceArn: arn, Tags: tags.slice(1) })
  })

  it.each([
    [100 * 1024 - 1, 'inline'],
    [100 * 1024, 'S3'],
  ])('sends a definition of %i bytes by %s', async (bytes, way) => {
    const frame = JSON.stringify({ Version: '2020-12-01', Steps: [], Metadata: { pad: '' } })
    const large = frame.replace('""', `"${'x'.repeat(bytes - frame.length)}"`)
    expect(Buffer.byteLength(large)).toBe(bytes)
    const { stub, clients } = await connect({ DescribePipeline: absent, CreatePipeline: () => ({ PipelineArn: arn }) })
    await upsertPipeline(clients, { name: 'Iris', definition: large, roleArn })
    const { input } = stub.calls[1] as AwsStub['calls'][number]
    if (way === 'inline') {
      expect(input['PipelineDefinition']).toBe(large)
      expect(stub.objects.size).toBe(0)
      return
    }
    const digest = createHash('sha256').update(large).digest('hex')
    const key = `foldwise/definitions/Iris/${digest}.json`
    expect(input['PipelineDefinitionS3Location']).toEqual({
      Bucket: 'sagemaker-us-east-1-123456789012',
      ObjectKey: key,
    })
    expect(input).not.toHaveProperty('PipelineDefinition')
    expect(stub.objects.get(`/sagemaker-us-east-1-123456789012/${key}`)?.toString()).toBe(large)
  })

  it('asks for a role when the pipeline must be created, and creates nothing', async () => {
    const { stub, clients } = await connect({ DescribePipeline: absent })
    await expect(upsertPipeline(clients, { name: 'Iris', definition })).rejects.toMatchObject({
      name: 'UserError',
      exitCode: 2,
      message: expect.stringContaining('--role-arn'),
    })
    expect(operationsOf(stub)).toEqual(['DescribePipeline'])
  })

  it('refuses a definition that is longer than the service takes, before any call', async () => {
    const { stub, clients } = await connect({})
    const long = `{"Version":"2020-12-01","Steps":[],"Metadata":"${'x'.repeat(1_048_576)}"}`
    await expect(upsertPipeline(clients, { name: 'Iris', definition: long, roleArn })).rejects.toThrow(/1048576/)
    expect(stub.calls).toEqual([])
  })
})
