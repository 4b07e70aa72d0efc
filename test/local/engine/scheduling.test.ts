// Responses are read member by member; typing each would repeat the service model.
/* oxlint-disable typescript/no-explicit-any */
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  bucket,
  condition,
  equals,
  fail,
  get,
  joined,
  type LocalEngine,
  openLocalEngine,
  processing,
  processingOutput,
} from '../../support/local-engine.ts'

let local: LocalEngine
beforeAll(async () => {
  local = await openLocalEngine()
  local.program('ok', '')
  local.program('wait', 'setTimeout(() => {}, Number(process.argv[2]))')
  local.program('broken', 'process.exit(7)')
})
afterAll(() => local.close())

const spans = (steps: Record<string, Record<string, any>>): [number, number][] =>
  Object.values(steps).map(step => [step['StartTime'].getTime(), step['EndTime'].getTime()])

/** Most spans that were open at one moment; a span that ends when another begins does not overlap it. */
function mostAtOnce(open: readonly [number, number][]): number {
  return Math.max(...open.map(([at]) => open.filter(([start, end]) => start <= at && end > at).length))
}

const five = (program: string, ...args: string[]): object[] =>
  Array.from({ length: 5 }, (_, index) => processing(`Fold-${index}`, program, { arguments: args }))

test('3.9.1: never more steps at once than MaxParallelExecutionSteps', async () => {
  const { execution, steps } = await local.run(five('wait', '60'), { maxParallel: 2 })
  expect(execution).toMatchObject({
    PipelineExecutionStatus: 'Succeeded',
    ParallelismConfiguration: { MaxParallelExecutionSteps: 2 },
  })
  expect(mostAtOnce(spans(steps))).toBe(2)
})

test('with a limit of five, five steps overlap, whatever the number of processors', async () => {
  const { steps } = await local.run(five('wait', '600'), { maxParallel: 5 })
  expect(mostAtOnce(spans(steps))).toBe(5)
})

test('3.9.2: the engine’s own limit of jobs holds over all executions', async () => {
  const small = await openLocalEngine({ maxParallelJobs: 1 })
  try {
    small.program('wait', 'setTimeout(() => {}, Number(process.argv[2]))')
    const arns = await Promise.all([
      small.start(five('wait', '20').slice(0, 2), { maxParallel: 2 }),
      small.start(five('wait', '20').slice(0, 2)),
    ])
    const all: Record<string, any> = {}
    for (const arn of arns) {
      await small.ended(arn)
      for (const [name, step] of Object.entries(await small.steps(arn))) all[`${arn} ${name}`] = step
    }
    expect(Object.keys(all)).toHaveLength(4)
    expect(mostAtOnce(spans(all))).toBe(1)
  } finally {
    await small.close()
  }
})

test('3.6.1, 3.6.6: a step starts when all that it waits for has succeeded, and the list is newest first', async () => {
  const { arn } = await local.run([
    processing('C', 'ok', { DependsOn: ['B'] }),
    processing('B', 'ok', { DependsOn: ['A'] }),
    processing('A', 'ok'),
  ])
  const { PipelineExecutionSteps } = await local.call('ListPipelineExecutionSteps', { PipelineExecutionArn: arn })
  expect(PipelineExecutionSteps.map((step: any) => step.StepName)).toEqual(['C', 'B', 'A'])
  const ascending = await local.call('ListPipelineExecutionSteps', {
    PipelineExecutionArn: arn,
    SortOrder: 'Ascending',
    MaxResults: 2,
  })
  expect(ascending['PipelineExecutionSteps'].map((step: any) => step.StepName)).toEqual(['A', 'B'])
  const rest = await local.call('ListPipelineExecutionSteps', {
    PipelineExecutionArn: arn,
    SortOrder: 'Ascending',
    NextToken: ascending['NextToken'],
  })
  expect(rest['PipelineExecutionSteps'].map((step: any) => step.StepName)).toEqual(['C'])
  expect(rest['NextToken']).toBeUndefined()
})

test('3.6.2, 3.6.3: running siblings of a failed step are left to finish, nothing new starts, and the execution is Failed', async () => {
  const { execution, steps } = await local.run([
    processing('Slow', 'wait', { arguments: ['300'] }),
    processing('Broken', 'broken'),
    processing('AfterSlow', 'ok', { DependsOn: ['Slow'] }),
    processing('AfterBroken', 'ok', { DependsOn: ['Broken'] }),
  ])
  expect(execution).toMatchObject({
    PipelineExecutionStatus: 'Failed',
    FailureReason: 'Step failure: One or multiple steps failed.',
  })
  expect(Object.keys(steps).sort()).toEqual(['Broken', 'Slow'])
  expect(steps['Slow']?.['StepStatus']).toBe('Succeeded')
  expect(steps['Broken']?.['StepStatus']).toBe('Failed')
})

test('3.6.2: the switch afterFailure lets independent steps start', async () => {
  const other = await openLocalEngine({ switches: { afterFailure: 'run-independent' } })
  try {
    other.program('ok', '')
    other.program('broken', 'process.exit(7)')
    const { execution, steps } = await other.run([
      processing('Broken', 'broken'),
      processing('A', 'ok'),
      processing('AfterA', 'ok', { DependsOn: ['A', 'Slow'] }),
      processing('Slow', 'ok'),
    ])
    expect(execution['PipelineExecutionStatus']).toBe('Failed')
    expect(steps['AfterA']?.['StepStatus']).toBe('Succeeded')
  } finally {
    await other.close()
  }
})

test('3.5.5: steps of the branch that was not taken are never listed, nor what depends on them, and the execution succeeds', async () => {
  const { execution, steps } = await local.run(
    [
      condition(
        'Gate',
        [equals(get('Parameters.Way'), 'left')],
        [processing('Left', 'ok')],
        [processing('Right', 'ok')],
      ),
      processing('AfterRight', 'ok', { DependsOn: ['Right'] }),
      processing('AfterLeft', 'ok', { DependsOn: ['Left'] }),
    ],
    { parameters: [{ Name: 'Way', Type: 'String' }], values: { Way: 'left' } },
  )
  expect(execution['PipelineExecutionStatus']).toBe('Succeeded')
  expect(Object.keys(steps).sort()).toEqual(['AfterLeft', 'Gate', 'Left'])
  expect(steps['Gate']).toMatchObject({ StepStatus: 'Succeeded', Metadata: { Condition: { Outcome: 'True' } } })
})

test('3.5.6: both branches may be empty, and Outcome joins as lower-case text', async () => {
  const { execution, steps } = await local.run([
    condition('Gate', [equals(1, 2)], []),
    fail('Say', joined('gate: ', get('Steps.Gate.Outcome'))),
  ])
  expect(execution['PipelineExecutionStatus']).toBe('Failed')
  expect(steps['Gate']?.['Metadata']).toEqual({ Condition: { Outcome: 'False' } })
  expect(steps['Say']).toMatchObject({
    StepStatus: 'Failed',
    FailureReason: 'gate: false',
    Metadata: { Fail: { ErrorMessage: 'gate: false' } },
  })
})

test('3.6.4: a Fail step with an empty message has no FailureReason', async () => {
  const { steps } = await local.run([fail('Quiet', '')])
  expect(steps['Quiet']).toMatchObject({ StepStatus: 'Failed', Metadata: { Fail: { ErrorMessage: '' } } })
  expect(steps['Quiet']).not.toHaveProperty('FailureReason')
})

test('3.4.4: a condition on a value that is not there fails the step instead of being false', async () => {
  local.program(
    'report',
    `import { writeFileSync } from 'node:fs'
    writeFileSync(process.env.SAGEMAKER_BASE_DIR + '/processing/output/r/r.json', process.argv[2])`,
  )
  const gate = async (content: string): Promise<string> => {
    const { steps } = await local.run([
      processing('Report', 'report', {
        arguments: [content],
        outputs: [processingOutput('r', `s3://${bucket}/r`)],
        PropertyFiles: [{ PropertyFileName: 'R', OutputName: 'r', FilePath: 'r.json' }],
      }),
      condition(
        'Gate',
        [equals({ 'Std:JsonGet': { PropertyFile: get('Steps.Report.PropertyFiles.R'), Path: 'a.b' } }, 1)],
        [],
      ),
    ])
    expect(steps['Gate']?.['StepStatus']).toBe('Failed')
    return steps['Gate']?.['FailureReason']
  }
  expect(await gate('{"a": {}}')).toContain("Invalid json path 'a.b'")
  expect(await gate('not json')).toContain('are not in valid JSON format.')
  expect(await gate('{"a": {"b": "1"}}')).toContain('are not of the same type')
})

test('two executions of one pipeline run at once and share nothing', async () => {
  local.program(
    'say',
    `import { writeFileSync } from 'node:fs'
    writeFileSync(process.env.SAGEMAKER_BASE_DIR + '/processing/output/o/who', process.argv[2])`,
  )
  const output = { 'Std:Join': { On: '/', Values: [`s3://${bucket}/both`, get('Execution.PipelineExecutionId')] } }
  const first = await local.start(
    [processing('Say', 'say', { arguments: [get('Parameters.Who')], outputs: [processingOutput('o', output)] })],
    {
      name: 'Both',
      parameters: [{ Name: 'Who' }],
      values: { Who: 'first' },
    },
  )
  const second = (
    await local.call('StartPipelineExecution', {
      PipelineName: 'Both',
      PipelineParameters: [{ Name: 'Who', Value: 'second' }],
    })
  )['PipelineExecutionArn'] as string
  await Promise.all([local.ended(first), local.ended(second)])
  expect(await local.text(`both/${first.split('/').pop()}/who`)).toBe('first')
  expect(await local.text(`both/${second.split('/').pop()}/who`)).toBe('second')
})
