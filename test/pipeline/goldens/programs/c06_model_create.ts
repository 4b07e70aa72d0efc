import { modelStep, pipeline, string, trainingStep, transformStep } from 'foldwise'
import { experiment, nodeImage, pytorchImage, role, sklearnImage, trainImage } from './shared.ts'

export default pipeline(
  'c06-model-create',
  { parameters: { ModelData: string('s3://my-bucket/model.tar.gz') }, metadata: {}, experiment },
  p => {
    const createCreateModel = modelStep('Create-CreateModel', {
      arguments: {
        ExecutionRoleArn: role,
        PrimaryContainer: { Image: trainImage, Environment: { A: 'b' }, ModelDataUrl: p.ModelData },
        VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
        EnableNetworkIsolation: true,
      },
      displayName: 'dn',
      description: 'dd',
      retry: [{ on: ['Step.SERVICE_FAULT', 'Step.THROTTLING'], intervalSeconds: 1, backoffRate: 2, maxAttempts: 5 }],
    })
    const createRepackRepackModelPT = trainingStep('CreateRepack-RepackModel-PT', {
      arguments: {
        AlgorithmSpecification: { TrainingInputMode: 'File', TrainingImage: sklearnImage },
        OutputDataConfig: { S3OutputPath: 's3://sagemaker-us-west-2-111122223333/PT' },
        StoppingCondition: { MaxRuntimeInSeconds: 86400 },
        ResourceConfig: { VolumeSizeInGB: 30, InstanceCount: 1, InstanceType: 'ml.m5.large' },
        RoleArn: role,
        InputDataConfig: [
          {
            DataSource: {
              S3DataSource: { S3DataType: 'S3Prefix', S3Uri: p.ModelData, S3DataDistributionType: 'FullyReplicated' },
            },
            ChannelName: 'training',
          },
        ],
        HyperParameters: {
          inference_script: '"inference.py"',
          model_archive: p.ModelData,
          dependencies: 'null',
          source_dir: 'null',
          sagemaker_submit_directory:
            '"s3://sagemaker-us-west-2-111122223333/sagemaker-scikit-learn-2025-01-01-00-00-00-000/source/sourcedir.tar.gz"',
          sagemaker_program: '"_repack_script_launcher.sh"',
          sagemaker_container_log_level: '20',
          sagemaker_region: '"us-west-2"',
        },
        DebugHookConfig: { S3OutputPath: 's3://sagemaker-us-west-2-111122223333/PT', CollectionConfigurations: [] },
        ProfilerConfig: { DisableProfiler: true },
      },
      dependsOn: [createCreateModel],
      description: 'Used to repack a model with customer scripts for a register/create model step',
      retry: [
        {
          on: ['SageMaker.RESOURCE_LIMIT', 'SageMaker.JOB_INTERNAL_ERROR', 'SageMaker.CAPACITY_ERROR'],
          intervalSeconds: 60,
          backoffRate: 2,
          expireAfterMinutes: 60,
        },
      ],
    })
    const createRepackCreateModel = modelStep('CreateRepack-CreateModel', {
      arguments: {
        ExecutionRoleArn: role,
        PrimaryContainer: {
          Image: pytorchImage,
          Environment: {
            SAGEMAKER_PROGRAM: 'inference.py',
            SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code',
            SAGEMAKER_CONTAINER_LOG_LEVEL: '20',
            SAGEMAKER_REGION: 'us-west-2',
          },
          ModelDataUrl: createRepackRepackModelPT.properties.ModelArtifacts.S3ModelArtifacts,
        },
      },
      retry: [{ on: ['Step.SERVICE_FAULT', 'Step.THROTTLING'], intervalSeconds: 1, backoffRate: 2, maxAttempts: 5 }],
    })
    const createSerialCreateModel = modelStep('CreateSerial-CreateModel', {
      arguments: {
        ExecutionRoleArn: role,
        Containers: [
          { Image: trainImage, Environment: {}, ModelDataUrl: p.ModelData },
          { Image: nodeImage, Environment: {}, ModelDataUrl: p.ModelData },
        ],
      },
    })
    const legacyCreate = modelStep('LegacyCreate', {
      arguments: {
        ExecutionRoleArn: role,
        PrimaryContainer: { Image: trainImage, Environment: { A: 'b' }, ModelDataUrl: p.ModelData },
        VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
        EnableNetworkIsolation: true,
      },
    })
    const bT = transformStep('BT', {
      arguments: {
        ModelName: createCreateModel.properties.ModelName,
        TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://my-bucket/in' } } },
        TransformOutput: { S3OutputPath: 's3://my-bucket/bt' },
        TransformResources: { InstanceCount: 1, InstanceType: 'ml.m5.large' },
      },
    })
    return [
      createCreateModel,
      createRepackRepackModelPT,
      createRepackCreateModel,
      createSerialCreateModel,
      legacyCreate,
      bT,
    ]
  },
)
