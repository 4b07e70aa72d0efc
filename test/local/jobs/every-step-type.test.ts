import { afterAll, beforeAll, expect, test } from 'vitest'
import { stepKinds } from '../../../pipeline/definition/index.ts'
import { type LocalEngine, openLocalEngine } from '../../support/local-engine.ts'

let local: LocalEngine
beforeAll(async () => {
  local = await openLocalEngine()
})
afterAll(() => local.close())

/** What runs has tests of its own. */
const run = [
  'Processing',
  'Training',
  'Transform',
  'Tuning',
  'Model',
  'RegisterModel',
  'Condition',
  'Fail',
  'Lambda',
  'Callback',
  'AutoML',
  'QualityCheck',
  'ClarifyCheck',
  'EMR',
  'EMRServerless',
  'EndpointConfig',
  'Endpoint',
  'InferenceComponent',
  'Lineage',
  'ForEach',
]

/** What stands in for a service and says so. */
const simulated = [
  'BedrockCustomModel',
  'BedrockCustomModelDeployment',
  'BedrockModelImport',
  'BedrockProvisionedModelThroughput',
  'Job',
]

test.each(simulated)('a %s step is simulated, and its ARN says so', async type => {
  const { execution, steps } = await local.run([{ Name: 'Step', Type: type, Arguments: {} }])
  expect(execution['PipelineExecutionStatus']).toBe('Succeeded')
  expect(steps['Step']?.['Metadata']).toEqual({ [type]: { Arn: expect.stringContaining('/simulated-') } })
})

test('every step type is run or simulated', () => {
  expect([...run, ...simulated].toSorted()).toEqual(Object.keys(stepKinds).toSorted())
})

test.each(run.filter(type => !['Condition', 'Fail', 'Callback', 'ForEach'].includes(type)))(
  'a %s step without arguments fails with what is missing, and not as a defect',
  async type => {
    const { steps } = await local.run([
      { Name: 'Step', Type: type, Arguments: {}, FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:none' },
    ])
    expect(steps['Step']).toMatchObject({
      StepStatus: 'Failed',
      FailureReason: expect.stringMatching(
        /^ClientError: (Failed to invoke [a-z-]+:\w+\. Error Details: \d+ validation errors?|The function )/,
      ),
    })
  },
)
