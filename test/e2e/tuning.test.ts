import { categorical, continuous, failStep, join, maximize, pipeline, tuningStep } from 'foldwise'
import { uploadFile } from 'foldwise/service'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { svmContainer } from '../../schemas/containers.ts'
import { type LocalPipelines, startLocalPipelines } from './local-pipeline.ts'

let local: LocalPipelines

beforeAll(async () => {
  local = await startLocalPipelines()
})
afterAll(() => local?.stop())

it('runs a tuning job written in our words', async () => {
  await uploadFile(local.clients, 'examples/iris/iris.csv', { bucket: 'tuning-tests', key: 'iris/iris.csv' })
  const data = { uri: 's3://tuning-tests/iris/', contentType: 'text/csv' }
  const made = pipeline('Tuned', {}, () => {
    const tune = tuningStep('Tune', {
      training: {
        image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/foldwise-training-svm:1',
        role: 'arn:aws:iam::111122223333:role/Role',
        instance: 'ml.m5.large',
        output: 's3://tuning-tests/models',
        channels: { train: data, validation: data },
        hyperparameters: { label: 'species', header: 'true', gamma: 'scale', C: 1 },
        metrics: svmContainer.metrics,
      },
      ranges: { C: continuous(0.1, 10, 'Logarithmic'), kernel: categorical(['linear', 'rbf']) },
      objective: maximize('validation:accuracy'),
      limits: { jobs: 3, parallel: 2 },
      randomSeed: 1,
    })
    const { BestTrainingJob } = tune.properties
    return [tune, failStep('Tell', { message: join('|', [BestTrainingJob.TrainingJobName, tune.topModel(0)]) })]
  })
  const { steps } = await local.run(made)
  expect(steps['Tune']).toMatchObject({ status: 'Succeeded' })
  const [best, model] = steps['Tell']?.reason?.split('|') ?? []
  expect(model).toBe(`s3://tuning-tests/models/${best}/output/model.tar.gz`)
  const { DescribeTrainingJobCommand, HeadObjectCommand } = {
    ...local.clients.sagemakerSdk,
    ...local.clients.s3Sdk,
  }
  const described = await local.clients.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: best }))
  expect(described.HyperParameters).toMatchObject({ label: 'species', gamma: 'scale' })
  expect(Number(described.HyperParameters?.['C'])).toBeGreaterThanOrEqual(0.1)
  await local.clients.s3.send(
    new HeadObjectCommand({ Bucket: 'tuning-tests', Key: model?.replace('s3://tuning-tests/', '') ?? '' }),
  )
})
