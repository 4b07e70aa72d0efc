import { integer, join, pipeline, string, trainingStep } from 'foldwise'
import { experiment, role, sklearnImage, trainImage } from './shared.ts'

export default pipeline(
  'c02-training',
  {
    parameters: { InstanceType: string('ml.m5.large'), Out: string('s3://my-bucket/models'), MaxDepth: integer(5) },
    metadata: {},
    experiment,
  },
  p => {
    const generic = trainingStep('Generic', {
      arguments: {
        AlgorithmSpecification: {
          TrainingInputMode: 'File',
          TrainingImage: trainImage,
          MetricDefinitions: [{ Name: 'validation:auc', Regex: 'auc: (.*?);' }],
        },
        OutputDataConfig: { S3OutputPath: p.Out, KmsKeyId: 'ok' },
        StoppingCondition: { MaxRuntimeInSeconds: 7200, MaxWaitTimeInSeconds: 10800 },
        ResourceConfig: {
          VolumeSizeInGB: 100,
          VolumeKmsKeyId: 'vk',
          KeepAlivePeriodInSeconds: 600,
          InstanceCount: 2,
          InstanceType: p.InstanceType,
        },
        RoleArn: role,
        InputDataConfig: [
          {
            DataSource: {
              S3DataSource: {
                S3DataType: 'S3Prefix',
                S3Uri: 's3://my-bucket/train',
                S3DataDistributionType: 'ShardedByS3Key',
              },
            },
            CompressionType: 'Gzip',
            ContentType: 'text/csv',
            InputMode: 'Pipe',
            ChannelName: 'train',
          },
          {
            DataSource: {
              FileSystemDataSource: {
                FileSystemId: 'fs-0123456789abcdef0',
                FileSystemType: 'FSxLustre',
                DirectoryPath: '/fsx/x',
                FileSystemAccessMode: 'ro',
              },
            },
            ChannelName: 'fsx',
          },
        ],
        HyperParameters: { max_depth: join('', [p.MaxDepth]), eta: '0.2', name: 'x' },
        Environment: { STAGE: 'prod' },
        Tags: [{ Key: 'team', Value: 'ml' }],
        VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
        EnableNetworkIsolation: true,
        EnableInterContainerTrafficEncryption: true,
        EnableManagedSpotTraining: true,
        CheckpointConfig: { S3Uri: 's3://my-bucket/ckpt', LocalPath: '/opt/ml/checkpoints' },
        ProfilerConfig: { DisableProfiler: true },
        RetryStrategy: { MaximumRetryAttempts: 2 },
      },
      displayName: 'Train',
      description: 'd',
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
    const sKLearn = trainingStep('SKLearn', {
      arguments: {
        AlgorithmSpecification: { TrainingInputMode: 'File', TrainingImage: sklearnImage },
        OutputDataConfig: { S3OutputPath: 's3://sagemaker-us-west-2-111122223333/' },
        StoppingCondition: { MaxRuntimeInSeconds: 86400 },
        ResourceConfig: { VolumeSizeInGB: 30, InstanceCount: 1, InstanceType: 'ml.m5.large' },
        RoleArn: role,
        InputDataConfig: [
          {
            DataSource: {
              S3DataSource: {
                S3DataType: 'S3Prefix',
                S3Uri: generic.properties.OutputDataConfig.S3OutputPath,
                S3DataDistributionType: 'FullyReplicated',
              },
            },
            ChannelName: 'train',
          },
        ],
        HyperParameters: {
          sagemaker_submit_directory:
            '"s3://sagemaker-us-west-2-111122223333/TrainingAll/code/c693d046e2daaf58c1e6d41059c43d20c93b06b46cb5ee54e4bb6e1e4e4fd153/sourcedir.tar.gz"',
          sagemaker_program: '"train.py"',
          sagemaker_container_log_level: '20',
          sagemaker_region: '"us-west-2"',
        },
        DebugHookConfig: { S3OutputPath: 's3://sagemaker-us-west-2-111122223333/', CollectionConfigurations: [] },
        ProfilerConfig: { DisableProfiler: true },
      },
    })
    const debuggerAndProfilerDefault = trainingStep('DebuggerAndProfilerDefault', {
      arguments: {
        AlgorithmSpecification: { TrainingInputMode: 'File', TrainingImage: trainImage },
        OutputDataConfig: { S3OutputPath: 's3://my-bucket/dbg' },
        StoppingCondition: { MaxRuntimeInSeconds: 86400 },
        ResourceConfig: { VolumeSizeInGB: 30, InstanceCount: 1, InstanceType: 'ml.m5.large' },
        RoleArn: role,
        InputDataConfig: [
          {
            DataSource: {
              S3DataSource: {
                S3DataType: 'S3Prefix',
                S3Uri: 's3://my-bucket/train',
                S3DataDistributionType: 'FullyReplicated',
              },
            },
            ChannelName: 'training',
          },
        ],
        DebugRuleConfigurations: [
          {
            RuleConfigurationName: 'LossNotDecreasing',
            RuleEvaluatorImage: '895741380848.dkr.ecr.us-west-2.amazonaws.com/sagemaker-debugger-rules:latest',
            RuleParameters: { rule_to_invoke: 'LossNotDecreasing' },
          },
        ],
        DebugHookConfig: {
          S3OutputPath: 's3://my-bucket/dbg',
          CollectionConfigurations: [{ CollectionName: 'losses', CollectionParameters: { save_interval: '500' } }],
        },
        ProfilerRuleConfigurations: [
          {
            RuleConfigurationName: 'ProfilerReport',
            RuleEvaluatorImage: '895741380848.dkr.ecr.us-west-2.amazonaws.com/sagemaker-debugger-rules:latest',
            RuleParameters: {
              opt_out_telemetry: 'False',
              custom_rule_parameters: '{}',
              rule_to_invoke: 'ProfilerReport',
            },
          },
        ],
        ProfilerConfig: { S3OutputPath: 's3://my-bucket/dbg', DisableProfiler: false },
      },
      dependsOn: [sKLearn],
    })
    return [generic, sKLearn, debuggerAndProfilerDefault]
  },
)
