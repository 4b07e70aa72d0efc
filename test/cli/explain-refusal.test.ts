import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type AwsStub, type StubAnswer, startAwsStub } from '../support/aws-stub.ts'
import { folderWith, runCli } from '../support/run-cli.ts'

/** A pipeline with nothing that the judge minds, and a member on line 5 that an older service does not know. */
const program = `import { pipeline, processingStep, string } from 'foldwise'

export default pipeline('P', { parameters: { Image: string('111122223333.dkr.ecr.eu-west-1.amazonaws.com/own:1') } }, p => [
  processingStep('First', { arguments: ${processing('{}')} }),
  processingStep('Second', { arguments: ${processing("{ MODE: 'odd' }")} }),
])
`

function processing(environment: string): string {
  return `{
    AppSpecification: { ImageUri: p.Image },
    Environment: ${environment},
    ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 30 } },
    RoleArn: 'arn:aws:iam::111122223333:role/r',
  }`.replaceAll(/\n\s*/g, ' ')
}

let stub: AwsStub | undefined
afterEach(async () => {
  await stub?.close()
  stub = undefined
})

async function cli(args: string[], answer: StubAnswer, operation: string) {
  await using folder = await folderWith({ 'pipeline.ts': program })
  stub = await startAwsStub({
    DescribePipeline: () => ({ refuse: 'ResourceNotFound', message: 'no such pipeline' }),
    [operation]: () => answer,
  })
  const result = await runCli(args, {
    cwd: folder.path,
    env: {
      AWS_ENDPOINT_URL_SAGEMAKER: stub.endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    },
  })
  return { ...result, file: join(folder.path, 'pipeline.ts') }
}

const upsert = (message: string) =>
  cli(
    ['upsert', 'pipeline.ts', '--role-arn', 'arn:aws:iam::111122223333:role/r'],
    { refuse: 'ValidationException', message },
    'CreatePipeline',
  )

describe('a refusal of the service', () => {
  it.each([
    [
      "Unable to parse pipeline definition. Unknown Argument member 'MODE'.",
      5,
      '"Second", Steps[1].Arguments.Environment.MODE: the service does not know the argument "MODE". Remove it',
      'FW5001',
    ],
    [
      "Unable to parse pipeline definition. Model Validation failed: Value 'odd' for 'ProcessingEnvironmentValue' failed to satisfy enum value set: [even]",
      5,
      '"Second", Steps[1].Arguments.Environment.MODE: "odd" is not allowed for ProcessingEnvironmentValue. Use one of the values',
      'FW5002',
    ],
    [
      'Unable to parse pipeline definition. Cannot assign property reference [Parameters.Image] to argument of type [Integer]',
      4,
      '"First", Steps[0].Arguments.AppSpecification.ImageUri: "Parameters.Image" is of another type than Integer.',
      'FW3012',
    ],
  ])('of an upsert comes back with the line of the program: %s', async (message, line, says, code) => {
    const { stderr, stdout, file, code: exitCode } = await upsert(message)
    expect(stderr).toContain(`error SageMaker CreatePipeline was refused with ValidationException: ${message}\n`)
    expect(stderr).toContain(`  ${file}:${line}  ${says}`)
    expect(stderr).toContain(`"foldwise explain ${code}" says more.`)
    expect(stdout).toBe('')
    expect(exitCode).toBe(1)
  })

  it('that Foldwise cannot read stays as it is', async () => {
    const { stderr } = await upsert('The quota of something is used up.')
    expect(stderr).toBe(
      'error SageMaker CreatePipeline was refused with ValidationException: The quota of something is used up.\n',
    )
  })

  it('of a start comes back with the line of the program', async () => {
    const message = 'Invalid SourcePipelineExecutionArn: null. The selected steps [Second] have dependencies on [First]'
    const { stderr, file, code } = await cli(
      ['start', 'pipeline.ts'],
      { refuse: 'ValidationException', message },
      'StartPipelineExecution',
    )
    expect(stderr).toContain(`  ${file}:5  "Second", Steps[1]: the results of First are needed by Second`)
    expect(stderr).toContain('(--from)')
    expect(code).toBe(1)
  })
})
