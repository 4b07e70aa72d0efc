import { describe, expect, it } from 'vitest'
import { execution, join, pipeline, qualityCheckStep, qualityJob } from 'foldwise'
import { definitionHash } from '../../../pipeline/definition/index.ts'
import { renderProgram } from '../../../pipeline/import/index.ts'
import { validateDefinition } from '../../../pipeline/validate/index.ts'
import { messageOf } from '../dsl/message-of.ts'
import { evaluate } from '../import/evaluate.ts'

const job = {
  image: '159807026194.dkr.ecr.us-west-2.amazonaws.com/sagemaker-model-monitor-analyzer',
  role: 'arn:aws:iam::111122223333:role/Role',
  dataset: 's3://bucket/data.csv',
  format: { csv: { header: true } },
  output: join`s3://bucket/quality/${execution.PipelineExecutionId}`,
} as const

describe('qualityJob', () => {
  it('is the job of a check in which the judge finds nothing', () => {
    const { document } = pipeline('P', {}, () =>
      qualityCheckStep('Check', {
        check: 'MODEL_QUALITY',
        modelPackageGroup: 'group',
        arguments: qualityJob({
          ...job,
          model: { problem: 'Regression', inference: 'prediction', groundTruth: 'label' },
          kmsKey: 'arn:aws:kms:us-west-2:111122223333:key/1',
          vpc: { subnets: ['subnet-1'], securityGroupIds: ['sg-1'] },
          networkIsolation: true,
          maxRuntimeInSeconds: 1800,
          environment: { MODE: 'x' },
          tags: { a: 'b' },
        }),
      }),
    )
    expect(validateDefinition(document)).toEqual([])
    expect(definitionHash(evaluate(renderProgram(document, { name: 'P' })).document)).toBe(definitionHash(document))
    expect(document.Steps[0]?.Arguments).toMatchObject({
      Environment: {
        MODE: 'x',
        dataset_format: '{"csv": {"header": true}}',
        analysis_type: 'MODEL_QUALITY',
        problem_type: 'Regression',
        inference_attribute: 'prediction',
      },
      ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.xlarge', VolumeSizeInGB: 30 } },
      StoppingCondition: { MaxRuntimeInSeconds: 1800 },
    })
  })

  it.each([
    [{ format: { json: { lines: true } } }, '{"json": {"lines": true}}'],
    [{ format: { parquet: {} } }, '{"parquet": {}}'],
  ] as const)('writes the format of %j', (more, text) => {
    expect(qualityJob({ ...job, ...more }).Environment).toMatchObject({ dataset_format: text })
  })

  it('refuses scripts that a check does not run or find', () => {
    expect(messageOf(() => qualityJob({ ...job, preprocessor: 's3://b/a.py', model: { problem: 'Regression' } }))).toBe(
      'qualityJob: preprocessor — a check of a model runs none; leave it out.',
    )
    expect(messageOf(() => qualityJob({ ...job, postprocessor: 's3://bucket/folder/' }))).toMatch(
      /names no script in S3/,
    )
  })
})
