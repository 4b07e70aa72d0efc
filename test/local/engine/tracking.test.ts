import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  bucket,
  condition,
  type LocalEngine,
  openLocalEngine,
  processing,
  processingOutput,
  training,
} from '../../support/local-engine.ts'

let local: LocalEngine
beforeAll(async () => {
  local = await openLocalEngine()
  local.program(
    'train',
    `import { writeFileSync } from 'node:fs'
    writeFileSync(process.env.SAGEMAKER_BASE_DIR + '/model/m', '1'); console.log('acc=0.5'); console.log('acc=0.75')`,
  )
  local.program('work', '')
  local.program('break', 'process.exit(4)')
  await local.put('in/a.csv', '1\n')
})
afterAll(() => local.close())

const train = (): object =>
  training('Train', 'train', {
    hyperparameters: { C: '0.5', kernel: 'rbf' },
    channels: { train: { S3Uri: `s3://${bucket}/in/` } },
    metrics: [{ Name: 'acc', Regex: 'acc=([0-9.]+)' }],
  })
const work = (program = 'work'): object =>
  processing('Work', program, {
    environment: { LEVEL: '3' },
    outputs: [processingOutput('out', `s3://${bucket}/out`)],
    DependsOn: ['Train'],
  })

test('3.9.8: with PipelineExperimentConfig there is an experiment, a trial, and one component per job', async () => {
  const { arn, steps } = await local.run([train(), work()], {
    name: 'Tracked',
    experiment: { ExperimentName: 'MyExperiment' },
  })
  const id = arn.split('/').pop() as string
  const { ExperimentSummaries } = await local.call('ListExperiments')
  expect(ExperimentSummaries).toMatchObject([{ ExperimentName: 'myexperiment' }])
  expect((await local.call('ListTrials', { ExperimentName: 'myexperiment' }))['TrialSummaries']).toMatchObject([
    { TrialName: id, TrialArn: `arn:aws:sagemaker:us-east-1:000000000000:experiment-trial/${id}` },
  ])
  const { TrialComponentSummaries } = await local.call('ListTrialComponents', { TrialName: id })
  expect(TrialComponentSummaries.map((one: { DisplayName: string }) => one.DisplayName).sort()).toEqual([
    'Train',
    'Work',
  ])
  const job = steps['Train']?.['Metadata'].TrainingJob.Arn
  const name = `${job.split('/').pop()}-aws-training-job`
  expect(await local.call('DescribeTrialComponent', { TrialComponentName: name })).toMatchObject({
    Source: { SourceArn: job, SourceType: 'SageMakerTrainingJob' },
    Status: { PrimaryStatus: 'Completed' },
    Parameters: {
      C: { NumberValue: 0.5 },
      kernel: { StringValue: 'rbf' },
      'SageMaker.InstanceCount': { NumberValue: 1 },
    },
    Metrics: [{ MetricName: 'acc', Last: 0.75 }],
    InputArtifacts: { train: { Value: `s3://${bucket}/in/` } },
    OutputArtifacts: { 'SageMaker.ModelArtifact': { Value: expect.stringMatching(/model\.tar\.gz$/) } },
  })
  const bySource = await local.call('ListTrialComponents', { SourceArn: job })
  expect(bySource['TrialComponentSummaries']).toHaveLength(1)
})

test('3.9.8: experiment and trial are taken when they exist, a failed job is tracked, too, and nothing without the configuration', async () => {
  const config = { ExperimentName: 'Shared', TrialName: 'same' }
  await local.run([train()], { experiment: config })
  await local.run([train(), work('break')], { experiment: config })
  await local.run([train()])
  const { TrialSummaries } = await local.call('ListTrials', { ExperimentName: 'shared' })
  expect(TrialSummaries).toHaveLength(1)
  const { TrialComponentSummaries } = await local.call('ListTrialComponents', { ExperimentName: 'shared' })
  expect(TrialComponentSummaries).toHaveLength(3)
  const failed = TrialComponentSummaries.find((one: { DisplayName: string }) => one.DisplayName === 'Work')
  expect(failed.Status).toMatchObject({ PrimaryStatus: 'Failed', Message: expect.stringContaining('exit code: 4') })
  await expect(local.call('DescribeTrialComponent', { TrialComponentName: 'nobody' })).rejects.toThrow('does not exist')
})

// Each line is read member by member.
/* oxlint-disable-next-line typescript/no-explicit-any */
const events = (folder: string): any[] =>
  readFileSync(join(folder, 'events.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))

test('3.9.9: every change of a status is an event in the form of EventBridge', async () => {
  const { arn } = await local.run([train(), work('break')])
  await local.engine.events.settled()
  const mine = events(local.folder).filter(({ detail }) => detail.pipelineExecutionArn === arn)
  const executions = mine.filter(event => event['detail-type'].endsWith('Execution Status Change'))
  expect(
    executions.map(({ detail }) => [detail.previousPipelineExecutionStatus, detail.currentPipelineExecutionStatus]),
  ).toEqual([
    [undefined, 'Executing'],
    ['Executing', 'Failed'],
  ])
  expect(executions[1]).toMatchObject({
    version: '0',
    source: 'aws.sagemaker',
    account: '000000000000',
    region: 'us-east-1',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    detail: { executionStartTime: expect.any(String), executionEndTime: expect.any(String) },
  })
  const steps = mine.filter(
    event => event['detail-type'] === 'SageMaker Model Building Pipeline Execution Step Status Change',
  )
  expect(steps.map(({ detail }) => `${detail.stepName} ${detail.currentStepStatus}`)).toEqual([
    'Train Starting',
    'Train Executing',
    'Train Succeeded',
    'Work Starting',
    'Work Executing',
    'Work Failed',
  ])
  expect(steps[2].detail).toMatchObject({
    stepType: 'Training',
    previousStepStatus: 'Executing',
    metadata: { trainingJob: { arn: expect.stringContaining(':training-job/') } },
    stepEndTime: expect.any(String),
  })
  expect(steps[5].detail.failureReason).toContain('exit code: 4')
  expect(new Set(mine.map(({ id }) => id)).size).toBe(mine.length)
})

test('executions go on when the events cannot be written', async () => {
  const other = await openLocalEngine()
  mkdirSync(join(other.folder, 'events.jsonl'))
  const warned = new Promise(resolve => process.once('warning', resolve))
  const { execution } = await other.run([condition('C', [], [])])
  expect(execution['PipelineExecutionStatus']).toBe('Succeeded')
  expect(String(await warned)).toContain('events.jsonl')
  await other.close()
})
