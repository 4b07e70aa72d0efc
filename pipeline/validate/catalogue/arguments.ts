import type { CatalogueEntry } from './entry.ts'
import { sampleTraining } from './sample.ts'

const train = 'Steps[1].Arguments'
const evaluate = 'Steps[2].Arguments'
const register = 'Steps[3].Arguments.IfSteps[0].Arguments'
const role = 'arn:aws:iam::111122223333:role/pipeline'
const functionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:f'
const here = (folder: string) => ({
  'Std:Join': { On: '/', Values: ['s3://my-bucket', { Get: 'Execution.PipelineExecutionId' }, folder] },
})

/** One more step of a type. */
const call = (type: string, rest: object) =>
  [['Steps[4]', { Name: 'More', Type: type, Arguments: {}, ...rest }]] as const

const { HyperParameters: _parameters, ...trainingArguments } = sampleTraining.Arguments

/** One more step that tunes the sample's training. */
const tune = (config: object) =>
  call('Tuning', {
    Arguments: {
      HyperParameterTuningJobConfig: {
        Strategy: 'Bayesian',
        HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'validation:accuracy' },
        ResourceLimits: { MaxNumberOfTrainingJobs: 5, MaxParallelTrainingJobs: 2 },
        ...config,
      },
      TrainingJobDefinition: trainingArguments,
    },
  })

/** FW5…: the arguments of steps. */
export const argumentCodes = {
  FW5001: {
    title: 'Unknown argument',
    severity: 'error',
    source: 'Service: "Unknown Argument member \'X\'" (SageMaker Python SDK issue 4994); service model',
    example: { set: [[`${train}.ResourceConfig.InstanceTypo`, 'ml.m5.large']] },
    repair: 'Remove it or correct its spelling. When a newer service has it, allow the code there.',
  },
  FW5002: {
    title: 'Value that is not one of the allowed ones',
    severity: 'error',
    source: 'Service: "Model Validation failed: Value \'X\' … failed to satisfy enum value set"; service model',
    example: { set: [[`${evaluate}.ProcessingResources.ClusterConfig.InstanceType`, 'ml.m55.huge']] },
    repair: 'Use one of the allowed values. When a newer service has this one, allow the code there.',
  },
  FW5003: {
    title: 'Text that does not match its pattern',
    severity: 'error',
    source: 'Service model: patterns match whole values',
    example: { set: [[`${train}.RoleArn`, 'role/service-role/pipeline-role']] },
    repair: 'Write it in the form that the message shows.',
  },
  FW5004: {
    title: 'Too long, too many, too small or too big',
    severity: 'error',
    source: 'Service model: lengths, sizes and ranges',
    example: { set: [[`${train}.ResourceConfig.InstanceCount`, -3]] },
    repair: 'Stay within the bounds that the message names.',
  },
  FW5005: {
    title: 'Missing argument',
    severity: 'error',
    source: 'Service model: required members',
    example: { set: [[`${train}.OutputDataConfig`]] },
    repair: 'Add it.',
  },
  FW5006: {
    title: 'Argument of the wrong JSON type',
    severity: 'error',
    source: 'Service model; service: "Expecting start of Json Array", "Expecting start of Json Object"',
    example: { set: [[`${train}.HyperParameters.kernel`, 3]] },
    repair: 'Write the kind of value that the message names; hyperparameters and environment variables are strings.',
  },
  FW5007: {
    title: 'Argument that the service refuses in a step',
    severity: 'error',
    source: 'SageMaker Python SDK: "not available in the workflow service and will cause rejection"',
    example: { set: [[`${register}.CertifyForMarketplace`, true]] },
    repair: 'Remove it.',
  },
  FW5008: {
    title: 'Training without algorithm, instances or time limit',
    severity: 'error',
    source: 'Service model before serverless jobs: the three were required',
    example: { set: [[`${train}.StoppingCondition`]] },
    repair: 'Add AlgorithmSpecification, ResourceConfig and StoppingCondition.',
  },
  FW5009: {
    title: 'Job without instances',
    severity: 'error',
    source: 'Service model documentation: an ordinary job needs instances and their type',
    example: { set: [[`${train}.ResourceConfig.InstanceCount`, 0]] },
    repair: 'Write InstanceCount (at least 1) and InstanceType.',
  },
  FW5010: {
    title: 'Hyperparameter with a reserved name',
    severity: 'warning',
    source: 'SageMaker training toolkit, params.py; Developer Guide, Automatic model tuning',
    example: { set: [[`${train}.HyperParameters._tuning_objective_metric`, 'validation:accuracy']] },
    repair: 'Choose another name.',
  },
  FW5011: {
    title: 'Two channels of the same name',
    severity: 'error',
    source: 'CreateTrainingJob: channel names are folders',
    example: {
      set: [
        [
          `${train}.InputDataConfig[1]`,
          {
            ChannelName: 'train',
            DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://my-bucket/other/' } },
          },
        ],
      ],
    },
    repair: 'Give each a name of its own.',
  },
  FW5012: {
    title: 'Input mode that does not go with its data',
    severity: 'error',
    source:
      "CreateTrainingJob: \"Cannot use both 'Pipe' and 'FastFile' TrainingInputMode on the same Training Job\"; service model documentation",
    example: {
      set: [
        [`${train}.InputDataConfig[0].InputMode`, 'FastFile'],
        [`${train}.InputDataConfig[0].DataSource.S3DataSource.S3DataType`, 'ManifestFile'],
      ],
    },
    repair: 'Use File, or the mode that the message names.',
  },
  FW5013: {
    title: 'Metric that cannot be found',
    severity: 'warning',
    source: 'Developer Guide, Training metrics: the first group of the regular expression is the number',
    example: { set: [[`${train}.AlgorithmSpecification.MetricDefinitions[0].Regex`, 'accuracy=[0-9.]+']] },
    repair: 'Put the number into parentheses, and give each metric a name of its own.',
  },
  FW5014: {
    title: 'Training image and algorithm name, or neither',
    severity: 'error',
    source: 'Service model documentation, AlgorithmSpecification',
    example: { set: [[`${train}.AlgorithmSpecification.AlgorithmName`, 'my-algorithm']] },
    repair: 'Keep one of the two.',
  },
  FW5015: {
    title: 'Spot training and waiting time do not go together',
    severity: 'error',
    source: 'Service model documentation, StoppingCondition',
    example: { set: [[`${train}.EnableManagedSpotTraining`, true]] },
    repair: 'Set MaxWaitTimeInSeconds with spot, at least as large as MaxRuntimeInSeconds, and only then.',
  },
  FW5016: {
    title: 'Spot training by parameter',
    severity: 'error',
    source: 'SageMaker Python SDK issue 4140: MaxWaitTimeInSeconds must be absent when spot is off',
    example: {
      set: [
        [`${train}.EnableManagedSpotTraining`, { Get: 'Parameters.Spot' }],
        ['Parameters[5]', { Name: 'Spot', Type: 'Boolean', DefaultValue: false }],
      ],
    },
    repair: 'Write both trainings, in the two branches of a Condition.',
  },
  FW5017: {
    title: 'Spot training without checkpoints',
    severity: 'warning',
    source: 'Developer Guide, Managed spot training',
    example: {
      set: [
        [`${train}.EnableManagedSpotTraining`, true],
        [`${train}.StoppingCondition.MaxWaitTimeInSeconds`, 7200],
      ],
    },
    repair: 'Set CheckpointConfig.S3Uri and write checkpoints to /opt/ml/checkpoints.',
  },
  FW5018: {
    title: 'Local path that is missing or outside /opt/ml/processing/',
    severity: 'error',
    source: 'Service model documentation, ProcessingS3Input.LocalPath and ProcessingS3Output.LocalPath',
    example: { set: [[`${evaluate}.ProcessingOutputConfig.Outputs[0].S3Output.LocalPath`, '/tmp/evaluation']] },
    repair: 'Write a folder below /opt/ml/processing/.',
  },
  FW5019: {
    title: 'Processing input or output without exactly one place',
    severity: 'error',
    source: 'Service model documentation, ProcessingInput',
    example: { set: [['Steps[0].Arguments.ProcessingInputs[0].S3Input']] },
    repair: 'Give each input S3Input or DatasetDefinition, each output S3Output or FeatureStoreOutput.',
  },
  FW5020: {
    title: 'Two processing inputs or outputs of the same name',
    severity: 'error',
    source: 'CreateProcessingJob: names identify inputs and outputs',
    example: {
      set: [['Steps[0].Arguments.ProcessingOutputConfig.Outputs[1].OutputName', 'train'], ['Steps[0].PropertyFiles']],
    },
    repair: 'Give each a name of its own.',
  },
  FW5021: {
    title: 'Processing folders that overlap',
    severity: 'warning',
    source: 'Developer Guide, Build your own processing container: folders are mounted',
    example: {
      set: [
        [
          'Steps[0].Arguments.ProcessingOutputConfig.Outputs[1].S3Output.LocalPath',
          '/opt/ml/processing/output/train/report',
        ],
      ],
    },
    repair: 'Give each input and output a folder of its own.',
  },
  FW5022: {
    title: 'Two outputs at one place',
    severity: 'warning',
    source: 'Foldwise',
    example: { set: [[`${evaluate}.ProcessingOutputConfig.Outputs[0].S3Output.S3Uri`, here('report')]] },
    repair: 'Give each output a folder of its own.',
  },
  FW5023: {
    title: 'Cached step with an output that every execution overwrites',
    severity: 'warning',
    source: 'Developer Guide, Caching: contents of S3 objects are not looked at',
    example: {
      set: [['Steps[0].Arguments.ProcessingOutputConfig.Outputs[1].S3Output.S3Uri', 's3://my-bucket/report']],
    },
    repair:
      'Put Execution.PipelineExecutionId into the URI; a cache hit then points at the folder of the earlier execution.',
  },
  FW5024: {
    title: 'Output that every execution overwrites',
    severity: 'info',
    source: 'Foldwise',
    example: { set: [[`${evaluate}.ProcessingOutputConfig.Outputs[0].S3Output.S3Uri`, 's3://my-bucket/evaluation']] },
    repair: 'Put Execution.PipelineExecutionId into the URI.',
  },
  FW5025: {
    title: 'Trainings that do the same',
    severity: 'warning',
    source: 'SageMaker Python SDK: one estimator that is changed in a loop gives every step its last values',
    example: { set: [['Steps[4]', { ...sampleTraining, Name: 'TrainAgain' }]] },
    repair: 'Give each step arguments of its own.',
  },
  FW5026: {
    title: 'Model version without content or instance types',
    severity: 'warning',
    source: 'Service model documentation, InferenceSpecification',
    example: { set: [[`${register}.InferenceSpecification.SupportedTransformInstanceTypes`]] },
    repair: 'List what the model takes, what it answers, and where it runs.',
  },
  FW5027: {
    title: 'Registration without a group',
    severity: 'error',
    source: 'SageMaker Python SDK: versions are registered in a group; ModelPackageName is refused',
    example: { set: [[`${register}.ModelPackageGroupName`]] },
    repair: 'Write ModelPackageGroupName.',
  },
  FW5028: {
    title: 'Registration without a model',
    severity: 'warning',
    source: 'Service model documentation, CreateModelPackage; newer API models require less',
    example: { set: [[`${register}.InferenceSpecification`]] },
    repair: 'Write InferenceSpecification with a container that has Image and ModelDataUrl.',
  },
  FW5029: {
    title: 'Prefix that takes in more than it should',
    severity: 'warning',
    source: 'Service model documentation: S3Prefix is a string prefix, so train/1 also takes in train/10',
    example: {
      set: [
        [`${train}.InputDataConfig[0].DataSource.S3DataSource.S3Uri`, 's3://my-bucket/train/1'],
        [
          `${train}.InputDataConfig[1]`,
          {
            ChannelName: 'other',
            DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://my-bucket/train/10' } },
          },
        ],
      ],
    },
    repair: 'End the prefix with "/".',
  },
  FW5030: {
    title: 'Tuning without exactly one kind of training definition',
    severity: 'error',
    source: 'Service model documentation, CreateHyperParameterTuningJob',
    example: { set: [...tune({}), ['Steps[4].Arguments.TrainingJobDefinition']] },
    repair: 'Write TrainingJobDefinition or TrainingJobDefinitions.',
  },
  FW5031: {
    title: 'Range of a tuning that is no range',
    severity: 'error',
    source: 'Developer Guide, Define hyperparameter ranges',
    example: {
      set: tune({ ParameterRanges: { ContinuousParameterRanges: [{ Name: 'C', MinValue: '10', MaxValue: '0.1' }] } }),
    },
    repair: 'Write numbers in quotes, the smaller one as MinValue; logarithmic scaling needs values above 0.',
  },
  FW5032: {
    title: 'Hyperparameter tuned twice, or fixed and tuned',
    severity: 'error',
    source: 'Developer Guide, Automatic model tuning limits: at most 30 ranges',
    example: {
      set: tune({
        ParameterRanges: {
          CategoricalParameterRanges: [
            { Name: 'kernel', Values: ['rbf'] },
            { Name: 'kernel', Values: ['linear'] },
          ],
        },
      }),
    },
    repair: 'Keep one range per hyperparameter, and no static value beside it.',
  },
  FW5033: {
    title: 'More tuning jobs at once than in all',
    severity: 'warning',
    source: 'Service model documentation, ResourceLimits; service text not captured',
    example: { set: tune({ ResourceLimits: { MaxNumberOfTrainingJobs: 2, MaxParallelTrainingJobs: 5 } }) },
    repair: 'Lower MaxParallelTrainingJobs.',
  },
  FW5034: {
    title: 'Tuning strategy that does not go with its settings',
    severity: 'warning',
    source: 'Developer Guide, How hyperparameter tuning works: Grid, Hyperband; service text not captured',
    example: {
      set: tune({
        Strategy: 'Grid',
        ParameterRanges: { IntegerParameterRanges: [{ Name: 'n', MinValue: '1', MaxValue: '5' }] },
      }),
    },
    repair: 'Grid takes categorical ranges and their number of combinations; Hyperband stops jobs by itself.',
  },
  FW5035: {
    title: 'Objective of a tuning that is no declared metric',
    severity: 'error',
    source: 'Developer Guide, Define metrics for tuning',
    example: {
      set: tune({ HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'validation:acuracy' } }),
    },
    repair: 'Declare the metric, or correct its name.',
  },
  FW5038: {
    title: 'Experiment settings inside a step',
    severity: 'warning',
    source: 'SageMaker Python SDK trims ExperimentConfig to TrialComponentDisplayName',
    example: { set: [[`${train}.ExperimentConfig`, { ExperimentName: 'iris' }]] },
    repair: 'Set PipelineExperimentConfig at the top of the definition.',
  },
  FW5039: {
    title: 'Prefix of a job name that leaves no room',
    severity: 'warning',
    source: 'Observed names with a custom prefix: <prefix>-<execution id>-<10 characters>',
    example: { set: [[`${train}.TrainingJobName`, 'a-prefix-that-is-much-longer-than-there-is-room-for']] },
    repair: 'Use at most 39 characters, 8 for Tuning and AutoML.',
  },
  FW5040: {
    title: 'AutoML step in another mode than ensembling',
    severity: 'warning',
    source: 'SageMaker Python SDK: AutoMLStepInvalidModeError; service text not captured',
    example: {
      set: [
        [
          'Steps[4]',
          { Name: 'Auto', Type: 'AutoML', Arguments: { AutoMLJobConfig: { Mode: 'HYPERPARAMETER_TUNING' } } },
        ],
      ],
    },
    repair: 'Write "Mode": "ENSEMBLING".',
  },
  FW5041: {
    title: 'Model without exactly one kind of containers',
    severity: 'error',
    source: 'Service model documentation, CreateModel',
    example: { set: [['Steps[4]', { Name: 'Model', Type: 'Model', Arguments: { ExecutionRoleArn: role } }]] },
    repair: 'Write PrimaryContainer or Containers.',
  },
  FW5042: {
    title: 'Transform that cannot work',
    severity: 'warning',
    source: 'Developer Guide, Batch transform; service model documentation, CreateTransformJob',
    example: {
      set: [
        [
          'Steps[4]',
          { Name: 'Predict', Type: 'Transform', Arguments: { ModelName: { Get: 'Steps.Train.TrainingJobName' } } },
        ],
      ],
    },
    repair: 'Take the model from a Model step; read S3Prefix or ManifestFile; begin filters with $.',
  },
  FW5043: {
    title: 'Serverless variant that cannot work',
    severity: 'error',
    source: 'Developer Guide, Serverless inference',
    example: {
      set: [
        [
          'Steps[4]',
          {
            Name: 'Config',
            Type: 'EndpointConfig',
            Arguments: {
              ProductionVariants: [
                { VariantName: 'a', ModelName: 'm', ServerlessConfig: { MemorySizeInMB: 1500, MaxConcurrency: 5 } },
              ],
            },
          },
        ],
      ],
    },
    repair: 'Use 1024, 2048, … 6144 MB, a provisioned concurrency up to the maximum, and no instances.',
  },
  FW5044: {
    title: 'Nested argument of a Lambda or Callback step',
    severity: 'warning',
    source: 'Developer Guide, Lambda and Callback steps: arguments are flat; service text not captured',
    example: { set: call('Lambda', { FunctionArn: functionArn, Arguments: { options: { a: 1 } } }) },
    repair: 'Pass a JSON text, or several arguments.',
  },
  FW5045: {
    title: 'Output parameters that cannot be told apart or are too many',
    severity: 'error',
    source: 'Service model, OutputParameterList: at most 50, names up to 256 characters; the four types of parameters',
    example: {
      set: call('Lambda', {
        FunctionArn: functionArn,
        OutputParameters: [
          { OutputName: 'o', OutputType: 'String' },
          { OutputName: 'o', OutputType: 'String' },
        ],
      }),
    },
    repair: 'Give each a name of its own and one of the types String, Integer, Boolean, Float.',
  },
  FW5046: {
    title: 'Function or queue that is none',
    severity: 'warning',
    source: 'Developer Guide, Lambda and Callback steps',
    example: { set: call('Lambda', { FunctionArn: 'my-function' }) },
    repair: 'Write the whole ARN of the function, or the whole URL of the queue.',
  },
  FW5047: {
    title: 'Function in another region',
    severity: 'warning',
    source: "Developer Guide, Lambda step: the function must be in the pipeline's region",
    example: { set: call('Lambda', { FunctionArn: functionArn }), pipeline: { region: 'us-east-1' } },
    repair: "Use a function of the pipeline's region.",
  },
  FW5048: {
    title: 'EMR step without exactly one cluster or application',
    severity: 'error',
    source: 'SageMaker Python SDK, EMRStep and EMRServerlessStep',
    example: { set: call('EMR', { Arguments: { StepConfig: { HadoopJarStep: { Jar: 's3://my-bucket/a.jar' } } } }) },
    repair: 'Name a running cluster or application, or describe a new one.',
  },
  FW5049: {
    title: 'EMR cluster setting that the step makes itself',
    severity: 'warning',
    source: 'SageMaker Python SDK, EMRStep; service text not captured',
    example: {
      set: call('EMR', {
        Arguments: {
          StepConfig: { HadoopJarStep: { Jar: 's3://my-bucket/a.jar' } },
          ClusterConfig: { Name: 'mine', Instances: { InstanceGroups: [] } },
        },
      }),
    },
    repair: 'Remove it.',
  },
  FW5051: {
    title: 'Lineage step without lineage',
    severity: 'error',
    source: 'SageMaker Python SDK, LineageStep',
    example: { set: call('Lineage', {}) },
    repair: 'Write Actions, Artifacts, Contexts or Associations, and nothing else.',
  },
  FW5052: {
    title: 'Unknown kind of check',
    severity: 'error',
    source: 'AWS pipeline definition schema, CheckType',
    example: { set: call('QualityCheck', { CheckType: 'DATA_BIAS', SkipCheck: true, RegisterNewBaseline: true }) },
    repair:
      'Use DATA_BIAS, MODEL_BIAS or MODEL_EXPLAINABILITY in ClarifyCheck, DATA_QUALITY or MODEL_QUALITY in QualityCheck.',
  },
  FW5053: {
    title: 'Check without a baseline',
    severity: 'warning',
    source: 'Developer Guide, ClarifyCheck and QualityCheck: the step fails when no earlier baseline exists',
    example: { set: call('QualityCheck', { CheckType: 'DATA_QUALITY', SkipCheck: false, RegisterNewBaseline: false }) },
    repair: 'Name the model package group, supply a baseline, or skip the check and register one in the first run.',
  },
  FW5054: {
    title: 'Job without a role',
    severity: 'warning',
    source:
      'Developer Guide, IAM access management (steps take the role of the pipeline) against the service model (required)',
    example: { set: [[`${train}.RoleArn`]] },
    repair: 'Write RoleArn.',
  },
  FW5055: {
    title: 'Float written as a whole number',
    severity: 'warning',
    source: 'SageMaker Python SDK, InferenceComponentStep: a float place needs 2.0, not 2',
    example: {
      text: () => `{"Version": "2020-12-01", "Steps": [{"Name": "C", "Type": "InferenceComponent", "Arguments":
  {"InferenceComponentName": "c", "EndpointName": "e", "VariantName": "v", "Specification":
    {"ModelName": "m", "ComputeResourceRequirements": {"NumberOfCpuCoresRequired": 2, "MinMemoryRequiredInMb": 1024}},
   "RuntimeConfig": {"CopyCount": 1}}}]}`,
    },
    repair: 'Write 2.0; foldwise upsert does it by itself.',
  },
} as const satisfies Readonly<Record<`FW5${number}`, CatalogueEntry>>
