import { describe, expect, it } from 'vitest'
import { modelStep, pipeline, repackModel, trainingStep } from 'foldwise'
import { buildGraph, definitionHash } from '../../../pipeline/definition/index.ts'
import { renderProgram } from '../../../pipeline/import/index.ts'
import { validateDefinition } from '../../../pipeline/validate/index.ts'
import { messageOf } from '../dsl/message-of.ts'
import { evaluate } from '../import/evaluate.ts'

const role = 'arn:aws:iam::111122223333:role/Role'
const job = {
  image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/foldwise-processing:1',
  role,
  source: '../../fixtures/inference',
  entryPoint: 'inference.py',
  code: { bucket: 'code-bucket' },
  output: { bucket: 'bucket', prefix: 'models' },
} as const

describe('repackModel', () => {
  const made = pipeline('P', {}, () => {
    const train = trainingStep('Train', {
      image: job.image,
      role,
      instance: 'ml.m5.large',
      output: 's3://bucket/models',
    })
    const repack = repackModel('Repack', { ...job, modelData: train.properties.ModelArtifacts.S3ModelArtifacts })
    const model = modelStep('Model', {
      image: 'image',
      role,
      modelData: repack.modelData,
      environment: repack.environment,
    })
    return [train, repack, model]
  })

  it('is one visible processing step in which the judge finds nothing', () => {
    const { document } = made
    expect(document.Steps.map(({ Name, Type }) => [Name, Type])).toEqual([
      ['Train', 'Training'],
      ['Repack', 'Processing'],
      ['Model', 'Model'],
    ])
    expect(validateDefinition(document)).toEqual([])
    expect(definitionHash(evaluate(renderProgram(document, { name: 'P' })).document)).toBe(definitionHash(document))
  })

  it('stands between the training and the model, which knows where its program lies', () => {
    const { predecessors } = buildGraph(made.document)
    expect([...(predecessors.get('Repack') ?? [])]).toEqual(['Train'])
    expect([...(predecessors.get('Model') ?? [])]).toEqual(['Repack'])
    expect(made.document.Steps[2]?.Arguments).toMatchObject({
      PrimaryContainer: {
        Environment: { SAGEMAKER_PROGRAM: 'inference.py', SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code' },
        ModelDataUrl: {
          'Std:Join': {
            On: '',
            Values: [{ Get: "Steps.Repack.ProcessingOutputConfig.Outputs['model'].S3Output.S3Uri" }, '/model.tar.gz'],
          },
        },
      },
    })
  })

  it('uploads the code below its digest', () => {
    const [asset] = made.assets
    expect(asset?.key).toMatch(/^foldwise\/code\/[0-9a-f]{64}\/sourcedir\.tar\.gz$/)
    expect(made.document.Steps[1]?.Arguments).toMatchObject({
      ProcessingInputs: [{ InputName: 'model' }, { S3Input: { S3Uri: `s3://code-bucket/${asset?.key}` } }],
    })
  })

  it('refuses a folder without the program', () => {
    expect(
      messageOf(() => repackModel('Repack', { ...job, modelData: 's3://b/m.tar.gz', entryPoint: 'inferense.py' })),
    ).toBe(
      'repackModel "Repack": entryPoint — the source has no "inferense.py"; name a file in it. Did you mean "inference.py"?',
    )
  })
})
