import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fail, get, joined, type LocalEngine, openLocalEngine, processing } from '../../support/local-engine.ts'
import { TestClock } from '../../support/test-clock.ts'

let local: LocalEngine
let clock: TestClock
beforeEach(async () => {
  clock = new TestClock()
  local = await openLocalEngine({
    clock,
    functions: {
      double: event => ({
        twice: Number(event['n']) * 2,
        label: `n is ${String(event['n'])}`,
        extra: 'dropped',
        nested: { a: [1] },
        yes: 'True',
      }),
      throws: () => {
        throw new Error('no such table')
      },
      never: () => new Promise(() => {}),
    },
  })
  local.program('ok', '')
})
afterEach(() => local.close())

const arn = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`
const lambda = (name: string, outputs: readonly (readonly [string, string])[] = [], more: object = {}): object => ({
  Name: 'Call',
  Type: 'Lambda',
  Arguments: { n: 21 },
  FunctionArn: arn(name),
  OutputParameters: outputs.map(([OutputName, OutputType]) => ({ OutputName, OutputType })),
  ...more,
})

test('3.9.4: a Lambda step calls a function with its arguments and gives the declared outputs, typed', async () => {
  const { steps } = await local.run([
    lambda('double:1', [
      ['twice', 'Integer'],
      ['label', 'String'],
      ['nested', 'String'],
      ['yes', 'Boolean'],
    ]),
    {
      Name: 'Gate',
      Type: 'Condition',
      Arguments: {
        Conditions: [
          { Type: 'Equals', LeftValue: get("Steps.Call.OutputParameters['twice']"), RightValue: 42 },
          { Type: 'Equals', LeftValue: get("Steps.Call.OutputParameters['yes']"), RightValue: true },
        ],
        IfSteps: [
          fail(
            'Say',
            joined(get("Steps.Call.OutputParameters['label']"), ' ', get("Steps.Call.OutputParameters['nested']")),
          ),
        ],
        ElseSteps: [],
      },
    },
  ])
  expect(steps['Call']?.['Metadata']).toEqual({
    Lambda: {
      Arn: arn('double:1'),
      OutputParameters: [
        { Name: 'twice', Value: '42' },
        { Name: 'label', Value: 'n is 21' },
        { Name: 'nested', Value: '{"a":[1]}' },
        { Name: 'yes', Value: 'true' },
      ],
    },
  })
  expect(steps['Say']?.['FailureReason']).toBe('n is 21 {"a":[1]}')
})

test.each<[string, object, RegExp]>([
  ['an unknown function', lambda('nobody'), /is not known on this machine.*option "functions"/],
  ['a function that throws', lambda('throws'), /Lambda invocation failed: no such table/],
  ['an output that is missing', lambda('double', [['none', 'String']]), /The output parameter none was not returned/],
  ['an output of another type', lambda('double', [['label', 'Integer']]), /"n is 21", which is not of type Integer/],
])('3.9.4: %s fails the step', async (_title, step, pattern) => {
  const { steps } = await local.run([step])
  expect(steps['Call']).toMatchObject({ StepStatus: 'Failed', FailureReason: expect.stringMatching(pattern) })
})

test('3.9.4: a function that does not answer within 120 seconds fails the step', async () => {
  const started = await local.start([lambda('never')])
  while (clock.waiting().length === 0) await new Promise(resolve => setTimeout(resolve, 5))
  clock.advance(120_001)
  await local.ended(started)
  expect((await local.steps(started))['Call']).toMatchObject({
    StepStatus: 'Failed',
    FailureReason: expect.stringContaining('did not answer within 120 seconds'),
  })
})

test('a function may be a URL', async () => {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => (body += String(chunk)))
    request.on('end', () => response.end(JSON.stringify({ echo: JSON.parse(body).n })))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const other = await openLocalEngine({
    functions: { remote: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` },
  })
  try {
    const { steps } = await other.run([lambda('remote', [['echo', 'Integer']])])
    expect(steps['Call']?.['Metadata'].Lambda.OutputParameters).toEqual([{ Name: 'echo', Value: '21' }])
  } finally {
    await other.close()
    server.close()
  }
})

const callback = (more: object = {}): object => ({
  Name: 'Ask',
  Type: 'Callback',
  Arguments: { number: 5, who: get('Execution.PipelineName') },
  SqsQueueUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/questions',
  OutputParameters: [{ OutputName: 'answer', OutputType: 'String' }],
  ...more,
})

async function token(execution: string): Promise<string> {
  for (;;) {
    const found = (await local.steps(execution))['Ask']?.['Metadata']?.Callback?.CallbackToken
    if (found !== undefined) return found
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

function messages(): Record<string, unknown>[] {
  const queues = join(local.folder, 'queues')
  return readdirSync(queues).flatMap(queue =>
    readdirSync(join(queues, queue))
      .filter(file => file.endsWith('.json'))
      .sort()
      .map(file => JSON.parse(readFileSync(join(queues, queue, file), 'utf8'))),
  )
}

test('3.9.5: a Callback step puts its message on the queue and waits for its token; argument types are kept', async () => {
  const execution = await local.start([callback(), fail('Say', get("Steps.Ask.OutputParameters['answer']"))], {
    name: 'Asking',
  })
  const given = await token(execution)
  expect(given).toMatch(/^[A-Za-z0-9]{10}$/)
  expect(messages()).toEqual([
    { token: given, pipelineExecutionArn: execution, arguments: { number: 5, who: 'Asking' }, status: 'Executing' },
  ])
  const answered = await local.call('SendPipelineExecutionStepSuccess', {
    CallbackToken: given,
    OutputParameters: [{ Name: 'answer', Value: 'yes' }],
  })
  expect(answered).toEqual({ PipelineExecutionArn: execution })
  await local.ended(execution)
  expect((await local.steps(execution))['Say']?.['FailureReason']).toBe('yes')
  await expect(local.call('SendPipelineExecutionStepSuccess', { CallbackToken: given })).rejects.toMatchObject({
    code: 'ResourceNotFound',
  })
})

test('3.9.5: a failure sent for the token fails the step with its reason', async () => {
  const execution = await local.start([callback()])
  await local.call('SendPipelineExecutionStepFailure', {
    CallbackToken: await token(execution),
    FailureReason: 'nobody home',
  })
  await local.ended(execution)
  expect((await local.steps(execution))['Ask']).toMatchObject({ StepStatus: 'Failed', FailureReason: 'nobody home' })
})

test('3.6.7: stopping sends a second message, and the execution stays Stopping until the token is answered', async () => {
  const execution = await local.start([callback()])
  const given = await token(execution)
  await local.call('StopPipelineExecution', { PipelineExecutionArn: execution })
  while (messages().length < 2) await new Promise(resolve => setTimeout(resolve, 5))
  expect(messages().map(message => message['status'])).toEqual(['Executing', 'Stopping'])
  expect(
    (await local.call('DescribePipelineExecution', { PipelineExecutionArn: execution }))['PipelineExecutionStatus'],
  ).toBe('Stopping')
  await local.call('SendPipelineExecutionStepSuccess', {
    CallbackToken: given,
    OutputParameters: [{ Name: 'answer', Value: 'late' }],
  })
  expect((await local.ended(execution))['PipelineExecutionStatus']).toBe('Stopped')
})

test('a Model step makes a model that can be described and that later steps can name', async () => {
  const { steps } = await local.run([
    {
      Name: 'Create_Model',
      Type: 'Model',
      Arguments: {
        PrimaryContainer: { Image: 'test-node:1', ModelDataUrl: 's3://b/m.tar.gz', Environment: { A: '1' } },
      },
    },
    fail('Say', get('Steps.Create_Model.ModelName')),
  ])
  const name = steps['Say']?.['FailureReason']
  expect(name).toMatch(/^pipelines-[a-z0-9]{12}-Create-Model-[A-Za-z0-9]{10}$/)
  expect(await local.call('DescribeModel', { ModelName: name })).toMatchObject({
    ModelName: name,
    PrimaryContainer: { Image: 'test-node:1', Environment: { A: '1' } },
  })
  expect((await local.call('ListModels', {}))['Models']).toHaveLength(1)
  const bad = await local.run([{ Name: 'M', Type: 'Model', Arguments: {} }])
  expect(bad.steps['M']?.['FailureReason']).toContain('exactly one of PrimaryContainer and Containers')
})

test('3.6.7: a stop ends a running processing job', async () => {
  local.program('wait', 'setInterval(() => {}, 1000)')
  const execution = await local.start([processing('Job', 'wait')])
  while ((await local.steps(execution))['Job']?.['StepStatus'] !== 'Executing')
    await new Promise(resolve => setTimeout(resolve, 5))
  await local.call('StopPipelineExecution', { PipelineExecutionArn: execution })
  expect((await local.ended(execution))['PipelineExecutionStatus']).toBe('Stopped')
})
