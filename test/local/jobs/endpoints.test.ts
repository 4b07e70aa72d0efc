import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer } from '../../../local/http/server.ts'
import { createFolderStore } from '../../../local/storage/folder-store.ts'
import { repositoryStartsWith } from '../../../local/runtimes/images.ts'
import { bucket, get, type LocalEngine, openLocalEngine, role, training } from '../../support/local-engine.ts'

let local: LocalEngine
let server: Awaited<ReturnType<typeof startServer>>
beforeAll(async () => {
  local = await openLocalEngine({})
  const programs = { root: '/programs', folder: `${local.folder}/programs` }
  local = await local.reopen({
    images: [
      {
        matches: repositoryStartsWith('test-server'),
        runtime: 'node',
        entrypoint: ['node', '/programs/serve.mjs'],
        programs,
      },
      { matches: repositoryStartsWith('test-node'), runtime: 'node', programs },
    ],
  })
  local.program(
    'train',
    `import { writeFileSync } from 'node:fs'; writeFileSync(process.env.SAGEMAKER_BASE_DIR + '/model/factor', '3')`,
  )
  local.program(
    'serve',
    `import { createServer } from 'node:http'; import { readFileSync } from 'node:fs'
    if (process.env.BROKEN) process.exit(5)
    const factor = Number(readFileSync(process.env.SAGEMAKER_BASE_DIR + '/model/factor')) * Number(process.env.TIMES ?? 1)
    createServer((request, response) => {
      if (request.url === '/ping') return response.end()
      let body = ''; request.on('data', chunk => { body += chunk }); request.on('end', () => {
        if (body === 'die') process.exit(1)
        if (body === 'bad') { response.statusCode = 422; return response.end('not a number') }
        response.setHeader('content-type', request.headers.accept ?? 'text/plain')
        const answer = () => response.end(String(body * factor) + ' ' + process.pid)
        if (body === '1000') setTimeout(answer, 1000); else answer() })
    }).listen(process.env.SAGEMAKER_BIND_TO_PORT, '127.0.0.1')`,
  )
  server = await startServer({
    store: await createFolderStore(`${local.folder}/s3`),
    operations: {},
    endpoints: local.engine.endpoints,
  })
})
afterAll(async () => {
  await server.close()
  await local.close()
})

const model = (name: string, environment: object = {}): object => ({
  Name: name,
  Type: 'Model',
  Arguments: {
    PrimaryContainer: {
      Image: 'test-server:1',
      ModelDataUrl: get('Steps.Train.ModelArtifacts.S3ModelArtifacts'),
      Environment: environment,
    },
  },
})
const config = (variants: readonly object[], name = 'Config'): object => ({
  Name: name,
  Type: 'EndpointConfig',
  Arguments: { ProductionVariants: variants },
})
const instances = { InstanceType: 'ml.m5.large', InitialInstanceCount: 1 }
const variant = (name: string, more: object = instances, of = 'Model'): object => ({
  VariantName: name,
  ModelName: get(`Steps.${of}.ModelName`),
  ...more,
})
const endpoint = (name: string): object => ({
  Name: 'Endpoint',
  Type: 'Endpoint',
  Arguments: { EndpointName: name, EndpointConfigName: get('Steps.Config.EndpointConfigName') },
})
const deploy = async (name: string, variants = [variant('A')], environment: object = {}) => {
  const done = await local.run([
    training('Train', 'train'),
    model('Model', environment),
    config(variants),
    endpoint(name),
  ])
  expect(done.execution['PipelineExecutionStatus'], JSON.stringify(done.steps)).toBe('Succeeded')
  return done
}
const invoke = async (name: string, body: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`http://127.0.0.1:${server.port}/endpoints/${name}/invocations`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/csv', ...headers },
  })
  const text = await response.text()
  return { status: response.status, text, type: response.headers.get('x-amzn-errortype'), headers: response.headers }
}
const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('5.6.2, 5.6.3: an endpoint answers InvokeEndpoint with its model container, which starts with the first request', async () => {
  const { steps } = await deploy('first')
  expect(steps['Endpoint']?.['Metadata']).toEqual({
    Endpoint: { Arn: 'arn:aws:sagemaker:us-east-1:000000000000:endpoint/first' },
  })
  const one = await invoke('first', '7', { accept: 'text/x-own' })
  const [value, pid] = one.text.split(' ')
  expect([one.status, value]).toEqual([200, '21'])
  expect(one.headers.get('content-type')).toBe('text/x-own')
  expect(one.headers.get('x-amzn-invoked-production-variant')).toBe('A')
  expect((await invoke('first', '1')).text).toBe(`3 ${pid}`)
  expect(await local.call('DescribeEndpoint', { EndpointName: 'first' })).toMatchObject({
    EndpointStatus: 'InService',
    ProductionVariants: [{ VariantName: 'A', CurrentWeight: 1, CurrentInstanceCount: 1 }],
  })
  expect((await local.call('ListEndpoints', { NameContains: 'first' }))['Endpoints']).toHaveLength(1)
  await local.call('DeleteEndpoint', { EndpointName: 'first' })
  expect(isRunning(Number(pid))).toBe(false)
  expect(await invoke('first', '7')).toMatchObject({ status: 400, type: 'ValidationError' })
  await expect(local.call('DescribeEndpoint', { EndpointName: 'first' })).rejects.toThrow('Could not find endpoint')
})

test('5.6.1: an Endpoint step updates an endpoint that exists, and the next request meets the new model', async () => {
  await deploy('again')
  const [, old] = (await invoke('again', '1')).text.split(' ')
  await deploy('again', [variant('A')], { TIMES: '10' })
  expect(isRunning(Number(old))).toBe(false)
  expect((await invoke('again', '1')).text).toMatch(/^30 /)
  expect((await local.call('ListEndpoints', { NameContains: 'again' }))['Endpoints']).toHaveLength(1)
  expect((await local.call('ListEndpointConfigs', {}))['EndpointConfigs'].length).toBeGreaterThanOrEqual(2)
})

test('5.6.3: a variant gets requests by its weight, and any by its name', async () => {
  await deploy('two', [variant('A', { ...instances, InitialVariantWeight: 0 }), variant('B', instances)])
  expect((await invoke('two', '1')).headers.get('x-amzn-invoked-production-variant')).toBe('B')
  const named = await invoke('two', '1', { 'x-amzn-sagemaker-target-variant': 'A' })
  expect(named.headers.get('x-amzn-invoked-production-variant')).toBe('A')
  expect(await invoke('two', '1', { 'x-amzn-sagemaker-target-variant': 'C' })).toMatchObject({ status: 400 })
})

test('5.6.4: a serverless variant throttles what exceeds its MaxConcurrency, and its memory is recorded', async () => {
  const ServerlessConfig = { MemorySizeInMB: 2048, MaxConcurrency: 1 }
  await deploy('serverless', [variant('A', { ServerlessConfig })])
  await invoke('serverless', '1')
  const answers = await Promise.all([invoke('serverless', '1000'), invoke('serverless', '1000')])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 429])
  expect(answers.find(({ status }) => status === 429)?.type).toBe('ThrottlingException')
  expect((await local.call('DescribeEndpoint', { EndpointName: 'serverless' }))['ProductionVariants'][0]).toMatchObject(
    {
      CurrentServerlessConfig: ServerlessConfig,
    },
  )
  const odd = await local.run([
    training('Train', 'train'),
    model('Model'),
    config([variant('A', { ServerlessConfig: { MemorySizeInMB: 1500, MaxConcurrency: 1 } })]),
  ])
  expect(odd.steps['Config']?.['FailureReason']).toContain('MemorySizeInMB 1500 is not one of')
})

test('5.6.3: a container that answers with a failure, dies or never starts is a ModelError, and a dead one starts again', async () => {
  await deploy('failing')
  const refused = await invoke('failing', 'bad')
  expect([refused.status, refused.type]).toEqual([424, 'ModelError'])
  expect(JSON.parse(refused.text)).toMatchObject({ OriginalStatusCode: 422, OriginalMessage: 'not a number' })
  expect(await invoke('failing', 'die')).toMatchObject({ status: 424 })
  expect((await invoke('failing', '2')).text).toMatch(/^6 /)
  await deploy('broken', [variant('A')], { BROKEN: '1' })
  const broken = await invoke('broken', '1')
  expect(broken.status).toBe(424)
  expect(broken.text).toContain('ended with exit code 5 before it answered GET /ping')
})

test('5.6.3, 5.6.6: an inference component answers on its endpoint with a container of its own', async () => {
  const component = {
    Name: 'Component',
    Type: 'InferenceComponent',
    Arguments: {
      InferenceComponentName: 'ten',
      EndpointName: get('Steps.Endpoint.EndpointName'),
      VariantName: 'A',
      Specification: {
        ModelName: get('Steps.Ten.ModelName'),
        ComputeResourceRequirements: { MinMemoryRequiredInMb: 1024, NumberOfCpuCoresRequired: 1 },
      },
      RuntimeConfig: { CopyCount: 1 },
    },
  }
  const { execution, steps } = await local.run([
    training('Train', 'train'),
    model('Ten', { TIMES: '10' }),
    config([{ VariantName: 'A', ...instances }]),
    endpoint('host'),
    component,
  ])
  expect(execution['PipelineExecutionStatus'], JSON.stringify(steps)).toBe('Succeeded')
  expect((await invoke('host', '2', { 'x-amzn-sagemaker-inference-component': 'ten' })).text).toMatch(/^60 /)
  expect((await invoke('host', '2')).text).toContain('name an inference component')
  expect(await local.call('DescribeInferenceComponent', { InferenceComponentName: 'ten' })).toMatchObject({
    EndpointName: 'host',
    InferenceComponentStatus: 'InService',
    RuntimeConfig: { DesiredCopyCount: 1 },
  })
  expect(
    (await local.call('ListInferenceComponents', { EndpointNameEquals: 'host' }))['InferenceComponents'],
  ).toHaveLength(1)
  await expect(local.call('DeleteEndpoint', { EndpointName: 'host' })).rejects.toThrow('inference component ten')
  await local.call('DeleteInferenceComponent', { InferenceComponentName: 'ten' })
  await local.call('DeleteEndpoint', { EndpointName: 'host' })
})

test('what does not exist is refused in the words of the service, and endpoints outlive the engine', async () => {
  const missing = await local.run([config([{ VariantName: 'A', ModelName: 'nobody', ...instances }])])
  expect(missing.steps['Config']?.['FailureReason']).toContain('Could not find model "nobody"')
  await deploy('kept')
  const [, pid] = (await invoke('kept', '1')).text.split(' ')
  const reopened = await local.reopen()
  expect(isRunning(Number(pid))).toBe(false)
  expect(await reopened.call('DescribeEndpoint', { EndpointName: 'kept' })).toMatchObject({
    EndpointStatus: 'InService',
  })
  const answer = await reopened.engine.endpoints.invoke({ endpoint: 'kept', body: Buffer.from('5') })
  expect(answer.body.toString()).toMatch(/^15 /)
  local = reopened
})

test('5.6.5: an endpoint is made of a registered model package by a client, once it is approved', async () => {
  await local.run([training('Train', 'train')], { name: 'Artifact' })
  const [artifact] = (await local.keys('models/Train/')).filter(key => key.endsWith('model.tar.gz'))
  await local.call('CreateModelPackageGroup', { ModelPackageGroupName: 'group' })
  const { ModelPackageArn } = await local.call('CreateModelPackage', {
    ModelPackageGroupName: 'group',
    ModelApprovalStatus: 'PendingManualApproval',
    InferenceSpecification: {
      Containers: [{ Image: 'test-server:1', ModelDataUrl: `s3://${bucket}/${artifact}` }],
      SupportedContentTypes: ['text/csv'],
      SupportedResponseMIMETypes: ['text/csv'],
    },
  })
  await local.call('CreateModel', {
    ModelName: 'packaged',
    ExecutionRoleArn: role,
    Containers: [{ ModelPackageName: ModelPackageArn }],
  })
  const create = () =>
    local.call('CreateEndpointConfig', {
      EndpointConfigName: 'packaged',
      ProductionVariants: [{ VariantName: 'A', ModelName: 'packaged', ...instances }],
    })
  await expect(create()).rejects.toThrow('must be Approved')
  await local.call('UpdateModelPackage', { ModelPackageArn, ModelApprovalStatus: 'Approved' })
  await create()
  await local.call('CreateEndpoint', { EndpointName: 'packaged', EndpointConfigName: 'packaged' })
  const answer = await local.engine.endpoints.invoke({ endpoint: 'packaged', body: Buffer.from('5') })
  expect(answer.body.toString()).toMatch(/^15 /)
  await local.call('DeleteModel', { ModelName: 'packaged' })
  await expect(local.call('DescribeModel', { ModelName: 'packaged' })).rejects.toThrow('not found')
})
