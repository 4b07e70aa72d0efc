import { describe, expect, it } from 'vitest'
import { processingStep, trainingStep } from 'foldwise'
import { messageOf } from './message-of.ts'

const common = { image: 'i', role: 'r', instance: 'ml.m5.large' } as const
const split = processingStep('Split', {
  ...common,
  inputs: { data: { uri: 's3://b/data', path: '/opt/ml/processing/input' } },
  outputs: { train: { uri: 's3://b/train', path: '/opt/ml/processing/train' } },
})
const train = trainingStep('Train', { ...common, output: 's3://b/m', metrics: { 'validation:accuracy': 'a=(.*)' } })

describe('a property reference', () => {
  it('collects members, positions, map keys and names of declared things', () => {
    const { properties } = train
    expect(properties.ModelArtifacts.S3ModelArtifacts.json).toEqual({
      Get: 'Steps.Train.ModelArtifacts.S3ModelArtifacts',
    })
    expect(properties.InputDataConfig[0].ChannelName.json).toEqual({
      Get: 'Steps.Train.InputDataConfig[0].ChannelName',
    })
    expect(properties.Environment['A.B']?.json).toEqual({ Get: "Steps.Train.Environment['A.B']" })
    expect(properties.FinalMetricDataList['validation:accuracy'].Value.json).toEqual({
      Get: "Steps.Train.FinalMetricDataList['validation:accuracy'].Value",
    })
    expect(split.properties.ProcessingOutputConfig.Outputs.train.S3Output.S3Uri.json).toEqual({
      Get: "Steps.Split.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri",
    })
    expect(split.properties.ProcessingInputs.data.S3Input.S3Uri.json).toEqual({
      Get: "Steps.Split.ProcessingInputs['data'].S3Input.S3Uri",
    })
  })

  it('knows the type of a leaf from the service model', () => {
    const { properties } = train
    expect(properties.TrainingJobName.valueType).toBe('String')
    expect(properties.CreationTime.valueType).toBe('String')
    expect(properties.ResourceConfig.InstanceCount.valueType).toBe('Integer')
    expect(properties.EnableManagedSpotTraining.valueType).toBe('Boolean')
    expect(properties.FinalMetricDataList['validation:accuracy'].Value.valueType).toBe('Float')
  })

  it('refuses a member the service does not have, with the nearest name', () => {
    // @ts-expect-error the compiler refuses it too
    expect(messageOf(() => train.properties.ModelArtefacts)).toBe(
      'Steps.Train — it has no member "ModelArtefacts". Did you mean "ModelArtifacts"?',
    )
    // @ts-expect-error the compiler refuses it too
    expect(messageOf(() => train.properties.ModelArtifacts.S3Model)).toContain(
      'Steps.Train.ModelArtifacts — it has no member "S3Model".',
    )
  })

  it('refuses an output, input or metric that the step does not declare', () => {
    // @ts-expect-error the compiler refuses it too
    expect(messageOf(() => split.properties.ProcessingOutputConfig.Outputs.trian)).toBe(
      `Steps.Split.ProcessingOutputConfig.Outputs['trian'] — the step declares no output "trian". Did you mean "train"?`,
    )
    // @ts-expect-error the compiler refuses it too
    expect(messageOf(() => split.properties.ProcessingInputs.dat)).toContain(
      'the step declares no input "dat". Did you mean "data"?',
    )
    // @ts-expect-error the compiler refuses it too
    expect(messageOf(() => train.properties.FinalMetricDataList['validation:acc'])).toContain(
      'the step declares no metric "validation:acc".',
    )
  })

  it('takes any metric of a step that declares none, because built-in algorithms bring their own', () => {
    const builtIn = trainingStep('BuiltIn', { ...common, output: 's3://b/m' })
    expect(builtIn.properties.FinalMetricDataList['validation:rmse']?.Value.json).toEqual({
      Get: "Steps.BuiltIn.FinalMetricDataList['validation:rmse'].Value",
    })
  })

  it('reads the declared names of a verbatim request', () => {
    const verbatim = processingStep('Verbatim', {
      arguments: {
        AppSpecification: { ImageUri: 'i' },
        RoleArn: 'r',
        ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 } },
        ProcessingOutputConfig: { Outputs: [{ OutputName: 'report' }] },
      },
    })
    expect(verbatim.properties.ProcessingOutputConfig.Outputs.report.OutputName.json).toBeDefined()
    // @ts-expect-error the compiler refuses it too
    expect(messageOf(() => verbatim.properties.ProcessingOutputConfig.Outputs.raport)).toContain(
      'Did you mean "report"?',
    )
  })

  it('refuses a name where a position is due', () => {
    expect(messageOf(() => train.properties.InputDataConfig['train' as unknown as number])).toBe(
      'Steps.Train.InputDataConfig — it is a list, and "train" is no position in it; write [0], [1], ….',
    )
  })

  it('cannot be spread, looped over, listed or written to', () => {
    const sentence = 'what it holds is not known until the pipeline runs'
    expect(messageOf(() => ({ ...train.properties.Environment }))).toContain(sentence)
    expect(messageOf(() => [...(train.properties.InputDataConfig as unknown as Iterable<unknown>)])).toContain(sentence)
    expect(messageOf(() => Object.keys(train.properties))).toContain(sentence)
    expect(messageOf(() => Object.assign(train.properties, { RoleArn: 'x' }))).toContain(
      'it cannot be assigned to ("RoleArn")',
    )
  })

  it('to a whole structure is refused where a value is due', () => {
    const act = () => trainingStep('Next', { ...common, output: train.properties.OutputDataConfig as never })
    expect(messageOf(act)).toBe(
      'Step "Next": Arguments.OutputDataConfig.S3OutputPath — Steps.Train.OutputDataConfig is a whole structure, and the service takes single values only; name the member you need.',
    )
  })
})
