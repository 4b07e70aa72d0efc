import { execution, failStep, join, pipeline, string, trainingStep } from 'foldwise'
import { experiment, role } from './shared.ts'

export default pipeline('c16-notebook-job', { parameters: { X: string('x') }, metadata: {}, experiment }, p => {
  const nB = trainingStep('NB', {
    jobNamePrefix: 'nbjob',
    arguments: {
      RoleArn: role,
      RetryStrategy: { MaximumRetryAttempts: 1 },
      StoppingCondition: { MaxRuntimeInSeconds: 172800 },
      EnableInterContainerTrafficEncryption: true,
      AlgorithmSpecification: {
        TrainingImage: '111122223333.dkr.ecr.us-west-2.amazonaws.com/nb:1',
        TrainingInputMode: 'File',
        ContainerEntrypoint: ['amazon_sagemaker_scheduler'],
      },
      InputDataConfig: [
        {
          ChannelName: 'sagemaker_headless_execution_pipelinestep',
          DataSource: {
            S3DataSource: {
              S3DataType: 'S3Prefix',
              S3Uri: 's3://my-bucket/root/NotebookAll/NB/input-2025-01-01-00-00-00-000',
              S3DataDistributionType: 'FullyReplicated',
            },
          },
        },
      ],
      OutputDataConfig: {
        S3OutputPath: join('/', ['s3://my-bucket/root', 'NotebookAll', execution.PipelineExecutionId, 'NB']),
        KmsKeyId: 'k',
      },
      ResourceConfig: { VolumeSizeInGB: 30, InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeKmsKeyId: 'vk' },
      VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
      Tags: [
        { Key: 'a', Value: 'b' },
        { Key: 'sagemaker:name', Value: 'nbjob' },
        { Key: 'sagemaker:notebook-name', Value: 'nb.ipynb' },
        { Key: 'sagemaker:notebook-job-origin', Value: 'PIPELINE_STEP' },
        { Key: 'sagemaker:is-studio-archived', Value: 'false' },
      ],
      Environment: {
        E: p.X,
        AWS_DEFAULT_REGION: 'us-west-2',
        SM_JOB_DEF_VERSION: '1.0',
        SM_ENV_NAME: 'sagemaker-default-env',
        SM_SKIP_EFS_SIMULATION: 'true',
        SM_EXECUTION_INPUT_PATH: '/opt/ml/input/data/sagemaker_headless_execution_pipelinestep',
        SM_KERNEL_NAME: 'python3',
        SM_INPUT_NOTEBOOK_NAME: 'nb.ipynb',
        SM_OUTPUT_NOTEBOOK_NAME: 'nbjob.ipynb',
        SM_INIT_SCRIPT: 'preprocess.py',
      },
      HyperParameters: { p: p.X },
    },
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
  const f = failStep('F', {
    message: join(',', [
      nB.properties.TrainingJobName,
      nB.properties.TrainingJobStatus,
      nB.properties.InputDataConfig[0].DataSource.S3DataSource.S3Uri,
      nB.properties.OutputDataConfig.S3OutputPath,
      nB.properties.Environment['SM_INPUT_NOTEBOOK_NAME']!,
      nB.properties.Environment['SM_OUTPUT_NOTEBOOK_NAME']!,
    ]),
  })
  return [nB, f]
})
