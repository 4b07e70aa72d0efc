import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import iris from '../../examples/iris/pipeline.ts'
import { type LocalSageMaker, startLocalSageMaker } from '../../local/index.ts'
import { renderDefinition } from '../../pipeline/definition/index.ts'
import { findPythonClients } from './python-clients.ts'

const clients = findPythonClients()
const seen: { arn?: string } = {}
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

it('runs the Iris cross-validation for boto3, from the upload to the registered model', { timeout: 120_000 }, async ({
  skip,
}) => {
  const reason = await clients.missing('boto3')
  skip(reason !== undefined, reason)
  const file = join(dir, 'definition.json')
  await writeFile(file, renderDefinition(iris.document))
  const result = (await clients.python('boto3_iris.py', local.endpoint, file, 'examples/iris/iris.csv')) as {
    arn: string
  }
  seen.arn = result.arn
  const folds = Array.from({ length: 5 }, (_, i) => `TrainFold-${i}`)
  expect(result).toMatchObject({
    status: 'Succeeded',
    steps: [...folds, 'AggregateFolds', 'CompareWithBaseline', 'RegisterModel', 'SplitFolds', 'TrainFinal'].sort(),
    statuses: ['Succeeded'],
    trainings: ['Completed'],
    processing: ['Completed'],
    artifacts: true,
    metrics: expect.arrayContaining(['validation:accuracy']),
    mean: 0.98,
    approval: 'PendingManualApproval',
    package: expect.stringMatching(/:model-package\/IrisClassifier\/1$/i),
  })
})

it('lists and describes the same execution for the AWS CLI', { timeout: 120_000 }, async ({ skip }) => {
  const reason =
    (await clients.missingAws()) ?? (seen.arn === undefined ? 'there is no execution that boto3 ran' : undefined)
  skip(reason !== undefined, reason)
  const aws = async (...args: string[]) => JSON.parse(await clients.aws(local.endpoint, 'sagemaker', ...args))
  const listed = await aws('list-pipeline-executions', '--pipeline-name', 'BotoIris')
  expect(listed.PipelineExecutionSummaries).toEqual([
    expect.objectContaining({ PipelineExecutionArn: seen.arn, PipelineExecutionStatus: 'Succeeded' }),
  ])
  const steps = await aws('list-pipeline-execution-steps', '--pipeline-execution-arn', seen.arn!, '--max-items', '4')
  expect(steps.PipelineExecutionSteps).toHaveLength(4)
  expect(steps.NextToken).toEqual(expect.any(String))
})
