// Responses are read member by member; typing each would repeat the service model.
/* oxlint-disable typescript/no-explicit-any */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bucket, fail, get, type LocalEngine, openLocalEngine, processing, role } from '../../support/local-engine.ts'

let local: LocalEngine
beforeAll(async () => {
  local = await openLocalEngine()
  local.program('ok', '')
})
afterAll(() => local.close())

const text = (steps: readonly object[] = [fail('End')], more: object = {}): string =>
  JSON.stringify({ Version: '2020-12-01', Steps: steps, ...more })
const create = (name: string, more: object = {}): Promise<Record<string, any>> =>
  local.call('CreatePipeline', { PipelineName: name, RoleArn: role, PipelineDefinition: text(), ...more })
const refusal = (work: Promise<unknown>): Promise<object> =>
  work.then(
    () => expect.unreachable('the request was not refused'),
    error => ({ code: error.code, message: error.message }),
  )

test('a pipeline is created as version 1, every update counts one on, and each version stays', async () => {
  const { PipelineArn } = await create('Versions', {
    PipelineDescription: 'first',
    Tags: [{ Key: 'team', Value: 'a' }],
  })
  expect(PipelineArn).toBe('arn:aws:sagemaker:us-east-1:000000000000:pipeline/Versions')
  const updated = await local.call('UpdatePipeline', {
    PipelineName: 'Versions',
    PipelineDefinition: text([fail('Other')]),
  })
  expect(updated).toEqual({ PipelineArn, PipelineVersionId: 2 })
  const newest = await local.call('DescribePipeline', { PipelineName: PipelineArn })
  expect(newest).toMatchObject({
    PipelineName: 'Versions',
    PipelineDescription: 'first',
    PipelineDefinition: text([fail('Other')]),
    PipelineStatus: 'Active',
    RoleArn: role,
  })
  expect(
    (await local.call('DescribePipeline', { PipelineName: 'Versions', PipelineVersionId: 1 }))['PipelineDefinition'],
  ).toBe(text())
  const { PipelineVersionSummaries } = await local.call('ListPipelineVersions', { PipelineName: 'Versions' })
  expect(PipelineVersionSummaries.map((version: any) => version.PipelineVersionId)).toEqual([2, 1])
  expect((await local.call('ListTags', { ResourceArn: PipelineArn }))['Tags']).toEqual([{ Key: 'team', Value: 'a' }])
})

test('a taken name is refused with the text that upserts look for; the same token gives the same pipeline', async () => {
  const token = 'x'.repeat(32)
  const first = await create('Twice', { ClientRequestToken: token })
  expect(await create('Twice', { ClientRequestToken: token })).toEqual(first)
  expect(await refusal(create('Twice', { ClientRequestToken: 'y'.repeat(32) }))).toEqual({
    code: 'ValidationException',
    message:
      'Pipeline names must be unique within an AWS account and region. Pipeline with name (Twice) already exists.',
  })
})

test('two creations at once make one pipeline', async () => {
  const outcomes = await Promise.allSettled([create('Race'), create('Race'), create('Race')])
  expect(outcomes.map(outcome => outcome.status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
})

test('the definition may lie in S3', async () => {
  await local.put('definitions/p.json', text([fail('FromS3')]))
  await create('FromS3', {
    PipelineDefinition: undefined,
    PipelineDefinitionS3Location: { Bucket: bucket, ObjectKey: 'definitions/p.json' },
  })
  expect((await local.call('DescribePipeline', { PipelineName: 'FromS3' }))['PipelineDefinition']).toContain('FromS3')
  expect(
    await refusal(
      create('No', {
        PipelineDefinition: undefined,
        PipelineDefinitionS3Location: { Bucket: bucket, ObjectKey: 'none' },
      }),
    ),
  ).toMatchObject({ message: expect.stringContaining('s3://test-bucket/none does not exist') })
  expect(await refusal(create('No', { PipelineDefinition: undefined }))).toMatchObject({
    message: 'Either Pipeline Definition or Pipeline Definition S3 location should be provided',
  })
  expect(
    await refusal(create('No', { PipelineDefinitionS3Location: { Bucket: bucket, ObjectKey: 'definitions/p.json' } })),
  ).toMatchObject({ message: "Both Pipeline Definition and Pipeline Definition S3 Location shouldn't be present" })
})

test.each<[string, string, RegExp]>([
  ['no JSON', '{"Version": ', /Unexpected end of JSON|JSON/],
  ['an unknown member', text([fail('A')], { Expression: 1 }), /Cannot parse object, unknown property 'Expression'\./],
  [
    'a wrong version',
    JSON.stringify({ Version: '2021-01-01', Steps: [fail('A')] }),
    /Version "2021-01-01" is not supported/,
  ],
  ['no steps', text([]), /at least one step/],
  ['steps that are no list', JSON.stringify({ Version: '2020-12-01', Steps: {} }), /Expecting start of Json Array/],
  ['an unknown step type', text([{ Name: 'A', Type: 'Nonsense', Arguments: {} }]), /step type "Nonsense" is unknown/],
  ['a step name with a path', text([fail('../../x')]), /the step name "..\/..\/x"/],
  ['two steps of a name', text([fail('A'), fail('A')]), /duplicate names: 'A'/],
  ['a dependency on nothing', text([fail('A', 'x', { DependsOn: ['B'] })]), /Step B is undefined/],
  [
    'a dependency on a Fail step',
    text([fail('A'), processing('B', 'ok', { DependsOn: ['A'] })]),
    /B can not depends on A/,
  ],
  [
    'a cycle',
    text([processing('A', 'ok', { DependsOn: ['B'] }), processing('B', 'ok', { DependsOn: ['A'] })]),
    /Cycle detected in pipeline step graph: A, B/,
  ],
  [
    'a parameter declared twice',
    text([fail('A')], { Parameters: [{ Name: 'P' }, { Name: 'P' }] }),
    /Parameter 'P' is declared twice/,
  ],
])(
  '%s is refused as "Unable to parse pipeline definition", and nothing is kept',
  async (_title, definition, pattern) => {
    const refused = (await refusal(create('Bad', { PipelineDefinition: definition }))) as {
      code: string
      message: string
    }
    expect(refused.code).toBe('ValidationException')
    expect(refused.message).toMatch(/^Unable to parse pipeline definition\. /)
    expect(refused.message).toMatch(pattern)
    expect(await refusal(local.call('DescribePipeline', { PipelineName: 'Bad' }))).toEqual({
      code: 'ResourceNotFound',
      message: "Pipeline 'arn:aws:sagemaker:us-east-1:000000000000:pipeline/Bad' does not exist.",
    })
  },
)

const parameters = [
  { Name: 'K', Type: 'Integer', DefaultValue: 5 },
  { Name: 'Uri', Type: 'String' },
  { Name: 'Kernel', Type: 'String', DefaultValue: 'linear', EnumValues: ['linear', 'rbf'] },
  { Name: 'Shuffle', Type: 'Boolean', DefaultValue: true },
]

test.each<[string, object[], string]>([
  [
    'an unknown one',
    [
      { Name: 'Nope', Value: '1' },
      { Name: 'Uri', Value: 'x' },
    ],
    "Unknown parameter 'Nope'",
  ],
  ['a missing one', [], "Parameter 'Uri' is undefined."],
  ['an empty one', [{ Name: 'Uri', Value: '' }], '[string "" is too short (length: 0, required minimum: 1)]'],
  [
    'a wrong type',
    [
      { Name: 'Uri', Value: 'x' },
      { Name: 'K', Value: '1.5' },
    ],
    "Unexpected type for parameter 'K'. Expected Integer",
  ],
  [
    'a value outside of EnumValues',
    [
      { Name: 'Uri', Value: 'x' },
      { Name: 'Kernel', Value: 'poly' },
    ],
    'one of linear, rbf',
  ],
  [
    'one given twice',
    [
      { Name: 'Uri', Value: 'x' },
      { Name: 'Uri', Value: 'y' },
    ],
    "Parameter 'Uri' is given twice",
  ],
])('3.1.2: a start with a bad parameter is refused: %s', async (_title, given, message) => {
  await create('Parameters', {
    PipelineDefinition: text([fail('A', get('Parameters.Uri'))], { Parameters: parameters }),
  }).catch(() => {})
  const refused = await refusal(
    local.call('StartPipelineExecution', { PipelineName: 'Parameters', PipelineParameters: given }),
  )
  expect(refused).toMatchObject({ code: 'ValidationException', message: expect.stringContaining(message) })
  expect(
    (await local.call('ListPipelineExecutions', { PipelineName: 'Parameters' }))['PipelineExecutionSummaries'],
  ).toEqual([])
})

test('3.1.1, 3.1.3: an execution lists its parameters with defaults merged, as texts; the definition is the one it was started with', async () => {
  const arn = await local.start([fail('A', get('Parameters.Uri'))], {
    name: 'Merged',
    parameters,
    values: { Uri: 'u', K: '7' },
  })
  await local.ended(arn)
  expect(
    (await local.call('ListPipelineParametersForExecution', { PipelineExecutionArn: arn }))['PipelineParameters'],
  ).toEqual([
    { Name: 'K', Value: '7' },
    { Name: 'Uri', Value: 'u' },
    { Name: 'Kernel', Value: 'linear' },
    { Name: 'Shuffle', Value: 'true' },
  ])
  await local.call('UpdatePipeline', { PipelineName: 'Merged', PipelineDefinition: text() })
  const { PipelineDefinition } = await local.call('DescribePipelineDefinitionForExecution', {
    PipelineExecutionArn: arn,
  })
  expect(PipelineDefinition).toContain('Parameters.Uri')
})

test('the same start token gives the same execution; names, description and display name can be changed', async () => {
  await create('Start')
  const token = 's'.repeat(32)
  const first = await local.call('StartPipelineExecution', { PipelineName: 'Start', ClientRequestToken: token })
  const arn = first['PipelineExecutionArn'] as string
  expect(arn).toMatch(/^arn:aws:sagemaker:us-east-1:000000000000:pipeline\/Start\/execution\/[a-z0-9]{12}$/)
  expect(await local.call('StartPipelineExecution', { PipelineName: 'Start', ClientRequestToken: token })).toEqual(
    first,
  )
  await local.ended(arn)
  expect(
    (await local.call('DescribePipelineExecution', { PipelineExecutionArn: arn }))['PipelineExecutionDisplayName'],
  ).toMatch(/^execution-\d{13}$/)
  await local.call('UpdatePipelineExecution', {
    PipelineExecutionArn: arn,
    PipelineExecutionDisplayName: 'mine',
    PipelineExecutionDescription: 'why',
  })
  local = await local.reopen()
  expect(await local.call('DescribePipelineExecution', { PipelineExecutionArn: arn })).toMatchObject({
    PipelineExecutionDisplayName: 'mine',
    PipelineExecutionDescription: 'why',
    PipelineExecutionStatus: 'Failed',
  })
})

test('lists come in pages, newest first, and survive a restart', async () => {
  await create('Pages')
  const arns: string[] = []
  for (let count = 0; count < 5; count++) {
    const started = await local.call('StartPipelineExecution', { PipelineName: 'Pages' })
    arns.unshift(started['PipelineExecutionArn'])
    await local.ended(arns[0] as string)
  }
  local = await local.reopen()
  const seen: string[] = []
  let token: string | undefined
  do {
    const page = await local.call('ListPipelineExecutions', {
      PipelineName: 'Pages',
      MaxResults: 2,
      ...(token === undefined ? {} : { NextToken: token }),
    })
    seen.push(...page['PipelineExecutionSummaries'].map((summary: any) => summary.PipelineExecutionArn))
    token = page['NextToken']
  } while (token !== undefined)
  expect(seen).toEqual(arns)
  expect(
    await refusal(local.call('ListPipelineExecutions', { PipelineName: 'Pages', NextToken: 'nonsense' })),
  ).toMatchObject({ code: 'ValidationException' })
})

test('a deleted pipeline is gone with its executions; one with a running execution stays', async () => {
  local.program('wait', 'setTimeout(() => {}, 300)')
  const arn = await local.start([processing('Wait', 'wait')], { name: 'Gone' })
  expect(await refusal(local.call('DeletePipeline', { PipelineName: 'Gone' }))).toMatchObject({
    code: 'ConflictException',
  })
  await local.ended(arn)
  await local.call('DeletePipeline', { PipelineName: 'Gone' })
  expect(await refusal(local.call('DescribePipelineExecution', { PipelineExecutionArn: arn }))).toMatchObject({
    code: 'ResourceNotFound',
  })
  const { PipelineSummaries } = await local.call('ListPipelines', { PipelineNamePrefix: 'Gone' })
  expect(PipelineSummaries).toEqual([])
})

test('a name of 256 characters has a place on disk', async () => {
  const name = 'n'.repeat(256)
  await create(name)
  local = await local.reopen()
  expect((await local.call('DescribePipeline', { PipelineName: name }))['PipelineName']).toBe(name)
})

test.each(['arn:aws:sagemaker:us-east-1:000000000000:pipeline/X/execution/aaaaaaaaaaaa', '../../etc', ''])(
  'no execution is found under %j',
  async arn => {
    expect(await refusal(local.call('DescribePipelineExecution', { PipelineExecutionArn: arn }))).toMatchObject({
      code: 'ResourceNotFound',
    })
  },
)

test.each(['../../../etc/passwd', '..', 'none', 'x'.repeat(5000)])(
  'no job is found under a hostile name',
  async name => {
    expect(await refusal(local.call('DescribeTrainingJob', { TrainingJobName: name }))).toEqual({
      code: 'ValidationException',
      message: 'Requested resource not found.',
    })
  },
)
