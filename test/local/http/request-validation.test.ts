import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOperations } from '../../../local/operations/index.ts'
import { serviceModel, type Shape, shapeOf } from '../../../schemas/service-model/service-model.ts'
import { type LocalEngine, openLocalEngine } from '../../support/local-engine.ts'
import { type Served, serve } from './serve.ts'

let local: LocalEngine
let served: Served
let names: readonly string[]
beforeAll(async () => {
  local = await openLocalEngine()
  const operations = createOperations(local.engine)
  names = Object.keys(operations)
  served = await serve(operations)
})
afterAll(async () => {
  expect(served.logged).toEqual([])
  await served.close()
  await local.close()
})

interface Answer {
  readonly status: number
  readonly type: string
  readonly message: string
}

async function call(operation: string, input: unknown): Promise<Answer> {
  const response = await fetch(served.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `SageMaker.${operation}` },
    body: typeof input === 'string' ? input : JSON.stringify(input),
  })
  const body = (await response.json()) as { __type?: string; message?: string }
  return { status: response.status, type: body['__type'] ?? '', message: body.message ?? '' }
}

const lower = (name: string): string => `${name.charAt(0).toLowerCase()}${name.slice(1)}`
const inputOf = (operation: string): Shape => shapeOf(serviceModel.operations[operation]?.input ?? '')

test('every operation that is answered is in the service model, so that its requests are checked', () => {
  expect(names.length).toBeGreaterThan(60)
  expect(names.filter(name => serviceModel.operations[name] === undefined)).toEqual([])
})

test('a missing member is told in the service’s words, by every operation that requires one', async () => {
  let told = 0
  for (const name of names) {
    const { required = [] } = inputOf(name)
    if (required.length === 0) continue
    const answer = await call(name, {})
    expect([name, answer.status, answer.type]).toEqual([name, 400, 'ValidationException'])
    expect(answer.message).toMatch(/^\d+ validation errors? detected: /)
    for (const member of required)
      expect(answer.message, name).toContain(
        `Value null at '${lower(member)}' failed to satisfy constraint: Member must not be null`,
      )
    told += required.length
  }
  expect(told).toBeGreaterThan(60)
})

/** A value that the shape does not take, and what the service says of it; undefined when any value fits. */
function wrongValue(shape: Shape): { value: unknown; constraint: string } | undefined {
  if (shape.enum !== undefined)
    return { value: 'Nonsense', constraint: `Member must satisfy enum value set: [${shape.enum.join(', ')}]` }
  const isNumber = shape.type === 'integer' || shape.type === 'long'
  if (isNumber && shape.min !== undefined)
    return { value: shape.min - 1, constraint: `Member must have value greater than or equal to ${shape.min}` }
  if (isNumber && shape.max !== undefined)
    return { value: shape.max + 1, constraint: `Member must have value less than or equal to ${shape.max}` }
  if (shape.type === 'string' && shape.max !== undefined && shape.max < 100_000)
    return {
      value: 'a'.repeat(shape.max + 1),
      constraint: `Member must have length less than or equal to ${shape.max}`,
    }
  if (shape.type === 'list' && shape.max !== undefined && shape.max < 1000)
    return {
      value: Array.from({ length: shape.max + 1 }, () => null),
      constraint: `Member must have length less than or equal to ${shape.max}`,
    }
  return undefined
}

test('enums, ranges and lengths of every member of every request are checked, and the place is named', async () => {
  let told = 0
  for (const name of names) {
    for (const [member, shapeName] of Object.entries(inputOf(name).members ?? {})) {
      const wrong = wrongValue(shapeOf(shapeName))
      if (wrong === undefined) continue
      const { status, type, message } = await call(name, { [member]: wrong.value })
      expect([name, member, status, type]).toEqual([name, member, 400, 'ValidationException'])
      expect(message).toContain(`at '${lower(member)}' failed to satisfy constraint: ${wrong.constraint}`)
      told++
    }
  }
  expect(told).toBeGreaterThan(200)
})

test('patterns are checked, nested members too', async () => {
  expect((await call('DescribePipeline', { PipelineName: '-bad name' })).message).toMatch(
    /^1 validation error detected: Value '-bad name' at 'pipelineName' failed to satisfy constraint: Member must satisfy regular expression pattern: /,
  )
  const nested = await call('StartPipelineExecution', {
    PipelineName: 'P',
    ClientRequestToken: 't'.repeat(32),
    PipelineParameters: [{ Name: 'A', Value: 'x' }, { Name: '', Value: 'x' }, { Value: 'x' }],
    ParallelismConfiguration: { MaxParallelExecutionSteps: 0 },
  })
  expect(nested.type).toBe('ValidationException')
  expect(nested.message).toContain(`at 'pipelineParameters.2.member.name' failed to satisfy constraint`)
  expect(nested.message).toContain(
    `Value null at 'pipelineParameters.3.member.name' failed to satisfy constraint: Member must not be null`,
  )
  expect(nested.message).toContain(
    `Value '0' at 'parallelismConfiguration.maxParallelExecutionSteps' failed to satisfy constraint: Member must have value greater than or equal to 1`,
  )
})

test.each<[string, string, string]>([
  ['an operation of SageMaker that is not answered here', 'CreateNotebookInstance', '{}'],
  ['a name that every object has', 'constructor', '{}'],
  ['nothing', '', '{}'],
])('%s is an unknown operation', async (_title, operation, body) => {
  expect(await call(operation, body)).toMatchObject({
    status: 400,
    type: 'UnknownOperationException',
    message: `The local SageMaker has no operation ${JSON.stringify(`SageMaker.${operation}`)}.`,
  })
})

test.each<[string, unknown, string]>([
  ['a list', '[]', 'SerializationException'],
  ['no JSON', '{"a":', 'SerializationException'],
  ['65 levels', `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, 'SerializationException'],
  ['100 000 levels', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'SerializationException'],
])('a body that is %s is refused before anything reads it', async (_title, body, type) => {
  expect(await call('CreatePipeline', body)).toMatchObject({ status: 400, type })
})
