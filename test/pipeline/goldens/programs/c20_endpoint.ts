import {
  endpointConfigStep,
  endpointStep,
  failStep,
  inferenceComponentStep,
  modelStep,
  pipeline,
  string,
} from 'foldwise'
import { experiment, role, trainImage } from './shared.ts'

export default pipeline(
  'c20-endpoint',
  { parameters: { InstanceType: string('ml.m5.large') }, metadata: {}, experiment },
  p => {
    const mCreateModel = modelStep('M-CreateModel', {
      arguments: {
        ExecutionRoleArn: role,
        PrimaryContainer: { Image: trainImage, Environment: {}, ModelDataUrl: 's3://my-bucket/m.tar.gz' },
      },
    })
    const eC = endpointConfigStep('EC', {
      arguments: {
        EndpointConfigName: 'ec',
        ExecutionRoleArn: role,
        ProductionVariants: [
          {
            VariantName: 'AllTraffic',
            ModelName: mCreateModel.properties.ModelName,
            InstanceType: p.InstanceType,
            InitialInstanceCount: 1,
          },
        ],
        Tags: [{ Key: 'k', Value: 'v' }],
      },
      cache: { expireAfter: 'P30D' },
      retry: [{ on: ['Step.SERVICE_FAULT', 'Step.THROTTLING'], intervalSeconds: 1, backoffRate: 2, maxAttempts: 5 }],
    })
    const eP = endpointStep('EP', {
      arguments: { EndpointName: 'ep', EndpointConfigName: eC.properties.EndpointConfigName },
      cache: { expireAfter: 'P30D' },
    })
    const iC = inferenceComponentStep('IC', {
      arguments: {
        InferenceComponentName: 'ic',
        EndpointName: eP.properties.EndpointName,
        VariantName: 'AllTraffic',
        Specification: {
          ModelName: mCreateModel.properties.ModelName,
          ComputeResourceRequirements: { NumberOfCpuCoresRequired: 2, MinMemoryRequiredInMb: 1024 },
        },
        RuntimeConfig: { CopyCount: 1 },
      },
    })
    const f = failStep('F', { message: iC.properties.InferenceComponentArn })
    return [mCreateModel, eC, eP, iC, f]
  },
)
