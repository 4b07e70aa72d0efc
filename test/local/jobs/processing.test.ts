import { readFileSync } from 'node:fs'
import { join as path } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  bucket,
  get,
  type LocalEngine,
  openLocalEngine,
  processing,
  processingInput,
  processingOutput,
} from '../../support/local-engine.ts'

let local: LocalEngine
beforeAll(async () => {
  local = await openLocalEngine()
  local.program('ok', 'process.exit(0)')
  local.program(
    'describe',
    `import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
     const base = process.env.SAGEMAKER_BASE_DIR
     const config = JSON.parse(readFileSync(base + '/config/processingjobconfig.json'))
     const resources = JSON.parse(readFileSync(base + '/config/resourceconfig.json'))
     writeFileSync(process.argv[2] + '/seen.json', JSON.stringify({ config, resources, arguments: process.argv.slice(2), environment: process.env, inputs: readdirSync(base + '/processing/input/data', { recursive: true }).sort() }))`,
  )
})
afterAll(() => local.close())

test('5.1.2, 5.1.6: a processing job sees its inputs, its configuration files and its arguments, and its outputs are stored under S3Uri/relative', async () => {
  await local.put('in/a.csv', '1')
  await local.put('in/deep/b.csv', '2')
  const { execution, steps } = await local.run([
    processing('Look', 'describe', {
      arguments: ['/opt/ml/processing/output/report', '--flag'],
      environment: { WHERE: '/opt/ml/processing/input/data', PLAIN: 'x' },
      inputs: [processingInput('data', `s3://${bucket}/in/`)],
      outputs: [processingOutput('report', `s3://${bucket}/out/report`)],
    }),
  ])
  expect(execution['PipelineExecutionStatus']).toBe('Succeeded')
  const name = steps['Look']?.['Metadata'].ProcessingJob.Arn.split('/').pop()
  expect(name).toMatch(/^pipelines-[a-z0-9]{12}-Look-[A-Za-z0-9]{10}$/)
  const sandbox = path(local.folder, 'jobs', name)
  const seen = JSON.parse((await local.text('out/report/seen.json')) ?? '')
  expect(seen.inputs).toEqual(['a.csv', 'deep', path('deep', 'b.csv')])
  expect(seen.resources).toEqual({ current_host: 'algo-1', hosts: ['algo-1'] })
  expect(seen.arguments).toEqual([path(sandbox, 'ml/processing/output/report'), '--flag'])
  expect(seen.environment.WHERE).toBe(path(sandbox, 'ml/processing/input/data'))
  expect(seen.config).toMatchObject({
    ProcessingJobName: name,
    AppSpecification: { ContainerArguments: ['/opt/ml/processing/output/report', '--flag'] },
    ProcessingInputs: [
      { InputName: 'data', S3Input: { S3DownloadMode: 'StartOfJob', LocalPath: '/opt/ml/processing/input/data' } },
    ],
    ProcessingOutputConfig: { Outputs: [{ OutputName: 'report', S3Output: { S3Uri: `s3://${bucket}/out/report` } }] },
  })
  const job = await local.call('DescribeProcessingJob', { ProcessingJobName: name })
  expect(job).toMatchObject({ ProcessingJobStatus: 'Completed', ProcessingJobName: name })
  expect(job['CreationTime']).toBeInstanceOf(Date)
})

test('a job gets an environment made from nothing: none of the caller’s secrets', async () => {
  process.env['AWS_SECRET_ACCESS_KEY'] = 'do-not-leak'
  try {
    await local.put('env/a', '1')
    await local.run([
      processing('Env', 'describe', {
        arguments: ['/opt/ml/processing/output/report'],
        inputs: [processingInput('data', `s3://${bucket}/env/`)],
        outputs: [processingOutput('report', `s3://${bucket}/out/env`)],
      }),
    ])
  } finally {
    delete process.env['AWS_SECRET_ACCESS_KEY']
  }
  const { environment } = JSON.parse((await local.text('out/env/seen.json')) ?? '')
  expect(Object.keys(environment).sort()).toEqual([
    'AWS_REGION',
    'HOME',
    'LANG',
    'PATH',
    'PROCESSING_JOB_ARN',
    'PROCESSING_JOB_NAME',
    'SAGEMAKER_BASE_DIR',
    'TMPDIR',
  ])
})

test('5.1.3: an S3Prefix is a string prefix: train/1 also finds train/11, train/1/ does not', async () => {
  local.program(
    'list',
    `import { readdirSync, writeFileSync } from 'node:fs'
    const base = process.env.SAGEMAKER_BASE_DIR + '/processing'
    writeFileSync(base + '/output/names/names.json', JSON.stringify(readdirSync(base + '/input/data', { recursive: true }).sort()))`,
  )
  await local.put('train/1/x.csv', '1')
  await local.put('train/11/y.csv', '2')
  const names = async (prefix: string, target: string): Promise<string[]> => {
    const { execution } = await local.run([
      processing('List', 'list', {
        inputs: [processingInput('data', `s3://${bucket}/${prefix}`)],
        outputs: [processingOutput('names', `s3://${bucket}/${target}`)],
      }),
    ])
    expect(execution['PipelineExecutionStatus']).toBe('Succeeded')
    return JSON.parse((await local.text(`${target}/names.json`)) ?? '')
  }
  expect(await names('train/1/', 'names/slash')).toEqual(['x.csv'])
  expect(await names('train/1', 'names/plain')).toEqual(['1', path('1', 'y.csv'), 'x.csv'])
  expect(await names('train/1/x.csv', 'names/exact')).toEqual(['x.csv'])
})

test('5.1.4: a manifest names whole objects: prefix and path put together as they are', async () => {
  await local.put('m/a/1.csv', 'one')
  await local.put('m/b/2.csv', 'two')
  await local.put('m/manifest.json', JSON.stringify([{ prefix: `s3://${bucket}/m/` }, 'a/1.csv', 'b/2.csv']))
  await local.run([
    processing('List', 'list', {
      inputs: [processingInput('data', `s3://${bucket}/m/manifest.json`, { S3DataType: 'ManifestFile' })],
      outputs: [processingOutput('names', `s3://${bucket}/names/manifest`)],
    }),
  ])
  expect(JSON.parse((await local.text('names/manifest/names.json')) ?? '')).toEqual([
    'a',
    path('a', '1.csv'),
    'b',
    path('b', '2.csv'),
  ])
})

test.each([
  [
    'a missing object of a manifest',
    [{ prefix: `s3://${bucket}/m/` }, 'a/none.csv'],
    'the object s3://test-bucket/m/a/none.csv does not exist',
  ],
  [
    'a path that leaves the channel',
    [{ prefix: `s3://${bucket}/m/` }, '../../../escape'],
    'would leave the folder of its channel',
  ],
  ['a manifest without a prefix', ['a/1.csv'], 'is not of the form'],
])('%s fails the job with a sentence', async (_title, manifest, text) => {
  await local.put('bad/manifest.json', JSON.stringify(manifest))
  const { execution, steps } = await local.run([
    processing('List', 'ok', {
      inputs: [processingInput('data', `s3://${bucket}/bad/manifest.json`, { S3DataType: 'ManifestFile' })],
    }),
  ])
  expect(execution['PipelineExecutionStatus']).toBe('Failed')
  expect(steps['List']?.['FailureReason']).toContain(text)
})

test('5.1.5: an empty prefix fails the job with the service’s text', async () => {
  const { steps } = await local.run([
    processing('Read', 'ok', { inputs: [processingInput('data', `s3://${bucket}/nothing/`)] }),
  ])
  expect(steps['Read']?.['FailureReason']).toContain('No S3 objects found under S3 URL "s3://test-bucket/nothing/"')
})

test('a LocalPath that leaves the sandbox is refused', async () => {
  const { steps } = await local.run([
    processing('Escape', 'ok', {
      inputs: [processingInput('data', `s3://${bucket}/train/`, { LocalPath: '/opt/ml/processing/../../../../x' })],
    }),
  ])
  expect(steps['Escape']?.['FailureReason']).toContain('leaves /opt/ml/processing/')
})

test('3.6.5, 5.1.7: a container that fails gives its message and its exit code', async () => {
  local.program(
    'bad',
    `import { writeFileSync } from 'node:fs'
    writeFileSync(process.env.SAGEMAKER_BASE_DIR + '/output/message', 'no such column: species')
    process.exit(3)`,
  )
  const { execution, steps } = await local.run([processing('Bad', 'bad')])
  expect(execution).toMatchObject({
    PipelineExecutionStatus: 'Failed',
    FailureReason: 'Step failure: One or multiple steps failed.',
  })
  expect(steps['Bad']).toMatchObject({
    StepStatus: 'Failed',
    FailureReason: 'ClientError: AlgorithmError: no such column: species, exit code: 3',
  })
  const name = steps['Bad']?.['Metadata'].ProcessingJob.Arn.split('/').pop()
  expect(await local.call('DescribeProcessingJob', { ProcessingJobName: name })).toMatchObject({
    ProcessingJobStatus: 'Failed',
    ExitMessage: 'no such column: species',
  })
})

test('an image that nobody mapped fails the step with the way to map it', async () => {
  const step = processing('Unknown', 'ok') as { Arguments: { AppSpecification: { ImageUri: string } } }
  step.Arguments.AppSpecification.ImageUri = '683313688378.dkr.ecr.us-east-1.amazonaws.com/team/own-image:1.2-1'
  const { steps } = await local.run([step])
  expect(steps['Unknown']?.['FailureReason']).toMatch(/cannot be run on this machine.*"images" in foldwise\.config\.ts/)
})

test('5.1.9: with more than one instance every host is told who it is, and ShardedByS3Key shares the objects out', async () => {
  local.program(
    'host',
    `import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
    const base = process.env.SAGEMAKER_BASE_DIR
    const { current_host, hosts } = JSON.parse(readFileSync(base + '/config/resourceconfig.json'))
    writeFileSync(base + '/processing/output/hosts/' + current_host, JSON.stringify({ hosts, files: readdirSync(base + '/processing/input/data') }))
    console.log('I am ' + current_host)`,
  )
  for (const name of ['a', 'b', 'c']) await local.put(`shards/${name}`, name)
  const { execution, steps } = await local.run([
    processing('Hosts', 'host', {
      instances: 2,
      inputs: [processingInput('data', `s3://${bucket}/shards/`, { S3DataDistributionType: 'ShardedByS3Key' })],
      outputs: [processingOutput('hosts', `s3://${bucket}/hosts`)],
    }),
  ])
  expect(execution['PipelineExecutionStatus']).toBe('Succeeded')
  expect(JSON.parse((await local.text('hosts/algo-1')) ?? '')).toEqual({
    hosts: ['algo-1', 'algo-2'],
    files: ['a', 'c'],
  })
  expect(JSON.parse((await local.text('hosts/algo-2')) ?? '')).toEqual({ hosts: ['algo-1', 'algo-2'], files: ['b'] })
  const name = steps['Hosts']?.['Metadata'].ProcessingJob.Arn.split('/').pop()
  const log = readFileSync(path(local.folder, 'jobs', name, 'log.txt'), 'utf8')
  expect(log.trim().split('\n').sort()).toEqual(['algo-1 | I am algo-1', 'algo-2 | I am algo-2'])
})

test('3.4.1: a property file is read where its output was stored', async () => {
  local.program(
    'evaluate',
    `import { writeFileSync } from 'node:fs'
    writeFileSync(process.env.SAGEMAKER_BASE_DIR + '/processing/output/evaluation/evaluation.json', '{"metrics": {"accuracy": {"value": 0.98}, "folds": [0.9, 1]}}')`,
  )
  const jsonGet = (file: string, Path: string): object => ({
    'Std:JsonGet': { PropertyFile: get(`Steps.Evaluate.PropertyFiles.${file}`), Path },
  })
  const { execution, steps } = await local.run([
    processing('Evaluate', 'evaluate', {
      outputs: [
        processingOutput('evaluation', {
          'Std:Join': { On: '/', Values: [`s3://${bucket}`, get('Execution.PipelineExecutionId'), 'evaluation'] },
        }),
      ],
      PropertyFiles: [{ PropertyFileName: 'Report', OutputName: 'evaluation', FilePath: 'evaluation.json' }],
    }),
    {
      Name: 'Gate',
      Type: 'Condition',
      Arguments: {
        Conditions: [
          { Type: 'GreaterThanOrEqualTo', LeftValue: jsonGet('Report', 'metrics.accuracy.value'), RightValue: 0.98 },
          { Type: 'Equals', LeftValue: jsonGet('Report', '$.metrics.folds[1]'), RightValue: 1 },
        ],
        IfSteps: [
          {
            Name: 'Passed',
            Type: 'Fail',
            Arguments: {
              ErrorMessage: {
                'Std:Join': { On: '', Values: ['accuracy ', jsonGet('Report', "metrics['accuracy'].value")] },
              },
            },
          },
        ],
        ElseSteps: [],
      },
    },
  ])
  expect(execution['PipelineExecutionStatus']).toBe('Failed')
  expect(steps['Passed']).toMatchObject({
    FailureReason: 'accuracy 0.98',
    Metadata: { Fail: { ErrorMessage: 'accuracy 0.98' } },
  })
})
