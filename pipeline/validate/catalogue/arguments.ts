import type { CatalogueEntry } from './entry.ts'

const train = 'Steps[1].Arguments'
const evaluate = 'Steps[2].Arguments'
const register = 'Steps[3].Arguments.IfSteps[0].Arguments'

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
    source: 'Service model documentation: an ordinary job needs instances, their type and their volume',
    example: { set: [[`${train}.ResourceConfig.InstanceCount`, 0]] },
    repair: 'Write InstanceCount (at least 1), InstanceType and VolumeSizeInGB.',
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
    severity: 'error',
    source: 'Service model documentation, CreateModelPackage',
    example: { set: [[`${register}.InferenceSpecification`]] },
    repair: 'Write InferenceSpecification with a container that has Image and ModelDataUrl.',
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
} as const satisfies Readonly<Record<`FW5${number}`, CatalogueEntry>>
