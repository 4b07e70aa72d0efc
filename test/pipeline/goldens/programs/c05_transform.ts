import { pipeline, string, transformStep } from 'foldwise'
import { experiment } from './shared.ts'

export default pipeline(
  'c05-transform',
  { parameters: { InstanceType: string('ml.m5.large'), ModelName: string('m') }, metadata: {}, experiment },
  p => {
    const bT = transformStep('BT', {
      arguments: {
        ModelName: p.ModelName,
        TransformInput: {
          DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://my-bucket/in' } },
          ContentType: 'text/csv',
          CompressionType: 'Gzip',
          SplitType: 'Line',
        },
        TransformOutput: {
          S3OutputPath: 's3://my-bucket/bt',
          KmsKeyId: 'ok',
          AssembleWith: 'Line',
          Accept: 'text/csv',
        },
        TransformResources: { InstanceCount: 1, InstanceType: p.InstanceType, VolumeKmsKeyId: 'vk' },
        BatchStrategy: 'MultiRecord',
        MaxConcurrentTransforms: 2,
        MaxPayloadInMB: 6,
        Environment: { A: 'b' },
        Tags: [{ Key: 'k', Value: 'v' }],
        DataProcessing: { InputFilter: '$[1:]', OutputFilter: '$[-1]', JoinSource: 'Input' },
        ModelClientConfig: { InvocationsTimeoutInSeconds: 60, InvocationsMaxRetries: 1 },
      },
      cache: { expireAfter: 'P30D' },
      retry: [
        { on: ['Step.SERVICE_FAULT', 'Step.THROTTLING'], intervalSeconds: 1, backoffRate: 2, maxAttempts: 5 },
        {
          on: ['SageMaker.RESOURCE_LIMIT', 'SageMaker.JOB_INTERNAL_ERROR', 'SageMaker.CAPACITY_ERROR'],
          intervalSeconds: 60,
          backoffRate: 2,
          expireAfterMinutes: 60,
        },
      ],
    })
    return [bT]
  },
)
