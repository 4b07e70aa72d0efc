import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { diagnoseFailure } from '../../cli/diagnose-failure.ts'
import { examine, thisInstallation } from '../../cli/doctor-checks.ts'
import { type AwsStub, startAwsStub } from '../support/aws-stub.ts'
import { folderWith, runCli } from '../support/run-cli.ts'

interface Report {
  readonly checks: readonly { readonly check: string; readonly verdict: string; readonly detail: string }[]
}

async function doctor(cwd: string, args: string[] = [], env: Readonly<Record<string, string>> = {}) {
  const { code, stdout } = await runCli(['doctor', '--json', ...args], { cwd, env })
  const { checks } = JSON.parse(stdout) as Report
  return { code, of: (name: string) => checks.find(({ check }) => check === name) }
}

let stub: AwsStub | undefined
afterEach(async () => {
  await stub?.close()
  stub = undefined
})

const signedIn = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'not-a-secret' }

describe('foldwise doctor', () => {
  it('passes on a machine without AWS, container engine, Python and configuration, and notes that they are missing', async () => {
    await using folder = await folderWith()
    const { code, of } = await doctor(folder.path, [], { PATH: folder.path })
    expect(code).toBe(0)
    for (const check of ['node', 'container programs', 'state folder', 'loopback']) {
      expect(of(check)).toMatchObject({ verdict: 'ok' })
    }
    expect(of('docker')).toMatchObject({ verdict: 'missing', detail: expect.stringContaining('docker or podman') })
    expect(of('python')).toMatchObject({ verdict: 'missing' })
    expect(of('aws region')).toMatchObject({
      verdict: 'missing',
      detail: expect.stringContaining('only needed for AWS'),
    })
    expect(of('aws credentials')).toMatchObject({ verdict: 'missing' })
    expect(of('aws access')).toMatchObject({ verdict: 'missing' })
    expect(of('configuration')).toMatchObject({ verdict: 'missing' })
  })

  it('fails on a Node that is too old, and without the container programs', async () => {
    await using folder = await folderWith()
    const findings = await examine({
      ...thisInstallation,
      nodeVersion: '18.19.0',
      containerPrograms: join(folder.path, 'nothing'),
      stateDir: folder.path,
      region: undefined,
      profile: undefined,
    })
    expect(findings).toContainEqual({ check: 'node', verdict: 'broken', detail: 'v18.19.0, 20 or later is needed' })
    expect(findings).toContainEqual({
      check: 'container programs',
      verdict: 'broken',
      detail: 'split.mjs, aggregate.mjs, train.mjs is not built: run "npm run build"',
    })
  })

  it('fails when the state cannot be written where it is wanted', async () => {
    await using folder = await folderWith({ file: '' })
    const { code, of } = await doctor(folder.path, ['--state', 'file/state'])
    expect(of('state folder')).toMatchObject({ verdict: 'broken', detail: expect.stringContaining('is no folder') })
    expect(code).toBe(1)
  })

  it.each([
    ['that does not compile', 'export default {', /foldwise\.config\.ts/],
    ['that throws', "throw new Error('no licence')", /no licence/],
    ['with a wrong member', 'export default { images: [{}] }', /images\[0\]/],
    ['without an export', 'const x = 1', /default export is missing/],
  ])('fails on a configuration %s, and names the file', async (_, text, says) => {
    await using folder = await folderWith({ 'foldwise.config.ts': text })
    const { code, of } = await doctor(folder.path)
    expect(of('configuration')).toMatchObject({ verdict: 'broken', detail: expect.stringMatching(says) })
    expect(of('configuration')?.detail).toContain('foldwise.config.ts')
    expect(code).toBe(1)
  })

  it('fails on an AWS configuration that cannot be read, which the SDK passes over', async () => {
    await using folder = await folderWith({ 'config/file': '' })
    const { code, of } = await doctor(folder.path, [], { AWS_CONFIG_FILE: join(folder.path, 'config') })
    expect(of('aws files')).toMatchObject({
      verdict: 'broken',
      detail: expect.stringMatching(/config cannot be read .*EISDIR/),
    })
    expect(code).toBe(1)
  })

  it('fails for a profile that is named and gives no credentials', async () => {
    await using folder = await folderWith()
    const { code, of } = await doctor(folder.path, ['--profile', 'nobody', '--region', 'eu-central-1'])
    expect(of('aws credentials')).toMatchObject({ verdict: 'broken', detail: expect.stringContaining('"nobody"') })
    expect(code).toBe(1)
  })

  it('fails when SageMaker refuses the credentials, or does not answer at the endpoint', {
    timeout: 120_000,
  }, async () => {
    await using folder = await folderWith()
    const listing = { PipelineSummaries: [] }
    let answer: object = listing
    stub = await startAwsStub({ ListPipelines: () => answer })
    const env = { ...signedIn, AWS_ENDPOINT_URL_SAGEMAKER: stub.endpoint }
    const well = await doctor(folder.path, [], env)
    expect(well.of('aws access')).toMatchObject({ verdict: 'ok', detail: 'SageMaker answers in eu-central-1' })
    expect(well.code).toBe(0)
    answer = { refuse: 'UnrecognizedClientException', message: 'The security token is invalid.' }
    const refused = await doctor(folder.path, [], env)
    expect(refused.of('aws access')).toMatchObject({
      verdict: 'broken',
      detail: expect.stringContaining('the credentials are not valid'),
    })
    expect(refused.code).toBe(1)
    await stub.close()
    stub = undefined
    const gone = await doctor(folder.path, [], env)
    expect(gone.of('aws access')).toMatchObject({
      verdict: 'broken',
      detail: expect.stringMatching(/cannot be reached .*ECONNREFUSED.*check the network, the region/),
    })
    expect(gone.code).toBe(1)
  })

  it('fails for a region that does not exist', { timeout: 120_000 }, async () => {
    await using folder = await folderWith()
    const { AWS_REGION: _region, ...credentials } = signedIn
    const { code, of } = await doctor(folder.path, ['--region', 'eu-cental-1'], credentials)
    expect(of('aws access')).toMatchObject({
      verdict: 'broken',
      detail: expect.stringContaining('check the network, the region'),
    })
    expect(code).toBe(1)
  })
})

describe('a failure that doctor is asked about', () => {
  it('of a role names all actions that the step calls', { timeout: 120_000 }, async () => {
    await using folder = await folderWith()
    const reason =
      'ClientError: Failed to invoke sagemaker:CreateTrainingJob. Error Details: User: arn:aws:sts::111122223333:assumed-role/Pipeline/SageMaker is not authorized to perform: sagemaker:CreateTrainingJob on resource: arn:aws:sagemaker:eu-west-1:111122223333:training-job/pipelines-x because no identity-based policy allows it'
    const { code, stdout } = await runCli(['doctor', reason, '--json'], { cwd: folder.path })
    expect(JSON.parse(stdout)).toMatchObject({
      cause: expect.stringContaining('may not call sagemaker:CreateTrainingJob on arn:aws:sagemaker'),
      actions: [
        'sagemaker:CreateTrainingJob',
        'sagemaker:DescribeTrainingJob',
        'sagemaker:StopTrainingJob',
        'sagemaker:AddTags',
        'iam:PassRole',
      ],
    })
    expect(code).toBe(0)
    const unknown = await runCli(['doctor', 'AlgorithmError: the flowers wilted'], { cwd: folder.path })
    expect(unknown).toMatchObject({ code: 1, stdout: expect.stringContaining('does not know this failure') })
  })

  it.each([
    [
      'lambda',
      'User: x is not authorized to perform: lambda:InvokeFunction.',
      /Allow lambda:InvokeFunction in a policy/,
    ],
    ['a script', 'AlgorithmError: exec /opt/ml/processing/code/run.sh: permission denied', /chmod \+x run\.sh/],
    [
      'a script of Node',
      'spawn /opt/ml/code/train.py EACCES',
      /chmod \+x train\.py.*"python3", "\/opt\/ml\/code\/train\.py"/,
    ],
    [
      'a quota',
      "ResourceLimitExceeded: The account-level service limit 'ml.m5.large for training job usage' is 2 Instances, with current utilization of 2 Instances",
      /--max-parallel.*SageMaker\.RESOURCE_LIMIT/,
    ],
    ['capacity', 'CapacityError: Unable to provision requested ML compute capacity.', /SageMaker\.CAPACITY_ERROR/],
    ['another processor', 'exec /usr/bin/node: exec format error', /linux\/amd64/],
    ['memory', 'AlgorithmError: , exit code: 137', /larger instance/],
  ])('of %s says what to do', (_, reason, says) => {
    expect(diagnoseFailure(reason)?.advice).toMatch(says)
  })

  it('ends at once on a text that is long and odd', () => {
    const start = performance.now()
    for (const piece of ['permission denied ', '/a', 'EACCES/', 'not authorized to perform: '])
      diagnoseFailure(piece.repeat(200_000))
    expect(performance.now() - start).toBeLessThan(2_000)
  })
})
