import { expect, it } from 'vitest'
import { crossValidation, type CrossValidationOptions, csv, kFold, maximize, nodeSvm } from 'foldwise'
import { messageOf } from '../dsl/message-of.ts'

const made = (options: Partial<CrossValidationOptions> = {}) =>
  crossValidation({
    data: csv('s3://b/x/', { header: true, label: 'y' }),
    folds: kFold({ k: 3 }),
    training: nodeSvm(),
    objective: maximize('validation:accuracy'),
    baseline: 0.9,
    role: 'arn:aws:iam::111122223333:role/Role',
    output: 's3://bucket/cv',
    images: { processing: 'processing', training: 'training' },
    ...options,
  })

it('several instances split shares of the objects, and one aggregates', () => {
  const { split, aggregate } = made({ splitInstances: 4, processing: { instance: 'ml.c5.xlarge' } })
  expect(split.definition.Arguments).toMatchObject({
    ProcessingResources: { ClusterConfig: { InstanceCount: 4, InstanceType: 'ml.c5.xlarge' } },
    ProcessingInputs: [{ S3Input: { S3DataDistributionType: 'ShardedByS3Key' } }],
  })
  expect(aggregate.definition.Arguments).toMatchObject({
    ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.c5.xlarge' } },
  })
  expect(made({ splitInstances: 1 }).split.definition).toEqual(made().split.definition)
})

it('instances that cannot be, or cannot talk, are refused', () => {
  expect(messageOf(() => made({ splitInstances: 1.5 }))).toContain('splitInstances — 1.5 is no number of instances')
  expect(messageOf(() => made({ splitInstances: 2, jobs: { networkIsolation: true } }))).toContain(
    'which network isolation forbids',
  )
})
