import { oneMoreStep } from '../../../../pipeline/validate/catalogue/sample.ts'
import {
  condition,
  emrJob,
  evaluate,
  fail,
  fromFile,
  get,
  join,
  lambda,
  many,
  more,
  read,
  role,
  set,
  train,
  tune,
} from './builders.ts'
import type { ReferenceCheck } from './check.ts'

/** Rules 39 to 62: expressions, conditions and property files. */
export const expressionsChecks: Readonly<Record<number, ReferenceCheck>> = {
  39: {
    rule: 'a Get path begins with one of four roots and is well-formed',
    mistakes: [
      ['FW3001', set(`${train}.HyperParameters.C`, get('Parameter.Group'))],
      ['FW3001', set(`${train}.HyperParameters.C`, get('Steps.Split.Outputs['))],
      ['FW3031', set(`${train}.HyperParameters.C`, get('PipelineExperimentConfig.RunName'))],
    ],
  },
  40: {
    rule: 'a step that is referred to exists',
    mistakes: [['FW3003', set(`${train}.HyperParameters.C`, get('Steps.Prepare.ProcessingJobName'))]],
  },
  41: {
    rule: 'a property is one that the step gives',
    mistakes: [
      ['FW3006', set(`${train}.HyperParameters.C`, get('Steps.Split.ProcessingJobNam'))],
      ['FW3006', { set: read('Steps.Gate.Result', 4) }],
      ['FW3011', set(`${train}.HyperParameters.C`, get('Steps.Split.ProcessingOutputConfig'))],
      [
        'FW3036',
        {
          set: [
            ...oneMoreStep('EMR', { Arguments: { ...emrJob, ClusterId: 'j-1' } }),
            ...read('Steps.More.Status.Stat'),
          ],
        },
      ],
      ['FW3036', { set: [...oneMoreStep('EMRServerless', {}), ...read('Steps.More.JobRunId')] }],
      ['FW3036', { set: [...oneMoreStep('BedrockCustomModel', {}), ...read('Steps.More.ModelARN')] }],
      ['FW3036', { set: [...oneMoreStep('BedrockCustomModelDeployment', {}), ...read('Steps.More.JobArn')] }],
      ['FW3036', { set: [...oneMoreStep('BedrockModelImport', {}), ...read('Steps.More.ModelArn')] }],
      ['FW3036', { set: [...oneMoreStep('BedrockProvisionedModelThroughput', {}), ...read('Steps.More.Units')] }],
      [
        'FW3011',
        {
          set: [...oneMoreStep('EMR', { Arguments: { ...emrJob, ClusterId: 'j-1' } }), ...read('Steps.More.Status')],
        },
      ],
    ],
  },
  42: {
    rule: 'the key of a named list is declared by the step',
    mistakes: [
      [
        'FW3007',
        set(`${train}.HyperParameters.C`, get("Steps.Split.ProcessingOutputConfig.Outputs['test'].S3Output.S3Uri")),
      ],
      [
        'FW3007',
        set(`${evaluate}.Environment.ACCURACY`, join('', get("Steps.Train.FinalMetricDataList['accuracy'].Value"))),
      ],
    ],
  },
  43: {
    rule: 'an output parameter is declared, and has nothing below it',
    mistakes: [
      ['FW3009', { set: [['Steps[4]', lambda('L')], ...read("Steps.L.OutputParameters['p']")] }],
      ['FW3006', { set: [['Steps[4]', lambda('L')], ...read("Steps.L.OutputParameters['o'].deeper")] }],
    ],
  },
  44: {
    rule: 'TrainingJobSummaries has the indexes 0 to 49',
    mistakes: [
      ['FW3010', { set: [...(tune({}).set ?? []), ...read('Steps.More.TrainingJobSummaries[50].TrainingJobName')] }],
    ],
  },
  45: {
    rule: 'an expression has the type of its place',
    mistakes: [
      ['FW3012', set(`${train}.HyperParameters.C`, get('Parameters.C'))],
      ['FW3012', set(`${train}.ResourceConfig.VolumeSizeInGB`, get('Parameters.Group'))],
      ['FW3012', set(`${train}.EnableNetworkIsolation`, get('Parameters.Group'))],
      ['FW3037', set('Steps[4]', fail('Stop', { Arguments: { ErrorMessage: get('Parameters.C') } }))],
      [
        'FW3037',
        more('EMR', {
          ClusterId: 'j-1',
          StepConfig: { HadoopJarStep: { Jar: 's3://my-bucket/a.jar', Args: [get('Parameters.C')] } },
        }),
      ],
      ['FW3037', more('EMRServerless', { ApplicationId: get('Parameters.C'), ExecutionRoleArn: role, JobConfig: {} })],
      ['FW3037', more('BedrockCustomModel', { ModelName: get('Parameters.C'), ModelSourceConfig: {} })],
    ],
  },
  46: {
    rule: 'no expression stands where a list or object is expected',
    mistakes: [
      ['FW3013', set(`${train}.InputDataConfig`, get('Parameters.Group'))],
      ['FW3013', set(`${train}.HyperParameters`, get('Parameters.Group'))],
      [
        'FW3037',
        more('EMR', {
          ClusterId: 'j-1',
          StepConfig: { HadoopJarStep: { Jar: 's3://my-bucket/a.jar', Args: get('Parameters.Group') } },
        }),
      ],
    ],
  },
  47: {
    rule: 'no expression is the key of a map',
    mistakes: [['FW3034', set(`${train}.Environment`, { '{"Get": "Parameters.Group"}': 'x' })]],
  },
  48: {
    rule: 'a Join has On and Values and no more, and gives text',
    mistakes: [
      ['FW3016', set(`${train}.HyperParameters.C`, { 'Std:Join': { Values: ['a'] } })],
      ['FW3016', set(`${train}.HyperParameters.C`, { 'Std:Join': { On: '', Values: 'a' } })],
      ['FW3016', set(`${train}.HyperParameters.C`, { 'Std:Join': { On: '', Values: [], Sep: '' } })],
      ['FW3014', set(`${train}.HyperParameters.C`, { 'Std:Join': { On: get('Parameters.Group'), Values: ['a'] } })],
      ['FW3012', set(`${train}.ResourceConfig.InstanceCount`, join('', '1'))],
    ],
  },
  49: {
    rule: 'the pieces of an S3 URI give s3://',
    mistakes: [
      [
        'FW3024',
        set(`${train}.OutputDataConfig.S3OutputPath`, join('/', 's3:', 'b', get('Execution.PipelineExecutionId'))),
      ],
      [
        'FW3025',
        set(
          `${train}.OutputDataConfig.S3OutputPath`,
          join('/', 'C', get('Parameters.C'), get('Execution.PipelineName')),
        ),
      ],
    ],
  },
  50: {
    rule: 'a Join stays within the length of its place',
    mistakes: [
      [
        'FW3033',
        set(`${evaluate}.AppSpecification.ContainerArguments`, [
          join(',', ...many(5, () => get('Steps.Train.TrainingJobName'))),
        ]),
      ],
      ['FW3024', set(`${evaluate}.AppSpecification.ContainerArguments`, [join('', 'x'.repeat(200), 'y'.repeat(100))])],
    ],
  },
  51: {
    rule: 'a JsonGet has exactly one of PropertyFile and S3Uri',
    mistakes: [
      ['FW3017', set(`${condition}.LeftValue`, { 'Std:JsonGet': { Path: 'a' } })],
      ['FW3017', set(`${condition}.LeftValue["Std:JsonGet"].S3Uri`, join('/', 's3:/', 'b', 'f.json'))],
    ],
  },
  52: {
    rule: 'the path of a JsonGet is a literal',
    mistakes: [['FW3015', set(`${condition}.LeftValue["Std:JsonGet"].Path`, get('Parameters.Group'))]],
  },
  53: {
    rule: 'the path of a JsonGet is a simple JsonPath',
    mistakes: [
      ['FW3018', set(`${condition}.LeftValue["Std:JsonGet"].Path`, 'objective[')],
      ['FW3019', set(`${condition}.LeftValue["Std:JsonGet"].Path`, 'folds[*].value')],
    ],
  },
  54: {
    rule: 'a property file belongs to a Processing step that has it',
    mistakes: [
      ['FW3020', set(`${condition}.LeftValue["Std:JsonGet"].PropertyFile`, get('Steps.Train.PropertyFiles.F'))],
      ['FW3020', set(`${condition}.LeftValue["Std:JsonGet"].PropertyFile`, get('Steps.Evaluate.PropertyFiles.F'))],
      ['FW3020', set(`${condition}.LeftValue["Std:JsonGet"].PropertyFile`, get('Parameters.Group'))],
    ],
  },
  55: {
    rule: 'the output of a property file is one of the step',
    mistakes: [['FW3021', set('Steps[2].PropertyFiles[0].OutputName', 'metrics')]],
  },
  56: {
    rule: 'a property file is a JSON file below an output that is there when the job ends',
    mistakes: [
      ['FW3022', set('Steps[2].PropertyFiles[0].FilePath', '/evaluation.json')],
      ['FW3022', set('Steps[2].PropertyFiles[0].FilePath', 'evaluation.csv')],
      ['FW3022', set(`${evaluate}.ProcessingOutputConfig.Outputs[0].S3Output.S3UploadMode`, 'Continuous')],
      [
        'FW3022',
        set(`${evaluate}.ProcessingOutputConfig.Outputs[0]`, {
          OutputName: 'evaluation',
          FeatureStoreOutput: { FeatureGroupName: 'g' },
          AppManaged: true,
        }),
      ],
    ],
  },
  57: {
    rule: 'the S3Uri of a JsonGet is a Join of what may be joined, and the step waits for the file',
    mistakes: [
      ['FW3023', set(`${condition}.LeftValue`, { 'Std:JsonGet': { S3Uri: 's3://b/f.json', Path: 'a' } })],
      [
        'FW3023',
        set(`${condition}.LeftValue`, {
          'Std:JsonGet': {
            S3Uri: join('/', 's3:/', fromFile),
            Path: 'a',
          },
        }),
      ],
      [
        'FW3026',
        set(`${condition}.LeftValue`, { 'Std:JsonGet': { S3Uri: join('/', 's3:/', 'b', 'f.json'), Path: 'a' } }),
      ],
    ],
  },
  58: {
    rule: 'an execution variable is known, and a job name stands in a step that starts such a job',
    mistakes: [
      ['FW3004', set(`${train}.HyperParameters.C`, get('Execution.StartTime'))],
      ['FW3005', set(`${train}.HyperParameters.C`, get('Execution.ProcessingJobName'))],
      ['FW3005', set(`${evaluate}.Environment.J`, get('Execution.TrainingJobName'))],
    ],
  },
  59: {
    rule: 'the operands of a condition can be compared',
    mistakes: [
      ['FW3028', set(condition, { Type: 'Equals', LeftValue: get('Parameters.Group'), RightValue: 1 })],
      ['FW3028', set(condition, { Type: 'LessThan', LeftValue: get('Steps.Gate.Outcome'), RightValue: true })],
      ['FW3028', set(condition, { Type: 'In', QueryValue: get('Parameters.C'), Values: ['a'] })],
    ],
  },
  60: {
    rule: 'a condition has one of eight types',
    mistakes: [
      ['FW3027', set(`${condition}.Type`, 'NotEquals')],
      ['FW3027', set(`${condition}.Type`, 'NotIn')],
      ['FW3027', set(`${condition}.Type`, 'And')],
    ],
  },
  61: {
    rule: 'a condition compares more than two literals',
    mistakes: [['FW3029', set(condition, { Type: 'Equals', LeftValue: 1, RightValue: 1 })]],
  },
  62: {
    rule: 'floats are written with a decimal point',
    mistakes: [
      [
        'FW5055',
        {
          text: () =>
            '{"Version": "2020-12-01", "Steps": [{"Name": "I", "Type": "InferenceComponent", "Arguments": {"Specification": {"ComputeResourceRequirements": {"NumberOfCpuCoresRequired": 2, "MinMemoryRequiredInMb": 128}}}}]}',
        },
      ],
    ],
  },
}
