import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalSageMaker, startLocalSageMaker } from '../../local/index.ts'
import { findPythonClients } from './python-clients.ts'

const clients = findPythonClients()
let dir: string
let local: LocalSageMaker

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'foldwise-conformance-'))
  local = await startLocalSageMaker({ stateDir: join(dir, 'state') })
})
afterAll(async () => {
  await local.close()
  await rm(dir, { recursive: true, force: true })
})

/** Ends in Fail when Limit is above 2: no job, so every client can run it anywhere. */
const definition = JSON.stringify({
  Version: '2020-12-01',
  Metadata: {},
  Parameters: [{ Name: 'Limit', Type: 'Integer', DefaultValue: 1 }],
  Steps: [
    {
      Name: 'IsTooHigh',
      Type: 'Condition',
      Arguments: {
        Conditions: [{ Type: 'GreaterThan', LeftValue: { Get: 'Parameters.Limit' }, RightValue: 2 }],
        IfSteps: [{ Name: 'Refuse', Type: 'Fail', Arguments: { ErrorMessage: 'too high' } }],
        ElseSteps: [],
      },
    },
  ],
})

describe('boto3', () => {
  it('puts, gets, lists, copies and deletes objects', async ({ skip }) => {
    const reason = await clients.missing('boto3')
    skip(reason !== undefined, reason)
    expect(await clients.python('boto3_s3.py', local.endpoint)).toEqual({
      buckets: expect.arrayContaining(['boto-bucket']),
      about: ['hello', { folds: '5' }, 'text/csv', '"5d41402abc4b2a76b9719d911017c592"', 'NhCmhg=='],
      big: true,
      bigEtag: expect.stringMatching(/^"[0-9a-f]{32}-3"$/),
      listed: true,
      read: true,
      prefixes: ['../', 'a/', 'p/', 'ä/'],
      copied: 20_000_000,
      deleted: 8,
      presigned: 'hello',
      codes: ['PreconditionFailed', 'NoSuchKey', '404', 'NoSuchBucket', 'InvalidRange', 'BucketNotEmpty'],
      account: '000000000000',
    })
  })

  it('creates, runs and reads a pipeline', async ({ skip }) => {
    const reason = await clients.missing('boto3')
    skip(reason !== undefined, reason)
    expect(await clients.python('boto3_pipeline.py', local.endpoint, definition)).toEqual({
      arn: 'arn:aws:sagemaker:us-east-1:000000000000:pipeline/Boto',
      tags: [{ Key: 'a', Value: 'b' }],
      described: ['Active', 'changed', true],
      creationTime: true,
      status: 'Failed',
      reason: 'Step failure: One or multiple steps failed.',
      steps: {
        IsTooHigh: ['Succeeded', { Condition: { Outcome: 'True' } }],
        Refuse: ['Failed', { Fail: { ErrorMessage: 'too high' } }],
      },
      parameters: [{ Name: 'Limit', Value: '3' }],
      executions: [true],
      missing: expect.stringContaining('Missing'),
      clash: ['ValidationException', expect.stringContaining('already exists')],
    })
  })
})

describe('the AWS CLI', () => {
  const aws = (...args: string[]) => clients.aws(local.endpoint, ...args)
  const sha = (content: Uint8Array) => createHash('sha256').update(content).digest('hex')

  it('copies, lists, synchronises and removes objects', { timeout: 120_000 }, async ({ skip }) => {
    const reason = await clients.missingAws()
    skip(reason !== undefined, reason)
    const folder = join(dir, 'cli')
    await mkdir(join(folder, 'up/sub'), { recursive: true })
    const content = randomBytes(20_000_000)
    await writeFile(join(folder, 'up/big.bin'), content)
    await writeFile(join(folder, 'up/sub/ä b.txt'), 'small')
    await aws('s3', 'mb', 's3://cli-bucket')
    await aws('s3', 'sync', join(folder, 'up'), 's3://cli-bucket/data')
    expect(await aws('s3', 'ls', 's3://cli-bucket/data/')).toMatch(/PRE sub\/\n.*20000000 big\.bin\n/)
    expect(await aws('s3', 'ls', '--recursive', 's3://cli-bucket')).toContain('data/sub/ä b.txt')
    await aws('s3', 'cp', 's3://cli-bucket/data/big.bin', 's3://cli-bucket/copy.bin')
    await aws('s3', 'cp', '--quiet', 's3://cli-bucket/copy.bin', join(folder, 'down.bin'))
    expect(sha(await readFile(join(folder, 'down.bin')))).toBe(sha(content))
    await aws('s3', 'sync', '--quiet', 's3://cli-bucket/data', join(folder, 'down'))
    expect((await readdir(join(folder, 'down'), { recursive: true })).sort()).toEqual(['big.bin', 'sub', 'sub/ä b.txt'])
    await aws('s3', 'rm', '--recursive', 's3://cli-bucket')
    await aws('s3', 'rb', 's3://cli-bucket')
    await expect(aws('s3', 'ls', 's3://cli-bucket')).rejects.toThrow('NoSuchBucket')
  })

  it('creates, starts and describes a pipeline', { timeout: 120_000 }, async ({ skip }) => {
    const reason = await clients.missingAws()
    skip(reason !== undefined, reason)
    const role = 'arn:aws:iam::000000000000:role/service-role/Local'
    await aws(
      'sagemaker',
      'create-pipeline',
      '--pipeline-name',
      'Cli',
      '--role-arn',
      role,
      '--pipeline-definition',
      definition,
    )
    const started = JSON.parse(
      await aws(
        'sagemaker',
        'start-pipeline-execution',
        '--pipeline-name',
        'Cli',
        '--pipeline-parameters',
        'Name=Limit,Value=2',
      ),
    )
    const arn: string = started.PipelineExecutionArn
    expect(arn).toMatch(/^arn:aws:sagemaker:us-east-1:000000000000:pipeline\/cli\/execution\/[a-z0-9]{12}$/i)
    const steps = JSON.parse(await aws('sagemaker', 'list-pipeline-execution-steps', '--pipeline-execution-arn', arn))
    expect(steps.PipelineExecutionSteps).toEqual([
      expect.objectContaining({ StepName: 'IsTooHigh', Metadata: { Condition: { Outcome: 'False' } } }),
    ])
    const execution = JSON.parse(await aws('sagemaker', 'describe-pipeline-execution', '--pipeline-execution-arn', arn))
    expect(execution).toMatchObject({
      PipelineExecutionStatus: 'Succeeded',
      CreationTime: expect.anything(),
    })
    await expect(aws('sagemaker', 'describe-pipeline', '--pipeline-name', 'Nothing')).rejects.toThrow(
      /\(ResourceNotFound\) when calling the DescribePipeline operation/,
    )
    expect(JSON.parse(await aws('sts', 'get-caller-identity'))).toMatchObject({ Account: '000000000000' })
  })
})
