import type { CatalogueEntry } from './entry.ts'
import { sampleTraining } from './sample.ts'

const train = 'Steps[1].Arguments'
const evaluate = 'Steps[2].Arguments'
const here = (folder: string) => ({
  'Std:Join': { On: '/', Values: ['s3://my-bucket', { Get: 'Execution.PipelineExecutionId' }, folder] },
})

/** FW5…: training and processing jobs, and the places on S3 that they share. */
export const jobCodes = {
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
} as const satisfies Readonly<Record<`FW5${number}`, CatalogueEntry>>
