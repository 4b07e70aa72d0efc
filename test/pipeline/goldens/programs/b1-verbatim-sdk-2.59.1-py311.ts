import {
  conditionStep,
  float,
  greaterThanOrEqualTo,
  integer,
  jsonGet,
  pipeline,
  processingStep,
  registerModelStep,
  string,
  trainingStep,
} from 'foldwise'
import { experiment } from './shared.ts'

export default pipeline(
  'b1-verbatim-sdk-2-59-1-py311',
  {
    parameters: {
      ProcessingInstanceCount: integer(1),
      ProcessingInstanceType: string('ml.m5.xlarge'),
      TrainingInstanceType: string('ml.m5.xlarge'),
      TrainingInstanceCount: integer(1),
      InferenceInstanceType: string('ml.m5.large'),
      HPOTunerScriptInstanceType: string('ml.t3.medium'),
      ModelApprovalStatus: string('PendingManualApproval'),
      ExecutionRole: string('arn:aws:iam::123456789012:role/SageMakerRole'),
      DefaultS3Bucket: string('sagemaker-us-east-1-123456789012'),
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
          ImageUri: '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:0.23-1-cpu-py3',
          ContainerEntrypoint: ['python3', '/opt/ml/processing/input/code/preprocessing.py'],
        },
        RoleArn: p.ExecutionRole,
        ProcessingInputs: [
          {
            InputName: 'code',
            AppManaged: false,
            S3Input: {
              S3Uri:
                's3://sagemaker-us-east-1-123456789012/kfold-crossvalidation-split-2025-01-01-00-00-00-000/input/code/preprocessing.py',
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
                S3Uri: 's3://sagemaker-us-east-1-123456789012/cross_validation_iris_classification/train',
                LocalPath: '/opt/ml/processing/train',
                S3UploadMode: 'EndOfJob',
              },
            },
            {
              OutputName: 'test',
              AppManaged: false,
              S3Output: {
                S3Uri: 's3://sagemaker-us-east-1-123456789012/cross_validation_iris_classification/test',
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
            "ParameterInteger(name='KFold', parameter_type=<ParameterTypeEnum.INTEGER: 'Integer'>, default_value=3)",
            '--image-uri',
            p.ImageURI,
            '--train',
            's3://sagemaker-us-east-1-123456789012/cross_validation_iris_classification/train',
            '--test',
            's3://sagemaker-us-east-1-123456789012/cross_validation_iris_classification/test',
            '--instance-type',
            p.TrainingInstanceType,
            '--instance-count',
            "ParameterInteger(name='TrainingInstanceCount', parameter_type=<ParameterTypeEnum.INTEGER: 'Integer'>, default_value=1)",
            '--output-path',
            's3://sagemaker-us-east-1-123456789012/cross_validation_iris_classification/output',
            '--max-jobs',
            "ParameterInteger(name='MaxTrainingJobs', parameter_type=<ParameterTypeEnum.INTEGER: 'Integer'>, default_value=3)",
            '--max-parallel-jobs',
            "ParameterInteger(name='MaxParallelTrainingJobs', parameter_type=<ParameterTypeEnum.INTEGER: 'Integer'>, default_value=1)",
            '--min-c',
            "ParameterInteger(name='MinimumC', parameter_type=<ParameterTypeEnum.INTEGER: 'Integer'>, default_value=0)",
            '--max-c',
            "ParameterInteger(name='MaximumC', parameter_type=<ParameterTypeEnum.INTEGER: 'Integer'>, default_value=1)",
            '--min-gamma',
            "ParameterFloat(name='MinimumGamma', parameter_type=<ParameterTypeEnum.FLOAT: 'Float'>, default_value=0.0001)",
            '--max-gamma',
            "ParameterFloat(name='MaximumGamma', parameter_type=<ParameterTypeEnum.FLOAT: 'Float'>, default_value=0.001)",
            '--gamma-scaling-type',
            'Logarithmic',
            '--region',
            'us-east-1',
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
                's3://sagemaker-us-east-1-123456789012/KFoldCrossValidationHyperParameterTuner-2025-01-01-00-00-00-000/input/code/cross_validation_with_hpo.py',
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
                S3Uri: 's3://sagemaker-us-east-1-123456789012/cross_validation_iris_classification/evaluation',
                LocalPath: '/opt/ml/processing/evaluation',
                S3UploadMode: 'EndOfJob',
              },
            },
            {
              OutputName: 'jobinfo',
              AppManaged: false,
              S3Output: {
                S3Uri: 's3://sagemaker-us-east-1-123456789012/cross_validation_iris_classification/jobinfo',
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
          TrainingImage: '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:0.23-1-cpu-py3',
        },
        OutputDataConfig: {
          S3OutputPath: 's3://sagemaker-us-east-1-123456789012/cross_validation_iris_classification/output',
        },
        StoppingCondition: { MaxRuntimeInSeconds: 86400 },
        ResourceConfig: { InstanceCount: 1, InstanceType: p.TrainingInstanceType, VolumeSizeInGB: 30 },
        RoleArn: p.ExecutionRole,
        InputDataConfig: [
          {
            DataSource: {
              S3DataSource: {
                S3DataType: 'S3Prefix',
                S3Uri: 's3://sagemaker-us-east-1-123456789012/cross_validation_iris_classification/train/all',
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
                S3Uri: 's3://sagemaker-us-east-1-123456789012/cross_validation_iris_classification/jobinfo',
                S3DataDistributionType: 'FullyReplicated',
              },
            },
            ContentType: 'application/json',
            ChannelName: 'jobinfo',
          },
        ],
        HyperParameters: {
          sagemaker_submit_directory:
            '"s3://sagemaker-us-east-1-123456789012/sagemaker-scikit-learn-2025-01-01-00-00-00-000/source/sourcedir.tar.gz"',
          sagemaker_program: '"scikit_learn_iris.py"',
          sagemaker_container_log_level: '20',
          sagemaker_job_name: '"sagemaker-scikit-learn-2025-01-01-00-00-00-000"',
          sagemaker_region: '"us-east-1"',
        },
        DebugHookConfig: {
          S3OutputPath: 's3://sagemaker-us-east-1-123456789012/cross_validation_iris_classification/output',
          CollectionConfigurations: [],
        },
        ProfilerRuleConfigurations: [
          {
            RuleConfigurationName: 'ProfilerReport-<epoch>',
            RuleEvaluatorImage: '503895931360.dkr.ecr.us-east-1.amazonaws.com/sagemaker-debugger-rules:latest',
            RuleParameters: {
              opt_out_telemetry: 'False',
              custom_rule_parameters: '{}',
              rule_to_invoke: 'ProfilerReport',
            },
          },
        ],
        ProfilerConfig: {
          S3OutputPath: 's3://sagemaker-us-east-1-123456789012/cross_validation_iris_classification/output',
        },
      },
    })
    const registerModel = registerModelStep('RegisterModelStep', {
      arguments: {
        ModelPackageGroupName: 'IrisClassificationCrossValidatedModel',
        ModelMetrics: {
          ModelQuality: {
            Statistics: {
              ContentType: 'application/json',
              S3Uri:
                's3://sagemaker-us-east-1-123456789012/cross_validation_iris_classification/evaluation/evaluation.json',
            },
          },
        },
        InferenceSpecification: {
          Containers: [
            {
              Image: '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:0.23-1-cpu-py3',
              ModelDataUrl: modelSelection.properties.ModelArtifacts.S3ModelArtifacts,
            },
          ],
          SupportedContentTypes: ['text/csv'],
          SupportedResponseMIMETypes: ['text/csv'],
          SupportedRealtimeInferenceInstanceTypes: ['ml.t2.medium', 'ml.m5.xlarge'],
          SupportedTransformInstanceTypes: ['ml.m5.xlarge'],
        },
        ModelApprovalStatus: p.ModelApprovalStatus,
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
      ifSteps: [modelSelection, registerModel],
    })
    return [preprocess, hyperParameterTuning, modelEvaluation]
  },
)
