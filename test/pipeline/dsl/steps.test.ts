import { describe, expect, it } from 'vitest'
import { failStep, join, execution, processingStep, registerModelStep, trainingStep, transformStep } from 'foldwise'
import { messageOf } from './message-of.ts'

describe('trainingStep', () => {
  it('writes the whole request from concise options', () => {
    const step = trainingStep('Train', {
      image: 'image',
      instance: { type: 'ml.p3.2xlarge', count: 2, volumeSizeInGB: 100 },
      role: 'role',
      output: 's3://b/models',
      channels: {
        train: { uri: 's3://b/train/', contentType: 'text/csv', inputMode: 'FastFile', sharded: true },
        extra: { uri: 's3://b/list.manifest', manifest: true, compression: 'Gzip' },
        validation: 's3://b/validation/',
        test: join`s3://b/${execution.PipelineExecutionId}/`,
      },
      hyperparameters: { epochs: 5 },
      metrics: { 'validation:accuracy': 'acc=([0-9.]+)' },
      inputMode: 'File',
      entrypoint: ['python3', 'train.py'],
      containerArguments: ['--fast'],
      maxRuntimeInSeconds: 600,
      spot: { maxWaitTimeInSeconds: 1200 },
      checkpoints: 's3://b/checkpoints',
      environment: { LEVEL: 'debug' },
      vpc: { subnets: ['subnet-1'], securityGroupIds: ['sg-1'] },
      kmsKey: 'key',
      networkIsolation: true,
      tags: { team: 'a' },
    })
    expect(step.definition.Arguments).toEqual({
      AlgorithmSpecification: {
        TrainingImage: 'image',
        TrainingInputMode: 'File',
        ContainerEntrypoint: ['python3', 'train.py'],
        ContainerArguments: ['--fast'],
        MetricDefinitions: [{ Name: 'validation:accuracy', Regex: 'acc=([0-9.]+)' }],
      },
      RoleArn: 'role',
      HyperParameters: { epochs: '5' },
      InputDataConfig: [
        {
          ChannelName: 'train',
          DataSource: {
            S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://b/train/', S3DataDistributionType: 'ShardedByS3Key' },
          },
          ContentType: 'text/csv',
          InputMode: 'FastFile',
        },
        {
          ChannelName: 'extra',
          DataSource: {
            S3DataSource: {
              S3DataType: 'ManifestFile',
              S3Uri: 's3://b/list.manifest',
              S3DataDistributionType: 'FullyReplicated',
            },
          },
          CompressionType: 'Gzip',
        },
        {
          ChannelName: 'validation',
          DataSource: {
            S3DataSource: {
              S3DataType: 'S3Prefix',
              S3Uri: 's3://b/validation/',
              S3DataDistributionType: 'FullyReplicated',
            },
          },
        },
        {
          ChannelName: 'test',
          DataSource: {
            S3DataSource: {
              S3DataType: 'S3Prefix',
              S3Uri: { 'Std:Join': { On: '', Values: ['s3://b/', { Get: 'Execution.PipelineExecutionId' }, '/'] } },
              S3DataDistributionType: 'FullyReplicated',
            },
          },
        },
      ],
      OutputDataConfig: { S3OutputPath: 's3://b/models', KmsKeyId: 'key' },
      ResourceConfig: { InstanceType: 'ml.p3.2xlarge', InstanceCount: 2, VolumeSizeInGB: 100, VolumeKmsKeyId: 'key' },
      StoppingCondition: { MaxRuntimeInSeconds: 600, MaxWaitTimeInSeconds: 1200 },
      EnableManagedSpotTraining: true,
      CheckpointConfig: { S3Uri: 's3://b/checkpoints' },
      Environment: { LEVEL: 'debug' },
      VpcConfig: { SecurityGroupIds: ['sg-1'], Subnets: ['subnet-1'] },
      EnableNetworkIsolation: true,
      Tags: [{ Key: 'team', Value: 'a' }],
    })
  })

  const least = { image: 'image', instance: 'ml.m5.large', role: 'role', output: 's3://b/models' } as const

  it('writes only what is given, and the defaults of a job', () => {
    expect(trainingStep('Train', least).definition.Arguments).toEqual({
      AlgorithmSpecification: { TrainingImage: 'image', TrainingInputMode: 'File' },
      RoleArn: 'role',
      OutputDataConfig: { S3OutputPath: 's3://b/models' },
      ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30 },
      StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    })
  })

  it('lays arguments over what the options give, lists replaced whole', () => {
    const step = trainingStep('Train', {
      ...least,
      containerArguments: ['a', 'b'],
      arguments: {
        AlgorithmSpecification: { ContainerArguments: ['c'] },
        ResourceConfig: { KeepAlivePeriodInSeconds: 300 },
        ProfilerConfig: { DisableProfiler: true },
      },
    })
    expect(step.definition.Arguments).toMatchObject({
      AlgorithmSpecification: { TrainingImage: 'image', ContainerArguments: ['c'] },
      ResourceConfig: { InstanceType: 'ml.m5.large', KeepAlivePeriodInSeconds: 300 },
      ProfilerConfig: { DisableProfiler: true },
    })
  })

  it('writes a verbatim request as it is', () => {
    const request = { RoleArn: 'role', OutputDataConfig: { S3OutputPath: 's3://b/m' }, HyperParameters: { a: '1' } }
    expect(trainingStep('Train', { arguments: request }).definition.Arguments).toEqual(request)
  })

  it('writes a job name only as the prefix that a pipeline with its own job prefixes wants', () => {
    const step = trainingStep('Train', { ...least, jobNamePrefix: 'iris' })
    expect(step.definition.Arguments).toMatchObject({ TrainingJobName: 'iris' })
  })

  it('asks for its options when it has neither an image nor arguments', () => {
    expect(messageOf(() => trainingStep('Train', {} as never))).toBe(
      'Step "Train" — it has neither "image" nor "arguments"; give image and the other options, or the whole request as arguments.',
    )
  })
})

describe('processingStep', () => {
  it('writes the whole request from concise options', () => {
    const step = processingStep('Prepare', {
      image: 'image',
      instance: 'ml.m5.large',
      role: 'role',
      entrypoint: ['node', 'main.mjs'],
      containerArguments: ['--k', 5],
      inputs: {
        data: { uri: 's3://b/data/', path: '/opt/ml/processing/data' },
        list: { uri: 's3://b/list', path: '/opt/ml/processing/list', manifest: true, sharded: true },
      },
      outputs: { out: { path: '/opt/ml/processing/out', uri: 's3://b/out', continuous: true } },
      environment: { N: 5 },
      vpc: { subnets: ['subnet-1'], securityGroupIds: ['sg-1'] },
      kmsKey: 'key',
      tags: { team: 'a' },
    })
    expect(step.definition.Arguments).toEqual({
      AppSpecification: {
        ImageUri: 'image',
        ContainerEntrypoint: ['node', 'main.mjs'],
        ContainerArguments: ['--k', '5'],
      },
      RoleArn: 'role',
      Environment: { N: '5' },
      ProcessingInputs: [
        {
          InputName: 'data',
          S3Input: {
            S3Uri: 's3://b/data/',
            LocalPath: '/opt/ml/processing/data',
            S3DataType: 'S3Prefix',
            S3InputMode: 'File',
            S3DataDistributionType: 'FullyReplicated',
          },
        },
        {
          InputName: 'list',
          S3Input: {
            S3Uri: 's3://b/list',
            LocalPath: '/opt/ml/processing/list',
            S3DataType: 'ManifestFile',
            S3InputMode: 'File',
            S3DataDistributionType: 'ShardedByS3Key',
          },
        },
      ],
      ProcessingOutputConfig: {
        Outputs: [
          {
            OutputName: 'out',
            S3Output: { S3Uri: 's3://b/out', LocalPath: '/opt/ml/processing/out', S3UploadMode: 'Continuous' },
          },
        ],
        KmsKeyId: 'key',
      },
      ProcessingResources: {
        ClusterConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30, VolumeKmsKeyId: 'key' },
      },
      StoppingCondition: { MaxRuntimeInSeconds: 3600 },
      NetworkConfig: { VpcConfig: { SecurityGroupIds: ['sg-1'], Subnets: ['subnet-1'] } },
      Tags: [{ Key: 'team', Value: 'a' }],
    })
  })
})

describe('registerModelStep', () => {
  it('writes the whole request from concise options, pending approval by default', () => {
    const step = registerModelStep('Register', {
      group: 'Group',
      image: 'image',
      modelData: 's3://b/model.tar.gz',
      contentTypes: ['text/csv'],
      responseTypes: ['application/json'],
      inferenceInstances: ['ml.m5.large'],
      modelQuality: 's3://b/evaluation.json',
      environment: { A: 1 },
      metadata: { commit: 'abc' },
    })
    expect(step.definition).toEqual({
      Name: 'Register',
      Type: 'RegisterModel',
      Arguments: {
        ModelPackageGroupName: 'Group',
        ModelApprovalStatus: 'PendingManualApproval',
        InferenceSpecification: {
          Containers: [{ Image: 'image', ModelDataUrl: 's3://b/model.tar.gz', Environment: { A: '1' } }],
          SupportedContentTypes: ['text/csv'],
          SupportedResponseMIMETypes: ['application/json'],
          SupportedRealtimeInferenceInstanceTypes: ['ml.m5.large'],
        },
        ModelMetrics: {
          ModelQuality: { Statistics: { ContentType: 'application/json', S3Uri: 's3://b/evaluation.json' } },
        },
        CustomerMetadataProperties: { commit: 'abc' },
      },
    })
    expect(step.properties.ModelPackageArn.json).toEqual({ Get: 'Steps.Register.ModelPackageArn' })
  })
})

describe('failStep', () => {
  it('takes a message of text and references', () => {
    const step = failStep('Stop', { message: join`bad ${execution.PipelineName}` })
    expect(step.definition).toEqual({
      Name: 'Stop',
      Type: 'Fail',
      Arguments: { ErrorMessage: { 'Std:Join': { On: '', Values: ['bad ', { Get: 'Execution.PipelineName' }] } } },
    })
  })
})

describe('a concise transform', () => {
  it('has words for keys, filters, and the client of the model', () => {
    const step = transformStep('Score', {
      model: 'm',
      instance: { type: 'ml.m5.large' },
      input: 's3://b/in/',
      output: 's3://b/out',
      kmsKey: 'key',
      inputFilter: '$[1:]',
      outputFilter: '$[0,-1]',
      joinSource: 'Input',
      invocationTimeoutInSeconds: 60,
      invocationRetries: 0,
    })
    expect(step.definition.Arguments).toMatchObject({
      TransformOutput: { S3OutputPath: 's3://b/out', KmsKeyId: 'key' },
      TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeKmsKeyId: 'key' },
      DataProcessing: { InputFilter: '$[1:]', OutputFilter: '$[0,-1]', JoinSource: 'Input' },
      ModelClientConfig: { InvocationsTimeoutInSeconds: 60, InvocationsMaxRetries: 0 },
    })
    const own = transformStep('Score', {
      model: 'm',
      instance: 'ml.m5.large',
      input: 's3://b/in/',
      output: { uri: 's3://b/out', kmsKey: 'other' },
      kmsKey: 'key',
    })
    expect(own.definition.Arguments).toMatchObject({ TransformOutput: { KmsKeyId: 'other' } })
    expect(own.definition.Arguments).not.toHaveProperty('DataProcessing')
  })
})
