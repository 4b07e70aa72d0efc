import { pipeline, processingStep, trainingStep } from 'foldwise'
import { nodeImage, role, trainImage } from './shared.ts'

export default pipeline(
  'c25-custom-job-prefix-no-experiment',
  { parameters: {}, metadata: {}, experiment: null },
  () => {
    const pStep = processingStep('P', {
      jobNamePrefix: 'MyProc',
      arguments: {
        ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30 } },
        AppSpecification: { ImageUri: nodeImage },
        RoleArn: role,
      },
    })
    const t = trainingStep('T', {
      jobNamePrefix: 'MyTrain',
      arguments: {
        AlgorithmSpecification: { TrainingInputMode: 'File', TrainingImage: trainImage },
        OutputDataConfig: { S3OutputPath: 's3://sagemaker-us-west-2-111122223333/' },
        StoppingCondition: { MaxRuntimeInSeconds: 86400 },
        ResourceConfig: { VolumeSizeInGB: 30, InstanceCount: 1, InstanceType: 'ml.m5.large' },
        RoleArn: role,
        InputDataConfig: [
          {
            DataSource: {
              S3DataSource: {
                S3DataType: 'S3Prefix',
                S3Uri: 's3://my-bucket/x',
                S3DataDistributionType: 'FullyReplicated',
              },
            },
            ChannelName: 'training',
          },
        ],
        DebugHookConfig: { S3OutputPath: 's3://sagemaker-us-west-2-111122223333/', CollectionConfigurations: [] },
        ProfilerConfig: { DisableProfiler: true },
      },
    })
    return [pStep, t]
  },
)
