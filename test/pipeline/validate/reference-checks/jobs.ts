import {
  channel,
  continuous,
  evaluate,
  input,
  many,
  map,
  more,
  output,
  set,
  split,
  train,
  trainingDefinition,
  tune,
} from './builders.ts'
import type { ReferenceCheck } from './check.ts'

/** Rules 73 to 92: the arguments of jobs. */
export const jobsChecks: Readonly<Record<number, ReferenceCheck>> = {
  73: {
    rule: 'there is no unknown argument at any depth',
    mistakes: [
      ['FW5001', set(`${train}.Novelty`, 1)],
      ['FW5001', set(`${train}.InputDataConfig[0].DataSource.S3DataSource.S3Url`, 's3://b/')],
    ],
  },
  74: {
    rule: 'an argument is one of the allowed values',
    mistakes: [['FW5002', set(`${split}.ProcessingInputs[0].S3Input.S3InputMode`, 'FastFile')]],
  },
  75: {
    rule: 'literals fit pattern, length and range',
    mistakes: [
      ['FW5003', set(`${train}.RoleArn`, 'role/pipeline')],
      ['FW5004', set(`${split}.ProcessingResources.ClusterConfig.VolumeSizeInGB`, 16_385)],
      ['FW5004', set(`${split}.StoppingCondition`, { MaxRuntimeInSeconds: 0 })],
    ],
  },
  76: {
    rule: 'required arguments are there, also those that only ordinary jobs require',
    mistakes: [
      ['FW5005', set(`${train}.OutputDataConfig`)],
      ['FW5008', set(`${train}.AlgorithmSpecification`)],
      ['FW5008', set(`${train}.ResourceConfig`)],
      ['FW5008', set(`${train}.StoppingCondition`)],
      ['FW5009', set(`${train}.ResourceConfig.InstanceCount`, 0)],
      ['FW5056', more('EMR', { ClusterId: 'j-1' })],
      ['FW5056', more('EMRServerless', { ApplicationId: 'a' })],
      ['FW5056', more('BedrockModelImport', { JobName: 'j' })],
    ],
  },
  77: {
    rule: 'a job name is a prefix that leaves room for what the service adds',
    mistakes: [
      ['FW5039', set(`${train}.TrainingJobName`, 'x'.repeat(40))],
      ['FW5039', tune({}, {}, { HyperParameterTuningJobName: 'nine-char' })],
    ],
  },
  78: {
    rule: 'hyperparameters are at most 100 strings of at most 2500 characters without reserved names',
    mistakes: [
      ['FW5004', set(`${train}.HyperParameters`, map(101))],
      ['FW5006', set(`${train}.HyperParameters.n`, 5)],
      ['FW5004', set(`${train}.HyperParameters.n`, 'x'.repeat(2501))],
      ['FW5010', set(`${train}.HyperParameters.sagemaker_magic`, '1')],
    ],
  },
  79: {
    rule: 'environment variables have names, are strings and have their number and length',
    mistakes: [
      ['FW5003', set(`${train}.Environment`, { '1st': 'x' })],
      ['FW5003', set(`${evaluate}.Environment`, { 'a-b': 'x' })],
      ['FW5006', set(`${train}.Environment`, { A: 1 })],
      ['FW5004', set(`${evaluate}.Environment`, map(101))],
      ['FW5004', set(`${evaluate}.Environment`, { A: 'x'.repeat(257) })],
      ['FW5004', set(`${train}.Environment`, { A: 'x'.repeat(513) })],
    ],
  },
  80: {
    rule: 'channels are at most 20 with names of their own',
    mistakes: [
      [
        'FW5004',
        set(
          `${train}.InputDataConfig`,
          many(21, index => channel(`c${index}`, `s3://my-bucket/${index}/`)),
        ),
      ],
      ['FW5011', set(`${train}.InputDataConfig[1]`, channel('train', 's3://my-bucket/b/'))],
      ['FW5003', set(`${train}.InputDataConfig[1]`, channel('a b', 's3://my-bucket/b/'))],
    ],
  },
  81: {
    rule: 'input modes go with each other and with their data',
    mistakes: [
      [
        'FW5012',
        {
          set: [
            [`${train}.InputDataConfig[0].InputMode`, 'Pipe'],
            [`${train}.InputDataConfig[1]`, channel('b', 's3://my-bucket/b/', { InputMode: 'FastFile' })],
          ],
        },
      ],
      [
        'FW5012',
        set(
          `${train}.InputDataConfig[1]`,
          channel('b', 's3://my-bucket/b', { InputMode: 'FastFile' }, { S3DataType: 'ManifestFile' }),
        ),
      ],
      [
        'FW5012',
        set(
          `${train}.InputDataConfig[1]`,
          channel('b', 's3://my-bucket/b', { InputMode: 'Pipe' }, { S3DataType: 'AugmentedManifestFile' }),
        ),
      ],
      [
        'FW5012',
        set(
          `${train}.InputDataConfig[1]`,
          channel('b', 's3://my-bucket/b', {}, { S3DataType: 'AugmentedManifestFile', AttributeNames: ['a'] }),
        ),
      ],
      ['FW5012', set(`${train}.InputDataConfig[1]`, channel('b', 's3://my-bucket/b/', { CompressionType: 'Gzip' }))],
    ],
  },
  82: {
    rule: 'metric definitions are at most 40 with names of their own and an expression that has a group',
    mistakes: [
      [
        'FW5004',
        set(
          `${train}.AlgorithmSpecification.MetricDefinitions`,
          many(41, index => ({ Name: `m${index}`, Regex: '(1)' })),
        ),
      ],
      ['FW5004', set(`${train}.AlgorithmSpecification.MetricDefinitions[0].Regex`, `(${'x'.repeat(500)})`)],
      ['FW5013', set(`${train}.AlgorithmSpecification.MetricDefinitions[0].Regex`, 'accuracy=([0-9.]+')],
      ['FW5013', set(`${train}.AlgorithmSpecification.MetricDefinitions[0].Regex`, 'accuracy=[0-9.]+')],
      [
        'FW5013',
        set(`${train}.AlgorithmSpecification.MetricDefinitions[1]`, { Name: 'validation:accuracy', Regex: '(1)' }),
      ],
    ],
  },
  83: {
    rule: 'a training has exactly one of TrainingImage and AlgorithmName',
    mistakes: [
      ['FW5014', set(`${train}.AlgorithmSpecification.TrainingImage`)],
      ['FW5014', set(`${train}.AlgorithmSpecification.AlgorithmName`, 'mine')],
    ],
  },
  84: {
    rule: 'spot training has a waiting time and checkpoints',
    mistakes: [
      ['FW5015', set(`${train}.EnableManagedSpotTraining`, true)],
      ['FW5015', set(`${train}.StoppingCondition`, { MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 60 })],
      ['FW5017', set(`${train}.EnableManagedSpotTraining`, true)],
    ],
  },
  85: {
    rule: 'processing has at most 10 inputs and outputs with names and folders of their own',
    mistakes: [
      [
        'FW5004',
        set(
          `${split}.ProcessingInputs`,
          many(11, index => input(`i${index}`)),
        ),
      ],
      [
        'FW5004',
        set(
          `${split}.ProcessingOutputConfig.Outputs`,
          many(11, index => output(`o${index}`)),
        ),
      ],
      ['FW5020', set(`${split}.ProcessingInputs[1]`, input('data', '/opt/ml/processing/input/b'))],
      ['FW5018', set(`${split}.ProcessingInputs[1]`, input('b', '/data'))],
      ['FW5021', set(`${split}.ProcessingInputs[1]`, input('b', '/opt/ml/processing/input/data'))],
      ['FW5021', set(`${split}.ProcessingInputs[1]`, input('b', '/opt/ml/processing/input/data/below'))],
    ],
  },
  86: {
    rule: 'an input has one source, and a folder unless the program manages it',
    mistakes: [
      ['FW5019', set(`${split}.ProcessingInputs[1]`, { InputName: 'b' })],
      ['FW5019', set(`${split}.ProcessingInputs[1]`, { ...input('b'), DatasetDefinition: {} })],
      ['FW5018', set(`${split}.ProcessingInputs[0].S3Input.LocalPath`)],
    ],
  },
  87: {
    rule: 'no prefix takes in another one',
    mistakes: [
      [
        'FW5029',
        set(`${train}.InputDataConfig`, [
          channel('a', 's3://my-bucket/fold=1'),
          channel('b', 's3://my-bucket/fold=10/'),
        ]),
      ],
    ],
  },
  88: {
    rule: 'an entrypoint and arguments are 1 to 100 of at most 256 characters',
    mistakes: [
      ['FW5004', set(`${split}.AppSpecification.ContainerEntrypoint`, [])],
      [
        'FW5004',
        set(
          `${split}.AppSpecification.ContainerArguments`,
          many(101, () => 'x'),
        ),
      ],
      ['FW5004', set(`${split}.AppSpecification.ContainerArguments`, ['x'.repeat(257)])],
    ],
  },
  89: {
    rule: 'no two steps write to one place, and no place is the same in every execution',
    mistakes: [
      [
        'FW5022',
        {
          set: [
            [`${split}.ProcessingOutputConfig.Outputs[0]`, output('train', 's3://my-bucket/o')],
            [`${evaluate}.ProcessingOutputConfig.Outputs[0]`, output('evaluation', 's3://my-bucket/o')],
          ],
        },
      ],
      ['FW5024', set(`${evaluate}.ProcessingOutputConfig.Outputs[0]`, output('evaluation'))],
    ],
  },
  90: {
    rule: 'the output of a cached step is not made of constants only',
    mistakes: [['FW5023', set(`${split}.ProcessingOutputConfig.Outputs[0]`, output('train'))]],
  },
  91: {
    rule: 'a tuning can be done',
    mistakes: [
      ['FW5030', tune({}, {}, { TrainingJobDefinition: undefined })],
      ['FW5030', tune({}, {}, { TrainingJobDefinitions: [{ ...trainingDefinition, DefinitionName: 'a' }] })],
      ['FW5035', tune({ HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'loss' } })],
      ['FW5032', tune(continuous(...many(31, index => ({ Name: `p${index}`, MinValue: '0', MaxValue: '1' }))))],
      ['FW5032', tune(continuous({ Name: 'C', MinValue: '0', MaxValue: '1' }), { StaticHyperParameters: { C: '1' } })],
      ['FW5031', tune(continuous({ Name: 'C', MinValue: '10', MaxValue: '9' }))],
      ['FW5031', tune(continuous({ Name: 'C', MinValue: '0', MaxValue: '1', ScalingType: 'Logarithmic' }))],
      [
        'FW5031',
        tune({
          ParameterRanges: {
            IntegerParameterRanges: [{ Name: 'n', MinValue: '0', MaxValue: '1', ScalingType: 'ReverseLogarithmic' }],
          },
        }),
      ],
      ['FW5031', tune(continuous({ Name: 'C', MinValue: '0', MaxValue: '1', ScalingType: 'ReverseLogarithmic' }))],
      ['FW5033', tune({ ResourceLimits: { MaxNumberOfTrainingJobs: 1, MaxParallelTrainingJobs: 2 } })],
      ['FW5034', tune({ Strategy: 'Grid', ...continuous({ Name: 'C', MinValue: '0', MaxValue: '1' }) })],
      [
        'FW5034',
        tune({
          Strategy: 'Grid',
          ParameterRanges: { CategoricalParameterRanges: [{ Name: 'k', Values: ['a', 'b'] }] },
          ResourceLimits: { MaxNumberOfTrainingJobs: 3, MaxParallelTrainingJobs: 1 },
        }),
      ],
      ['FW5034', tune({ Strategy: 'Hyperband', TrainingJobEarlyStoppingType: 'Auto' })],
    ],
  },
  92: {
    rule: 'a warm start has a type and a parent',
    mistakes: [
      [
        'FW5005',
        tune({}, {}, { WarmStartConfig: { ParentHyperParameterTuningJobs: [{ HyperParameterTuningJobName: 'a' }] } }),
      ],
      [
        'FW5004',
        tune({}, {}, { WarmStartConfig: { WarmStartType: 'TransferLearning', ParentHyperParameterTuningJobs: [] } }),
      ],
    ],
  },
}
