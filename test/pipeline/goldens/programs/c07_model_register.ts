import { pipeline, registerModelStep, string, trainingStep } from 'foldwise'
import { experiment, nodeImage, pytorchImage, role, sklearnImage, trainImage } from './shared.ts'

export default pipeline(
  'c07-model-register',
  {
    parameters: { ModelData: string('s3://my-bucket/model.tar.gz'), Approval: string('PendingManualApproval') },
    metadata: {},
    experiment,
  },
  p => {
    const fullRegisterModel = registerModelStep('Full-RegisterModel', {
      arguments: {
        ModelPackageGroupName: 'G',
        ModelPackageDescription: 'pkg',
        ModelMetrics: {
          ModelQuality: {
            Statistics: { ContentType: 'application/json', S3Uri: 's3://my-bucket/stat.json' },
            Constraints: { ContentType: 'application/json', S3Uri: 's3://my-bucket/cons.json' },
          },
          ModelDataQuality: {
            Statistics: { ContentType: 'application/json', S3Uri: 's3://my-bucket/ds.json' },
            Constraints: { ContentType: 'application/json', S3Uri: 's3://my-bucket/dc.json' },
          },
          Bias: {
            Report: { ContentType: 'application/json', S3Uri: 's3://my-bucket/bias.json' },
            PreTrainingReport: { ContentType: 'application/json', S3Uri: 's3://my-bucket/bpre.json' },
            PostTrainingReport: { ContentType: 'application/json', S3Uri: 's3://my-bucket/bpost.json' },
          },
          Explainability: { Report: { ContentType: 'application/json', S3Uri: 's3://my-bucket/exp.json' } },
        },
        DriftCheckBaselines: {
          ModelQuality: {
            Statistics: { ContentType: 'application/json', S3Uri: 's3://my-bucket/dstat.json' },
            Constraints: { ContentType: 'application/json', S3Uri: 's3://my-bucket/dcons.json' },
          },
          ModelDataQuality: {
            Statistics: { ContentType: 'application/json', S3Uri: 's3://my-bucket/dds.json' },
            Constraints: { ContentType: 'application/json', S3Uri: 's3://my-bucket/ddc.json' },
          },
          Bias: {
            PreTrainingConstraints: { ContentType: 'application/json', S3Uri: 's3://my-bucket/dbpre.json' },
            PostTrainingConstraints: { ContentType: 'application/json', S3Uri: 's3://my-bucket/dbpost.json' },
          },
          Explainability: { Constraints: { ContentType: 'application/json', S3Uri: 's3://my-bucket/dexp.json' } },
        },
        CustomerMetadataProperties: { a: '1' },
        Domain: 'MACHINE_LEARNING',
        SamplePayloadUrl: 's3://my-bucket/p.csv',
        Task: 'CLASSIFICATION',
        SourceUri: 's3://my-bucket/src',
        InferenceSpecification: {
          Containers: [
            {
              Image: trainImage,
              Environment: { A: 'b' },
              ModelDataUrl: p.ModelData,
              Framework: 'SKLEARN',
              FrameworkVersion: '1.2',
              NearestModelName: 'xgb',
              ModelInput: { DataInputConfig: '{"x":[1]}' },
            },
          ],
          SupportedContentTypes: ['text/csv'],
          SupportedResponseMIMETypes: ['application/json'],
          SupportedRealtimeInferenceInstanceTypes: ['ml.m5.large'],
          SupportedTransformInstanceTypes: ['ml.m5.large'],
        },
        ModelApprovalStatus: p.Approval,
        SkipModelValidation: 'All',
      },
      retry: [{ on: ['Step.SERVICE_FAULT', 'Step.THROTTLING'], intervalSeconds: 1, backoffRate: 2, maxAttempts: 5 }],
    })
    const repackedRepackModelPT = trainingStep('Repacked-RepackModel-PT', {
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
      dependsOn: [fullRegisterModel],
      description: 'Used to repack a model with customer scripts for a register/create model step',
    })
    const repackedRegisterModel = registerModelStep('Repacked-RegisterModel', {
      arguments: {
        ModelPackageGroupName: 'G',
        InferenceSpecification: {
          Containers: [
            {
              Image: pytorchImage,
              Environment: {
                SAGEMAKER_PROGRAM: 'inference.py',
                SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code',
                SAGEMAKER_CONTAINER_LOG_LEVEL: '20',
                SAGEMAKER_REGION: 'us-west-2',
              },
              ModelDataUrl: repackedRepackModelPT.properties.ModelArtifacts.S3ModelArtifacts,
              Framework: 'PYTORCH',
              FrameworkVersion: '2.1',
            },
          ],
          SupportedContentTypes: ['text/csv'],
          SupportedResponseMIMETypes: ['application/json'],
          SupportedRealtimeInferenceInstanceTypes: ['ml.m5.large'],
          SupportedTransformInstanceTypes: ['ml.m5.large'],
        },
        ModelApprovalStatus: 'PendingManualApproval',
        SkipModelValidation: 'None',
      },
    })
    const serialRegisterModel = registerModelStep('Serial-RegisterModel', {
      arguments: {
        ModelPackageGroupName: 'G',
        InferenceSpecification: {
          Containers: [
            { Image: trainImage, Environment: {}, ModelDataUrl: p.ModelData },
            { Image: nodeImage, Environment: {}, ModelDataUrl: p.ModelData },
          ],
          SupportedContentTypes: ['text/csv'],
          SupportedResponseMIMETypes: ['application/json'],
          SupportedRealtimeInferenceInstanceTypes: ['ml.m5.large'],
          SupportedTransformInstanceTypes: ['ml.m5.large'],
        },
        ModelApprovalStatus: 'PendingManualApproval',
        SkipModelValidation: 'None',
      },
    })
    const legacyRegisterModel = registerModelStep('Legacy-RegisterModel', {
      arguments: {
        ModelPackageGroupName: 'G',
        InferenceSpecification: {
          Containers: [{ Image: trainImage, ModelDataUrl: p.ModelData }],
          SupportedContentTypes: ['text/csv'],
          SupportedResponseMIMETypes: ['application/json'],
          SupportedRealtimeInferenceInstanceTypes: ['ml.m5.large'],
          SupportedTransformInstanceTypes: ['ml.m5.large'],
        },
        ModelApprovalStatus: 'Approved',
        SkipModelValidation: 'None',
      },
      dependsOn: [serialRegisterModel],
    })
    return [fullRegisterModel, repackedRepackModelPT, repackedRegisterModel, serialRegisterModel, legacyRegisterModel]
  },
)
