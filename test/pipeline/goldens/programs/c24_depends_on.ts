import { conditionStep, equals, failStep, modelStep, pipeline, reference, trainingStep } from 'foldwise'
import { experiment, pytorchImage, role, sklearnImage } from './shared.ts'

export default pipeline('c24-depends-on', { parameters: {}, metadata: {}, experiment }, () => {
  const a = failStep('A', { message: 'A' })
  const mRepackModelPT = trainingStep('M-RepackModel-PT', {
    arguments: {
      AlgorithmSpecification: { TrainingInputMode: 'File', TrainingImage: sklearnImage },
      OutputDataConfig: { S3OutputPath: 's3://sagemaker-us-west-2-111122223333/PT' },
      StoppingCondition: { MaxRuntimeInSeconds: 86400 },
      ResourceConfig: { VolumeSizeInGB: 30, InstanceCount: 1, InstanceType: 'ml.m5.large' },
      RoleArn: role,
      InputDataConfig: [
        {
          DataSource: {
            S3DataSource: {
              S3DataType: 'S3Prefix',
              S3Uri: reference('Parameters.MD'),
              S3DataDistributionType: 'FullyReplicated',
            },
          },
          ChannelName: 'training',
        },
      ],
      HyperParameters: {
        inference_script: '"inference.py"',
        model_archive: reference('Parameters.MD'),
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
    description: 'Used to repack a model with customer scripts for a register/create model step',
  })
  const mCreateModel = modelStep('M-CreateModel', {
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
        ModelDataUrl: mRepackModelPT.properties.ModelArtifacts.S3ModelArtifacts,
      },
    },
  })
  const b = failStep('B', { message: 'B', dependsOn: [a, mRepackModelPT, mCreateModel] })
  const c = failStep('C', { message: 'C', dependsOn: [mRepackModelPT, mCreateModel] })
  const cond = conditionStep('Cond', {
    conditions: [equals(1, 1)],
    ifSteps: [failStep('D', { message: 'D', dependsOn: [a] })],
    elseSteps: [failStep('E', { message: 'E' })],
    dependsOn: [mRepackModelPT, mCreateModel],
  })
  const g = failStep('G', { message: 'G', dependsOn: [cond] })
  return [a, mRepackModelPT, mCreateModel, b, c, cond, g]
})
