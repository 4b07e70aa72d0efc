import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { retryDelaySeconds } from '../../../local/engine/retry-policy.ts'
import { repositoryStartsWith } from '../../../local/runtimes/images.ts'
import type { Step } from '../../../schemas/definition.ts'
import {
  bucket,
  get,
  joined,
  type LocalEngine,
  openLocalEngine,
  processing,
  processingInput,
  processingOutput,
  training,
} from '../../support/local-engine.ts'

let local: LocalEngine
beforeAll(async () => {
  local = await openLocalEngine()
  await local.engine.close()
  // An image with an entrypoint of its own.
  local = await openLocalEngine(
    {
      images: [
        {
          matches: repositoryStartsWith('test-node'),
          runtime: 'node',
          entrypoint: ['node', '/programs/own.mjs', 'own'],
          programs: { root: '/programs', folder: join(local.folder, 'programs') },
        },
      ],
    },
    local.folder,
  )
  for (const name of ['own', 'other']) local.program(name, `console.log('${name}:' + process.argv.slice(2).join(','))`)
})
afterAll(() => local.close())

interface Command {
  readonly ContainerEntrypoint?: readonly string[]
  readonly ContainerArguments?: readonly string[]
}
const entrypoint = ['node', '/programs/other.mjs']

/** What the container's program said. */
async function said(step: object): Promise<string> {
  const { steps } = await local.run([step])
  const [{ Arn: arn }] = Object.values(steps['Say']?.['Metadata']) as [{ Arn: string }]
  return readFileSync(join(local.folder, 'jobs', arn.split('/').pop() as string, 'log.txt'), 'utf8').trim()
}

function processingWith(command: Command): object {
  const step = processing('Say', 'own') as { Arguments: { AppSpecification: object } }
  return {
    ...step,
    Arguments: { ...step.Arguments, AppSpecification: { ImageUri: 'test-node:1', ...command } },
  }
}

function trainingWith(command: Command): object {
  const step = training('Say', 'own') as { Arguments: { AlgorithmSpecification: object } }
  const AlgorithmSpecification = { TrainingImage: 'test-node:1', TrainingInputMode: 'File', ...command }
  return { ...step, Arguments: { ...step.Arguments, AlgorithmSpecification } }
}

test.each<[Command, string]>([
  [{}, 'own:own'],
  [{ ContainerArguments: ['a', 'b'] }, 'own:own,a,b'],
  [{ ContainerEntrypoint: entrypoint }, 'other:'],
  [{ ContainerEntrypoint: entrypoint, ContainerArguments: ['a'] }, 'other:a'],
])('5.1.1: a processing job with %j runs %s', async (command, expected) => {
  expect(await said(processingWith(command))).toBe(expected)
})

test.each<[Command, string]>([
  [{}, 'own:own,train'],
  [{ ContainerArguments: ['a', 'b'] }, 'own:own,a,b'],
  [{ ContainerEntrypoint: entrypoint }, 'other:'],
  [{ ContainerEntrypoint: entrypoint, ContainerArguments: ['a'] }, 'other:a'],
])('5.2.1: a training job with %j runs %s', async (command, expected) => {
  expect(await said(trainingWith(command))).toBe(expected)
})

test('3.2.3: Execution.TrainingJobName and ProcessingJobName are the name of the job that the asking step makes', async () => {
  const { steps } = await local.run([
    processing('Process', 'own', {
      outputs: [processingOutput('out', joined(`s3://${bucket}/`, get('Execution.ProcessingJobName')))],
    }),
    training('Train', 'own', {
      arguments: {
        OutputDataConfig: { S3OutputPath: joined(`s3://${bucket}/`, get('Execution.TrainingJobName'), '/m') },
      },
    }),
  ])
  const nameOf = (step: string, kind: string): string => steps[step]?.['Metadata'][kind].Arn.split('/').pop()
  const processed = nameOf('Process', 'ProcessingJob')
  const trained = nameOf('Train', 'TrainingJob')
  const job = await local.call('DescribeProcessingJob', { ProcessingJobName: processed })
  expect(job['ProcessingOutputConfig'].Outputs[0].S3Output.S3Uri).toBe(`s3://${bucket}/${processed}`)
  expect(await local.keys(`${trained}/m/`)).toEqual([`${trained}/m/${trained}/output/model.tar.gz`])
})

test('3.2.5: outputs and inputs of a processing job and channels of a training are read by their names', async () => {
  await local.put('named/x', 'x')
  const { steps } = await local.run([
    processing('Process', 'own', {
      inputs: [processingInput('first', `s3://${bucket}/named/`), processingInput('second', `s3://${bucket}/named/`)],
      outputs: [processingOutput('a', `s3://${bucket}/out-a`), processingOutput('b', `s3://${bucket}/out-b`)],
    }),
    training('Train', 'own', { channels: { data: { S3Uri: `s3://${bucket}/named/` } } }),
    {
      Name: 'Say',
      Type: 'Fail',
      Arguments: {
        ErrorMessage: joined(
          get("Steps.Process.ProcessingOutputConfig.Outputs['b'].S3Output.S3Uri"),
          ' ',
          get("Steps.Process.ProcessingInputs['second'].S3Input.S3Uri"),
          ' ',
          get("Steps.Train.InputDataConfig['data'].DataSource.S3DataSource.S3Uri"),
        ),
      },
    },
  ])
  expect(steps['Say']?.['FailureReason']).toBe(`s3://${bucket}/out-b s3://${bucket}/named/ s3://${bucket}/named/`)
})

test('3.7.1: a policy without members waits 1, 2, 4, 8, 16 seconds and then gives up; faults of the service need no policy', () => {
  const step = (RetryPolicies?: object[]): Step =>
    ({ Name: 'A', Type: 'Training', Arguments: {}, RetryPolicies }) as never
  const delays = (
    of: Step,
    type: 'SageMaker.JOB_INTERNAL_ERROR' | 'Step.SERVICE_FAULT' | 'Step.THROTTLING',
  ): unknown[] => [1, 2, 3, 4, 5, 6].map(attempt => retryDelaySeconds(of, type, attempt, 0))
  const five = [1, 2, 4, 8, 16, undefined]
  expect(delays(step([{ ExceptionType: ['SageMaker.JOB_INTERNAL_ERROR'] }]), 'SageMaker.JOB_INTERNAL_ERROR')).toEqual(
    five,
  )
  expect(delays(step(), 'SageMaker.JOB_INTERNAL_ERROR').filter(delay => delay !== undefined)).toEqual([])
  expect(delays(step(), 'Step.SERVICE_FAULT')).toEqual(five)
  expect(delays(step([]), 'Step.THROTTLING')).toEqual(five)
})

test('5.1.6: outputs with S3UploadMode Continuous are stored after success, links are not followed, and a failed job stores none', async () => {
  local.program(
    'outputs',
    `import { symlinkSync, writeFileSync } from 'node:fs'
    const out = process.env.SAGEMAKER_BASE_DIR + '/processing/output/out/'
    writeFileSync(out + 'kept', 'x')
    symlinkSync('/etc/hostname', out + 'link')
    process.exit(Number(process.argv[2]))`,
  )
  const output = {
    OutputName: 'out',
    AppManaged: false,
    S3Output: { S3Uri: '', LocalPath: '/opt/ml/processing/output/out', S3UploadMode: 'Continuous' },
  }
  const step = (code: string, uri: string): object => {
    const made = processing('Out', 'outputs', {
      arguments: [code],
      outputs: [{ ...output, S3Output: { ...output.S3Output, S3Uri: uri } }],
    })
    return made
  }
  await local.run([step('0', `s3://${bucket}/well`)])
  await local.run([step('1', `s3://${bucket}/ill`)])
  expect(await local.keys('well')).toEqual(['well/kept'])
  expect(await local.keys('ill')).toEqual([])
})

test('5.1.7: a message of more than 1024 bytes is cut, and one that is not UTF-8 fails the job', async () => {
  local.program(
    'message',
    `import { writeFileSync } from 'node:fs'
    const content = process.argv[2] === 'long' ? 'x'.repeat(5000) : Buffer.from([0xff, 0xfe, 0x00])
    writeFileSync(process.env.SAGEMAKER_BASE_DIR + '/output/message', content)`,
  )
  const run = async (what: string): Promise<Record<string, unknown>> => {
    const { steps } = await local.run([processing('Say', 'message', { arguments: [what] })])
    const name = steps['Say']?.['Metadata'].ProcessingJob.Arn.split('/').pop()
    return local.call('DescribeProcessingJob', { ProcessingJobName: name })
  }
  expect(await run('long')).toMatchObject({ ProcessingJobStatus: 'Completed', ExitMessage: 'x'.repeat(1024) })
  expect(await run('binary')).toMatchObject({ ProcessingJobStatus: 'Failed' })
})
