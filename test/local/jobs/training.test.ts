// Responses are read member by member; typing each would repeat the service model.
/* oxlint-disable typescript/no-explicit-any */
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { unpackTar } from 'modern-tar/fs'
import { mkdtempSync, readdirSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  bucket,
  equals,
  condition,
  fail,
  get,
  joined,
  type LocalEngine,
  openLocalEngine,
  training,
} from '../../support/local-engine.ts'

let local: LocalEngine
beforeAll(async () => {
  local = await openLocalEngine()
  local.program(
    'train',
    `import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
     const base = process.env.SAGEMAKER_BASE_DIR
     const config = name => JSON.parse(readFileSync(base + '/input/config/' + name + '.json'))
     writeFileSync(base + '/model/model.json', JSON.stringify({ hyperparameters: config('hyperparameters'), data: config('inputdataconfig'), resources: config('resourceconfig'),
       arguments: process.argv.slice(2), job: process.env.TRAINING_JOB_NAME, files: readdirSync(base + '/input/data', { recursive: true }).sort() }))
     writeFileSync(base + '/output/data/metrics.json', '{"accuracy": 0.98}')
     console.log('accuracy=0.5;'); console.error('accuracy=0.98;'); console.log('other=1')`,
  )
  await local.put('t/train/a.csv', '1')
  await local.put('t/validation/b.csv', '2')
})
afterAll(() => local.close())

const jobName = (steps: Record<string, any>, step: string): string =>
  steps[step].Metadata.TrainingJob.Arn.split('/').pop()

async function unpack(key: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'foldwise-tar-'))
  const object = await local.store.get(bucket, key)
  await pipeline(object!.body, createGunzip(), unpackTar(folder))
  return folder
}

test('a training job sees its channels and configuration, its artifacts are stored, and DescribeTrainingJob tells all', async () => {
  const { execution, steps } = await local.run([
    training('Train', 'train', {
      hyperparameters: { C: '1', kernel: 'linear' },
      channels: { train: { S3Uri: `s3://${bucket}/t/train/` }, validation: { S3Uri: `s3://${bucket}/t/validation/` } },
      metrics: [
        { Name: 'accuracy', Regex: 'accuracy=([0-9.]+);' },
        { Name: 'never', Regex: 'never=(.*)' },
      ],
    }),
  ])
  expect(execution['PipelineExecutionStatus']).toBe('Succeeded')
  const name = jobName(steps, 'Train')
  const output = `models/Train/${name}/output`
  expect(await local.keys('models/Train/')).toEqual([`${output}/model.tar.gz`, `${output}/output.tar.gz`])
  const model = await unpack(`${output}/model.tar.gz`)
  expect(readdirSync(model)).toEqual(['model.json'])
  expect(JSON.parse(readFileSync(join(model, 'model.json'), 'utf8'))).toEqual({
    hyperparameters: { C: '1', kernel: 'linear' },
    data: {
      train: { TrainingInputMode: 'File', S3DistributionType: 'FullyReplicated', RecordWrapperType: 'None' },
      validation: { TrainingInputMode: 'File', S3DistributionType: 'FullyReplicated', RecordWrapperType: 'None' },
    },
    resources: {
      current_host: 'algo-1',
      hosts: ['algo-1'],
      network_interface_name: 'lo',
      current_instance_type: 'ml.m5.large',
    },
    arguments: [],
    job: name,
    files: ['train', join('train', 'a.csv'), 'validation', join('validation', 'b.csv')],
  })
  const job = await local.call('DescribeTrainingJob', { TrainingJobName: name })
  expect(job).toMatchObject({
    TrainingJobStatus: 'Completed',
    SecondaryStatus: 'Completed',
    ModelArtifacts: { S3ModelArtifacts: `s3://${bucket}/${output}/model.tar.gz` },
    // 5.2: the last match per name over stdout and stderr, as float32.
    FinalMetricDataList: [{ MetricName: 'accuracy', Value: Math.fround(0.98) }],
    HyperParameters: { C: '1', kernel: 'linear' },
    TrainingTimeInSeconds: expect.any(Number),
  })
  expect(job['SecondaryStatusTransitions'].map((t: any) => t.Status)).toEqual([
    'Starting',
    'Downloading',
    'Training',
    'Uploading',
    'Completed',
  ])
  expect(job['SecondaryStatusTransitions'].every((t: any) => t.EndTime instanceof Date)).toBe(true)
  const log = readFileSync(join(local.folder, 'jobs', name, 'log.txt'), 'utf8')
  expect(log.trim().split('\n').sort()).toEqual(['accuracy=0.5;', 'accuracy=0.98;', 'other=1'])
})

test('3.2.4, 3.2.5, 5.2.5: later steps read a training’s metrics and artifacts by property path', async () => {
  const { steps } = await local.run([
    training('Train', 'train', { metrics: [{ Name: 'val:accuracy', Regex: 'accuracy=([0-9.]+);' }] }),
    condition(
      'Gate',
      [
        {
          Type: 'GreaterThanOrEqualTo',
          LeftValue: get("Steps.Train.FinalMetricDataList['val:accuracy'].Value"),
          RightValue: 0.98,
        },
      ],
      [
        fail(
          'Say',
          joined(get('Steps.Train.ModelArtifacts.S3ModelArtifacts'), ' ', get('Steps.Train.TrainingJobStatus')),
        ),
      ],
    ),
  ])
  expect(steps['Say']?.['FailureReason']).toBe(
    `s3://${bucket}/models/Train/${jobName(steps, 'Train')}/output/model.tar.gz Completed`,
  )
})

test('5.2.2: the same model gives the same archive bytes', async () => {
  local.program(
    'constant',
    `import { writeFileSync, mkdirSync } from 'node:fs'
    const base = process.env.SAGEMAKER_BASE_DIR; mkdirSync(base + '/model/b'); writeFileSync(base + '/model/b/z', 'z'); writeFileSync(base + '/model/a', 'a')`,
  )
  const digest = async (): Promise<string> => {
    const { steps } = await local.run([training('Same', 'constant')])
    const object = await local.store.get(bucket, `models/Same/${jobName(steps, 'Same')}/output/model.tar.gz`)
    const hash = createHash('sha256')
    for await (const chunk of object!.body) hash.update(chunk as Buffer)
    return hash.digest('hex')
  }
  const first = await digest()
  await new Promise(resolve => setTimeout(resolve, 1100))
  expect(await digest()).toBe(first)
})

test('5.2.2: CompressionType NONE leaves files', async () => {
  const { steps } = await local.run([
    training('Plain', 'constant', {
      arguments: { OutputDataConfig: { S3OutputPath: `s3://${bucket}/plain`, CompressionType: 'NONE' } },
    }),
  ])
  const name = jobName(steps, 'Plain')
  expect(await local.keys('plain/')).toEqual([`plain/${name}/output/model/a`, `plain/${name}/output/model/b/z`])
  expect(await local.call('DescribeTrainingJob', { TrainingJobName: name })).toMatchObject({
    ModelArtifacts: { S3ModelArtifacts: `s3://${bucket}/plain/${name}/output/model/` },
  })
})

test('5.2.3, 5.2.4: a failed training: the failure file, the exit code, and the results of the others are kept', async () => {
  local.program(
    'refuse',
    `import { writeFileSync } from 'node:fs'
    writeFileSync(process.env.SAGEMAKER_BASE_DIR + '/output/failure', 'C must be positive\\n'); process.exit(1)`,
  )
  const { execution, steps } = await local.run(
    [training('Bad', 'refuse'), training('Good', 'train'), fail('Never', 'x', { DependsOn: undefined })].slice(0, 2),
    { maxParallel: 2 },
  )
  expect(execution['PipelineExecutionStatus']).toBe('Failed')
  expect(steps['Bad']?.['FailureReason']).toBe('ClientError: AlgorithmError: C must be positive, exit code: 1')
  expect(steps['Good']?.['StepStatus']).toBe('Succeeded')
  expect(await local.call('DescribeTrainingJob', { TrainingJobName: jobName(steps, 'Bad') })).toMatchObject({
    TrainingJobStatus: 'Failed',
    SecondaryStatus: 'Failed',
    FailureReason: 'AlgorithmError: C must be positive, exit code: 1',
  })
  expect((await local.keys('models/Good/')).length).toBe(2)
  expect(await local.keys('models/Bad/')).toEqual([])
})

test('3.6.5: a job that the service would not create fails the step with the service’s form of words', async () => {
  const { arn, steps } = await local.run([training('Bad', 'train', { hyperparameters: { C: 1 } })])
  expect(steps['Bad']?.['FailureReason']).toMatch(
    /^ClientError: Failed to invoke sagemaker:CreateTrainingJob\. Error Details: .*HyperParameters\.C/,
  )
  expect(steps['Bad']?.['FailureReason']).toContain(
    `Retry not appropriate on execution of step with PipelineExecutionArn ${arn} and StepId Bad.`,
  )
  expect(steps['Bad']).toMatchObject({ Metadata: {}, AttemptCount: 1 })
})

test('3.2.1: an integer parameter reaches a hyperparameter through a join as it was written', async () => {
  const { steps } = await local.run(
    [
      training('Train', 'train', {
        hyperparameters: {
          n: joined(get('Parameters.N')),
          c: joined(get('Parameters.C')),
          d: joined(get('Parameters.D')),
        },
      }),
    ],
    {
      parameters: [
        { Name: 'N', Type: 'Integer', DefaultValue: 3 },
        { Name: 'C', Type: 'Float', DefaultValue: 1 },
        { Name: 'D', Type: 'Float' },
      ],
      values: { D: '1.50' },
    },
  )
  expect(await local.call('DescribeTrainingJob', { TrainingJobName: jobName(steps, 'Train') })).toMatchObject({
    HyperParameters: { n: '3', c: '1.0', d: '1.50' },
  })
})

test.each(['..', '.'])('the channel name %j cannot leave its folder', async name => {
  const { steps } = await local.run([
    training('Train', 'train', { channels: { [name]: { S3Uri: `s3://${bucket}/t/train/` } } }),
  ])
  if (name === '..') expect(steps['Train']?.['FailureReason']).toContain('leaves its folder')
})

test('an object key with ".." in it cannot leave the channel', async () => {
  const hostile = {
    ...local.store,
    list: async function* () {
      yield { bucket, key: 'h/../../../evil', sizeBytes: 1, etag: 'x', lastModified: new Date() }
    },
  }
  const other = await openLocalEngine({ store: hostile })
  try {
    const { steps } = await other.run([
      training('Train', 'train', { channels: { train: { S3Uri: `s3://${bucket}/h/` } } }),
    ])
    expect(steps['Train']?.['FailureReason']).toContain('would leave the folder of its channel')
  } finally {
    await other.close()
  }
})

test('5.2.5: a line of many megabytes does not hide the metric behind it', async () => {
  local.program(
    'loud',
    `process.stdout.write('x'.repeat(32 * 1024 * 1024) + '\\n', () => console.log('accuracy=0.75;'))`,
  )
  const { execution, steps } = await local.run([
    training('Loud', 'loud', { metrics: [{ Name: 'accuracy', Regex: 'accuracy=([0-9.]+);' }] }),
  ])
  expect(execution['PipelineExecutionStatus']).toBe('Succeeded')
  const job = await local.call('DescribeTrainingJob', { TrainingJobName: jobName(steps, 'Loud') })
  expect(job['FinalMetricDataList']).toMatchObject([{ Value: 0.75 }])
  expect(statSync(join(local.folder, 'jobs', jobName(steps, 'Loud'), 'log.txt')).size).toBeGreaterThan(32 * 1024 * 1024)
})

test('5.2.7: checkpoints are restored at the start and stored at the end', async () => {
  local.program(
    'count',
    `import { existsSync, readFileSync, writeFileSync } from 'node:fs'
    const file = process.env.SAGEMAKER_BASE_DIR + '/checkpoints/n'
    writeFileSync(file, String((existsSync(file) ? Number(readFileSync(file)) : 0) + 1))`,
  )
  const step = training('Count', 'count', { arguments: { CheckpointConfig: { S3Uri: `s3://${bucket}/checkpoints` } } })
  await local.run([step])
  await local.run([step])
  expect(await local.text('checkpoints/n')).toBe('2')
})

test('3.5.2: comparing values of different types fails, equal numbers of different kinds are equal', async () => {
  const parameters = [
    { Name: 'I', Type: 'Integer', DefaultValue: 1 },
    { Name: 'F', Type: 'Float', DefaultValue: 1 },
  ]
  const same = await local.run([condition('Gate', [equals(get('Parameters.I'), get('Parameters.F'))], [])], {
    parameters,
  })
  expect(same.steps['Gate']?.['Metadata']).toEqual({ Condition: { Outcome: 'True' } })
  const mixed = await local.run([condition('Gate', [equals(get('Parameters.I'), '1')], [])], { parameters })
  expect(mixed.steps['Gate']?.['FailureReason']).toContain('are not of the same type')
})
