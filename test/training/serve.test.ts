import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle } from '../support/bundle.ts'
import { bucket, get, type LocalEngine, openLocalEngine, role } from '../support/local-engine.ts'
import { irisHeader, irisRecords } from './iris.ts'

let local: LocalEngine
const image = '000000000000.dkr.ecr.us-east-1.amazonaws.com/foldwise-training-svm:1'

/** Every record without its label, and the labels. */
const features = irisRecords.map(record => record.slice(0, record.lastIndexOf(',')))
const labels = irisRecords.map(record => record.slice(record.lastIndexOf(',') + 1))

beforeAll(async () => {
  local = await openLocalEngine({})
  const containersDir = join(local.folder, 'containers')
  await mkdir(containersDir)
  await copyFile(await bundle('training/main.ts'), join(containersDir, 'train.mjs'))
  local = await local.reopen({ containersDir })
  await local.put('iris/iris.csv', `${[irisHeader, ...irisRecords].join('\n')}\n`)
  await local.put('ask/flowers.csv', `${features.join('\n')}\n`)
  const { execution, steps } = await local.run([
    {
      Name: 'Train',
      Type: 'Training',
      Arguments: {
        AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: 'File' },
        HyperParameters: { header: 'true' },
        InputDataConfig: [
          {
            ChannelName: 'train',
            DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${bucket}/iris/` } },
          },
        ],
        OutputDataConfig: { S3OutputPath: `s3://${bucket}/models` },
        ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 },
        StoppingCondition: { MaxRuntimeInSeconds: 600 },
        RoleArn: role,
      },
    },
    {
      Name: 'Model',
      Type: 'Model',
      Arguments: {
        PrimaryContainer: { Image: image, ModelDataUrl: get('Steps.Train.ModelArtifacts.S3ModelArtifacts') },
      },
    },
    {
      Name: 'Config',
      Type: 'EndpointConfig',
      Arguments: {
        ProductionVariants: [
          {
            VariantName: 'All',
            ModelName: get('Steps.Model.ModelName'),
            ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 4 },
          },
        ],
      },
    },
    {
      Name: 'Endpoint',
      Type: 'Endpoint',
      Arguments: { EndpointName: 'iris', EndpointConfigName: get('Steps.Config.EndpointConfigName') },
    },
    {
      Name: 'Transform',
      Type: 'Transform',
      Arguments: {
        ModelName: get('Steps.Model.ModelName'),
        TransformInput: {
          ContentType: 'text/csv',
          SplitType: 'Line',
          DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${bucket}/ask/` } },
        },
        TransformOutput: { S3OutputPath: `s3://${bucket}/answers` },
        TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
      },
    },
  ])
  expect(execution['PipelineExecutionStatus'], JSON.stringify(steps)).toBe('Succeeded')
}, 60_000)
afterAll(() => local.close())

const invoke = async (body: string, contentType = 'text/csv') => {
  const answer = await local.engine.endpoints.invoke({ endpoint: 'iris', contentType, body: Buffer.from(body) })
  return answer.body.toString()
}

test('the trained Iris model answers behind an endpoint with one class per record', async () => {
  const answered = (await invoke(features.join('\n'))).trimEnd().split('\n')
  expect(answered).toHaveLength(150)
  expect(answered.filter((label, index) => label === labels[index]).length).toBeGreaterThanOrEqual(144)
  expect(await invoke(`${irisHeader.slice(0, irisHeader.lastIndexOf(','))}\n${features[0]}\n`)).toBe(`${labels[0]}\n`)
})

test('a batch transform gives the same classes as the endpoint', async () => {
  expect(await local.text('answers/flowers.csv.out')).toBe(await invoke(features.join('\n')))
})

test('a request that the model cannot read is answered with what is wrong', async () => {
  await expect(invoke('1,2,3')).rejects.toThrow(/client error \(400\).*3 cells, but the model has 4 features/)
  await expect(invoke('1,2,3,x')).rejects.toThrow(/"x" is not a finite number/)
  await expect(invoke('{}', 'application/json')).rejects.toThrow(/\(415\).*send text\/csv/)
})
