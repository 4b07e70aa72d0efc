import { failStep, modelStep, pipeline, transformStep } from 'foldwise'
import { experiment, role, trainImage } from './shared.ts'

export default pipeline('c08-estimator-transformer', { parameters: {}, metadata: {}, experiment }, () => {
  const eTCreateModelStep = modelStep('ETCreateModelStep', {
    arguments: {
      ExecutionRoleArn: role,
      PrimaryContainer: { Image: trainImage, Environment: {}, ModelDataUrl: 's3://my-bucket/m.tar.gz' },
    },
  })
  const eTTransformStep = transformStep('ETTransformStep', {
    arguments: {
      ModelName: eTCreateModelStep.properties.ModelName,
      TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://my-bucket/in' } } },
      TransformOutput: { S3OutputPath: null as never },
      TransformResources: { InstanceCount: 1, InstanceType: 'ml.m5.large' },
    },
  })
  const after = failStep('After', { message: 'x', dependsOn: [eTCreateModelStep, eTTransformStep] })
  return [eTCreateModelStep, eTTransformStep, after]
})
