import { afterEach, describe, expect, it } from 'vitest'
import { type AwsStub, startAwsStub } from '../support/aws-stub.ts'
import { folderWith, irisPipeline, runCli } from '../support/run-cli.ts'

const arn = 'arn:aws:sagemaker:eu-central-1:123456789012:pipeline/IrisCrossValidation'
const roleArn = 'arn:aws:iam::123456789012:role/PipelineRole'

let stub: AwsStub | undefined
afterEach(async () => {
  await stub?.close()
  stub = undefined
})

/** The environment of somebody who works with AWS; the SDK's own variable leads to the stub. */
const signedIn = ({ endpoint }: AwsStub) => ({
  AWS_ENDPOINT_URL_SAGEMAKER: endpoint,
  AWS_ENDPOINT_URL_S3: endpoint,
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'not-a-secret',
})

describe('commands against AWS', () => {
  it('upsert creates, and a second one finds nothing to send', async () => {
    let created: Record<string, unknown> | undefined
    let tags: unknown = []
    stub = await startAwsStub({
      DescribePipeline: () =>
        created === undefined
          ? { refuse: 'ResourceNotFound', message: 'no such pipeline' }
          : { PipelineArn: arn, PipelineDefinition: created['PipelineDefinition'], RoleArn: created['RoleArn'] },
      CreatePipeline: input => {
        created = input
        return { PipelineArn: arn }
      },
      AddTags: ({ Tags }) => {
        tags = Tags
        return { Tags }
      },
      ListTags: () => ({ Tags: tags }),
    })
    const args = ['upsert', irisPipeline, '--role-arn', roleArn, '--json']
    const first = await runCli(args, { env: signedIn(stub) })
    expect(first.stderr).toBe('')
    expect(JSON.parse(first.stdout)).toEqual({ name: 'IrisCrossValidation', action: 'created', arn, changes: [] })
    const second = await runCli(args, { env: signedIn(stub) })
    expect(JSON.parse(second.stdout)).toMatchObject({ action: 'unchanged' })
    expect(stub.calls.map(({ operation }) => operation)).toEqual([
      'DescribePipeline',
      'CreatePipeline',
      'AddTags',
      'DescribePipeline',
      'ListTags',
    ])
    expect(created).toMatchObject({ PipelineName: 'IrisCrossValidation', RoleArn: roleArn })
  })

  it('upsert warns of a function in another region than the target', { timeout: 120_000 }, async () => {
    await using folder = await folderWith({
      'd.json': JSON.stringify({
        Version: '2020-12-01',
        Steps: [
          {
            Name: 'Call',
            Type: 'Lambda',
            FunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:f',
            Arguments: {},
            OutputParameters: [],
          },
        ],
      }),
    })
    stub = await startAwsStub({ DescribePipeline: () => ({ refuse: 'ResourceNotFound', message: 'no' }) })
    const upsert = (...args: string[]) =>
      runCli(['upsert', 'd.json', ...args], { cwd: folder.path, env: signedIn(stub as AwsStub) })
    expect((await upsert()).stderr).toMatch(
      /warning FW5047 .*the function is in eu-west-1, the pipeline in eu-central-1/,
    )
    expect((await upsert('--region', 'eu-west-1')).stderr).not.toContain('FW5047')
  })

  it('upsert without a role for a new pipeline is wrong usage and creates nothing', async () => {
    stub = await startAwsStub({ DescribePipeline: () => ({ refuse: 'ResourceNotFound', message: 'no' }) })
    const { code, stderr } = await runCli(['upsert', irisPipeline], { env: signedIn(stub) })
    expect(stderr).toMatch(/^error .*pass --role-arn\.\n$/)
    expect(code).toBe(2)
  })

  it('start sends the values that were given, as strings, and prints the ARN of the execution', async () => {
    stub = await startAwsStub({
      StartPipelineExecution: () => ({ PipelineExecutionArn: `${arn}/execution/abcdefghijkl` }),
    })
    const { code, stdout, stderr } = await runCli(
      ['start', irisPipeline, '-p', 'C=10', '-p', 'kernel=rbf', '--max-parallel', '2', '--name', 'first'],
      { env: signedIn(stub) },
    )
    expect(stderr).toBe('')
    expect(stdout).toBe(`${arn}/execution/abcdefghijkl\n`)
    expect(code).toBe(0)
    expect(stub.calls[0]?.input).toMatchObject({
      PipelineName: 'IrisCrossValidation',
      PipelineExecutionDisplayName: 'first',
      PipelineParameters: [
        { Name: 'C', Value: '10' },
        { Name: 'kernel', Value: 'rbf' },
      ],
      ParallelismConfiguration: { MaxParallelExecutionSteps: 2 },
    })
  })

  it.each([
    ['unknown', 'Cc=1', /"?Cc"?.*no such parameter.*Did you mean "C"/],
    ['empty', 'kernel=', /kernel.*empty/],
    ['of the wrong type', 'C=much', /C.*"much" is no Float/],
    ['not in the enumeration', 'kernel=cubic', /kernel.*"cubic" is not allowed.*"?linear"?/],
    ['for k, which is fixed in the definition', 'k=7', /k is 5 and fixed in the definition.*kFold\(\{ k: 7 \}\)/],
  ])('start refuses a value that is %s, and sends nothing', async (_, assignment, sentence) => {
    stub = await startAwsStub({})
    const { code, stdout, stderr } = await runCli(['start', irisPipeline, '-p', assignment], { env: signedIn(stub) })
    expect(stderr).toMatch(sentence)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stdout).toBe('')
    expect(stub.calls).toEqual([])
    expect(code).toBe(2)
  })

  it('start refuses to leave out a value that has no default', async () => {
    await using folder = await folderWith({
      'pipeline.ts': `import { failStep, pipeline, string } from 'foldwise'
export default pipeline('P', { parameters: { Needed: string() } }, p => [failStep('Stop', { message: p.Needed })])
`,
    })
    stub = await startAwsStub({})
    const { code, stderr } = await runCli(['start', 'pipeline.ts'], { cwd: folder.path, env: signedIn(stub) })
    expect(stderr).toMatch(/Needed.*no value.*-p Needed=/)
    expect(stub.calls).toEqual([])
    expect(code).toBe(2)
  })

  it('start checks the values of a pipeline that is named, against what is deployed', async () => {
    const definition = JSON.stringify({
      Version: '2020-12-01',
      Parameters: [{ Name: 'N', Type: 'Integer' }],
      Steps: [],
    })
    stub = await startAwsStub({ DescribePipeline: () => ({ PipelineArn: arn, PipelineDefinition: definition }) })
    const { code, stderr } = await runCli(['start', 'Deployed', '-p', 'N=1.5'], { env: signedIn(stub) })
    expect(stderr).toMatch(/N.*"1.5" is no Integer/)
    expect(code).toBe(2)
  })

  it('start judges a selection of steps before it sends anything', { timeout: 120_000 }, async () => {
    const newest = { PipelineExecutionArn: `${arn}/execution/abcdefghijkl`, StartTime: 1_700_000_000 }
    let executions: object[] = [newest]
    stub = await startAwsStub({ ListPipelineExecutions: () => ({ PipelineExecutionSummaries: executions }) })
    const only = (steps: string, env = signedIn(stub as AwsStub)) =>
      runCli(['start', irisPipeline, '--only', steps], { env })
    expect(await only('TrainFinl')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean "TrainFinal"?'),
    })
    expect(await only('SplitFolds,RegisterModel')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/lie between selected steps/),
    })
    executions = []
    expect(await only('TrainFinal')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/need results of .*Name an earlier execution/),
    })
    expect(new Set(stub.calls.map(({ operation }) => operation))).toEqual(new Set(['ListPipelineExecutions']))
  })

  it('list, describe and watch show an execution, and a failed one gives exit code 1', async () => {
    const executionArn = `${arn}/execution/abcdefghijkl`
    const times = { StartTime: 1_700_000_000, EndTime: 1_700_000_090 }
    stub = await startAwsStub({
      ListPipelines: () => ({
        PipelineSummaries: [{ PipelineName: 'IrisCrossValidation', PipelineArn: arn, CreationTime: 1_700_000_000 }],
      }),
      ListPipelineExecutions: () => ({
        PipelineExecutionSummaries: [
          { PipelineExecutionArn: executionArn, PipelineExecutionStatus: 'Failed', StartTime: 1_700_000_000 },
        ],
      }),
      DescribePipelineExecution: () => ({
        PipelineExecutionArn: executionArn,
        PipelineExecutionStatus: 'Failed',
        FailureReason: 'Step failure: One or multiple steps failed.',
      }),
      ListPipelineExecutionSteps: () => ({
        PipelineExecutionSteps: [
          {
            StepName: 'TrainFold-0',
            StepStatus: 'Succeeded',
            ...times,
            Metadata: { TrainingJob: { Arn: 'arn:aws:sagemaker:eu-central-1:1:training-job/job-0' } },
          },
          { StepName: 'TrainFold-1', StepStatus: 'Failed', ...times, FailureReason: 'AlgorithmError: out of flowers' },
          { StepName: 'TrainFold-2', StepStatus: 'Failed', ...times, FailureReason: 'CapacityError: no capacity.' },
        ],
      }),
      ListPipelineParametersForExecution: () => ({ PipelineParameters: [{ Name: 'C', Value: '10' }] }),
      DescribePipelineDefinitionForExecution: () => ({ PipelineDefinition: '{"Version":"2020-12-01","Steps":[]}' }),
      DescribeTrainingJob: () => ({
        FinalMetricDataList: [
          { MetricName: 'validation:accuracy', Value: 0.9666666388511658, Timestamp: 1_700_000_000 },
        ],
      }),
    })
    const env = signedIn(stub)
    const [pipelines, executions, described, watched] = await Promise.all([
      runCli(['list'], { env }),
      runCli(['list', 'IrisCrossValidation', '--json'], { env }),
      runCli(['describe', 'IrisCrossValidation'], { env }),
      runCli(['watch', executionArn], { env }),
    ])
    expect(pipelines.stdout).toMatch(/IrisCrossValidation {2}2023-11-14 22:13:20/)
    expect(JSON.parse(executions.stdout)).toMatchObject({ executions: [{ executionArn, status: 'Failed' }] })
    expect(described.stdout).toMatch(/TrainFold-0 +Succeeded +1 min 30 s +validation:accuracy 0\.966667/)
    expect(described.stdout).toMatch(/TrainFold-1 +Failed +1 min 30 s +AlgorithmError: out of flowers/)
    expect(described.stdout).toMatch(
      /\nTrainFold-2: AWS has no free instance of this type\n.*SageMaker\.CAPACITY_ERROR/,
    )
    expect(described.code).toBe(0)
    expect(watched.stderr).toMatch(/TrainFold-0 +succeeded +1 min 30 s +validation:accuracy 0\.966667/)
    expect(watched.stdout).toContain('TrainFold-1: AlgorithmError: out of flowers')
    expect(watched.code).toBe(1)
  })
})

describe('an AWS set-up that is not complete', () => {
  it('without credentials says how to sign in', async () => {
    stub = await startAwsStub({})
    const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _key, ...env } = signedIn(stub)
    const { code, stdout, stderr } = await runCli(['list'], { env })
    expect(stderr).toMatch(
      /^error AWS: no credentials were found for SageMaker ListPipelines — .*--profile.*--local\.\n$/,
    )
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })

  it('without a region says how to choose one', async () => {
    const { code, stderr } = await runCli(['list'], { env: { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' } })
    expect(stderr).toMatch(/^error AWS: no region is configured — .*--region.*AWS_REGION.*\n$/)
    expect(code).toBe(1)
  })

  it('with a profile that does not exist names it', async () => {
    const { code, stderr } = await runCli(['list', '--profile', 'nobody', '--region', 'eu-central-1'])
    expect(stderr).toMatch(/^error .*nobody.*\n$/)
    expect(code).toBe(1)
  })

  it('reads AWS_DEFAULT_REGION as the AWS CLI does, and --region before it', async () => {
    stub = await startAwsStub({ DescribePipeline: () => ({ refuse: 'ResourceNotFound', message: 'no' }) })
    const { AWS_REGION: _region, ...env } = signedIn(stub)
    const byVariable = await runCli(['start', 'Nothing'], { env: { ...env, AWS_DEFAULT_REGION: 'ap-south-1' } })
    expect(byVariable.stderr).toContain('"Nothing" does not exist in ap-south-1')
    const byFlag = await runCli(['start', 'Nothing', '--region', 'eu-west-3'], {
      env: { ...env, AWS_DEFAULT_REGION: 'ap-south-1' },
    })
    expect(byFlag.stderr).toContain('"Nothing" does not exist in eu-west-3')
  })
})
