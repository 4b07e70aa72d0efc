import {
  conditionStep,
  float,
  greaterThanOrEqualTo,
  integer,
  join,
  jsonGet,
  pipeline,
  processingStep,
  registerModelStep,
  string,
  trainingStep,
} from 'foldwise'
import { experiment } from './shared.ts'

export default pipeline(
  'b2-modern-sdk-2-257-6-registermodel',
  {
    parameters: {
      ProcessingInstanceCount: integer(1),
      ProcessingInstanceType: string('ml.m5.xlarge'),
      TrainingInstanceType: string('ml.m5.xlarge'),
      TrainingInstanceCount: integer(1),
      InferenceInstanceType: string('ml.m5.large'),
      HPOTunerScriptInstanceType: string('ml.t3.medium'),
      ModelApprovalStatus: string('PendingManualApproval'),
      ExecutionRole: string('arn:aws:iam::111122223333:role/SageMakerRole'),
      DefaultS3Bucket: string('sagemaker-us-west-2-111122223333'),
      BaselineModelObjectiveValue: float(0.6),
      S3BucketPrefix: string('cross_validation_iris_classification'),
      ImageURI: string(),
      KFold: integer(3),
      MaxTrainingJobs: integer(3),
      MaxParallelTrainingJobs: integer(1),
      MinimumC: integer(0),
      MaximumC: integer(1),
      MinimumGamma: float(0.0001),
      MaximumGamma: float(0.001),
      GammaScalingType: string('Logarithmic'),
    },
    metadata: {},
    experiment,
  },
  p => {
    const preprocess = processingStep('PreprocessStep', {
      arguments: {
        ProcessingResources: {
          ClusterConfig: {
            InstanceType: p.ProcessingInstanceType,
            InstanceCount: p.ProcessingInstanceCount,
            VolumeSizeInGB: 30,
          },
        },
        AppSpecification: {
          ImageUri: '246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-scikit-learn:0.23-1-cpu-py3',
          ContainerEntrypoint: ['python3', '/opt/ml/processing/input/code/preprocessing.py'],
        },
        RoleArn: p.ExecutionRole,
        ProcessingInputs: [
          {
            InputName: 'code',
            AppManaged: false,
            S3Input: {
              S3Uri:
                's3://sagemaker-us-west-2-111122223333/CrossValidationTrainingPipeline/code/b95410d5dc4f5e57446b26ad0331779c11066535dc9bedcf586023932b40ea15/preprocessing.py',
              LocalPath: '/opt/ml/processing/input/code',
              S3DataType: 'S3Prefix',
              S3InputMode: 'File',
              S3DataDistributionType: 'FullyReplicated',
              S3CompressionType: 'None',
            },
          },
        ],
        ProcessingOutputConfig: {
          Outputs: [
            {
              OutputName: 'train',
              AppManaged: false,
              S3Output: {
                S3Uri: join('/', ['s3:/', p.DefaultS3Bucket, p.S3BucketPrefix, 'train']),
                LocalPath: '/opt/ml/processing/train',
                S3UploadMode: 'EndOfJob',
              },
            },
            {
              OutputName: 'test',
              AppManaged: false,
              S3Output: {
                S3Uri: join('/', ['s3:/', p.DefaultS3Bucket, p.S3BucketPrefix, 'test']),
                LocalPath: '/opt/ml/processing/test',
                S3UploadMode: 'EndOfJob',
              },
            },
          ],
        },
      },
    })
    const hyperParameterTuning = processingStep('HyperParameterTuningStep', {
      arguments: {
        ProcessingResources: {
          ClusterConfig: { InstanceType: p.HPOTunerScriptInstanceType, InstanceCount: 1, VolumeSizeInGB: 30 },
        },
        AppSpecification: {
          ImageUri: p.ImageURI,
          ContainerArguments: [
            '-k',
            join('', [p.KFold]),
            '--image-uri',
            p.ImageURI,
            '--train',
            join('/', ['s3:/', p.DefaultS3Bucket, p.S3BucketPrefix, 'train']),
            '--test',
            join('/', ['s3:/', p.DefaultS3Bucket, p.S3BucketPrefix, 'test']),
            '--instance-type',
            p.TrainingInstanceType,
            '--instance-count',
            join('', [p.TrainingInstanceCount]),
            '--output-path',
            join('/', ['s3:/', p.DefaultS3Bucket, p.S3BucketPrefix, 'output']),
            '--max-jobs',
            join('', [p.MaxTrainingJobs]),
            '--max-parallel-jobs',
            join('', [p.MaxParallelTrainingJobs]),
            '--min-c',
            join('', [p.MinimumC]),
            '--max-c',
            join('', [p.MaximumC]),
            '--min-gamma',
            join('', [p.MinimumGamma]),
            '--max-gamma',
            join('', [p.MaximumGamma]),
            '--gamma-scaling-type',
            p.GammaScalingType,
            '--region',
            'us-west-2',
          ],
          ContainerEntrypoint: ['python3', '/opt/ml/processing/input/code/cross_validation_with_hpo.py'],
        },
        RoleArn: p.ExecutionRole,
        ProcessingInputs: [
          {
            InputName: 'code',
            AppManaged: false,
            S3Input: {
              S3Uri:
                's3://sagemaker-us-west-2-111122223333/CrossValidationTrainingPipeline/code/211f2aaf580eb9b61b8307e44965cad9153af1d4e7efb2d9202dac5ce8a2d175/cross_validation_with_hpo.py',
              LocalPath: '/opt/ml/processing/input/code',
              S3DataType: 'S3Prefix',
              S3InputMode: 'File',
              S3DataDistributionType: 'FullyReplicated',
              S3CompressionType: 'None',
            },
          },
        ],
        ProcessingOutputConfig: {
          Outputs: [
            {
              OutputName: 'evaluation',
              AppManaged: false,
              S3Output: {
                S3Uri: join('/', ['s3:/', p.DefaultS3Bucket, p.S3BucketPrefix, 'evaluation']),
                LocalPath: '/opt/ml/processing/evaluation',
                S3UploadMode: 'EndOfJob',
              },
            },
            {
              OutputName: 'jobinfo',
              AppManaged: false,
              S3Output: {
                S3Uri: join('/', ['s3:/', p.DefaultS3Bucket, p.S3BucketPrefix, 'jobinfo']),
                LocalPath: '/opt/ml/processing/jobinfo',
                S3UploadMode: 'EndOfJob',
              },
            },
          ],
        },
      },
      propertyFiles: { EvaluationReport: { output: 'evaluation', path: 'evaluation.json' } },
      dependsOn: [preprocess],
    })
    const modelSelection = trainingStep('ModelSelectionStep', {
      arguments: {
        AlgorithmSpecification: {
          TrainingInputMode: 'File',
          TrainingImage: '246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-scikit-learn:0.23-1-cpu-py3',
        },
        OutputDataConfig: { S3OutputPath: join('/', ['s3:/', p.DefaultS3Bucket, p.S3BucketPrefix, 'output']) },
        StoppingCondition: { MaxRuntimeInSeconds: 86400 },
        ResourceConfig: { VolumeSizeInGB: 30, InstanceCount: 1, InstanceType: p.TrainingInstanceType },
        RoleArn: p.ExecutionRole,
        InputDataConfig: [
          {
            DataSource: {
              S3DataSource: {
                S3DataType: 'S3Prefix',
                S3Uri: join('/', ['s3:/', p.DefaultS3Bucket, p.S3BucketPrefix, 'train', 'all']),
                S3DataDistributionType: 'FullyReplicated',
              },
            },
            ContentType: 'text/csv',
            ChannelName: 'train',
          },
          {
            DataSource: {
              S3DataSource: {
                S3DataType: 'S3Prefix',
                S3Uri: join('/', ['s3:/', p.DefaultS3Bucket, p.S3BucketPrefix, 'jobinfo']),
                S3DataDistributionType: 'FullyReplicated',
              },
            },
            ContentType: 'application/json',
            ChannelName: 'jobinfo',
          },
        ],
        HyperParameters: {
          sagemaker_submit_directory:
            '"s3://sagemaker-us-west-2-111122223333/CrossValidationTrainingPipeline/code/b2fe864d11faa8fd055302b37b34cfaa2bd2ed954b41126b3630e20b6a428662/sourcedir.tar.gz"',
          sagemaker_program: '"scikit_learn_iris.py"',
          sagemaker_container_log_level: '20',
          sagemaker_region: '"us-west-2"',
        },
        DebugHookConfig: {
          S3OutputPath: join('/', ['s3:/', p.DefaultS3Bucket, p.S3BucketPrefix, 'output']),
          CollectionConfigurations: [],
        },
        ProfilerConfig: {
          S3OutputPath: join('/', ['s3:/', p.DefaultS3Bucket, p.S3BucketPrefix, 'output']),
          DisableProfiler: false,
        },
      },
    })
    const registerModelStepRegisterModel = registerModelStep('RegisterModelStep-RegisterModel', {
      arguments: {
        ModelPackageGroupName: 'IrisClassificationCrossValidatedModel',
        ModelMetrics: {
          ModelQuality: {
            Statistics: {
              ContentType: 'application/json',
              S3Uri: join('/', ['s3:/', p.DefaultS3Bucket, p.S3BucketPrefix, 'evaluation', 'evaluation.json']),
            },
          },
          Bias: {},
          Explainability: {},
        },
        InferenceSpecification: {
          Containers: [
            {
              Image: '246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-scikit-learn:0.23-1-cpu-py3',
              ModelDataUrl: modelSelection.properties.ModelArtifacts.S3ModelArtifacts,
            },
          ],
          SupportedContentTypes: ['text/csv'],
          SupportedResponseMIMETypes: ['text/csv'],
          SupportedRealtimeInferenceInstanceTypes: ['ml.t2.medium', 'ml.m5.xlarge'],
          SupportedTransformInstanceTypes: ['ml.m5.xlarge'],
        },
        ModelApprovalStatus: p.ModelApprovalStatus,
        SkipModelValidation: 'None',
      },
    })
    const modelEvaluation = conditionStep('ModelEvaluationStep', {
      conditions: [
        greaterThanOrEqualTo(
          jsonGet(
            hyperParameterTuning.propertyFiles.EvaluationReport,
            'multiclass_classification_metrics.accuracy.value',
          ),
          p.BaselineModelObjectiveValue,
        ),
      ],
      ifSteps: [modelSelection, registerModelStepRegisterModel],
    })
    return [preprocess, hyperParameterTuning, modelEvaluation]
  },
)
