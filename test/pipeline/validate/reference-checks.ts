import { oneMoreStep, sampleDocument, sampleTraining } from '../../../pipeline/validate/catalogue/sample.ts'
import type { Code, Example } from '../../../pipeline/validate/catalogue.ts'

/** One mistake and the code that names it. */
type Mistake = readonly [code: Code, example: Example]

/** A rule that a definition can break: in words, with mistakes that break it, or where else it is kept. */
export interface ReferenceCheck {
  readonly rule: string
  readonly mistakes: readonly Mistake[]
  /** Who keeps the part of the rule that no document shows, and the test that shows it. */
  readonly elsewhere?: { readonly file: string; readonly test: string }
}

const get = (path: string) => ({ Get: path })
const join = (on: string, ...values: unknown[]) => ({ 'Std:Join': { On: on, Values: values } })
const set = (path: string, value?: unknown): Example => ({ set: [[path, value]] })
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))
const map = (count: number, value = 'x') => Object.fromEntries(many(count, index => [`K${index}`, value]))

const sampleGate = sampleDocument.Steps[3]?.Arguments as {
  readonly Conditions: readonly { readonly LeftValue: unknown }[]
  readonly IfSteps: readonly object[]
}
const [condition0] = sampleGate.Conditions
const fromFile = condition0?.LeftValue

const split = 'Steps[0].Arguments'
const train = 'Steps[1].Arguments'
const evaluate = 'Steps[2].Arguments'
const gate = 'Steps[3].Arguments'
const register = `${gate}.IfSteps[0].Arguments`
const condition = `${gate}.Conditions[0]`
const role = 'arn:aws:iam::111122223333:role/pipeline'
const functionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:f'

const more = (type: string, args: object, rest: object = {}): Example => ({
  set: oneMoreStep(type, { Arguments: args, ...rest }),
})
const fail = (name: string, rest: object = {}) => ({
  Name: name,
  Type: 'Fail',
  Arguments: { ErrorMessage: '' },
  ...rest,
})
const lambda = (name: string, rest: object = {}) => ({
  Name: name,
  Type: 'Lambda',
  FunctionArn: functionArn,
  Arguments: {},
  OutputParameters: [{ OutputName: 'o', OutputType: 'String' }],
  ...rest,
})
/** Reads a value of a step in a Fail step at the end. */
const read = (path: string, index = 5): NonNullable<Example['set']> => [
  [`Steps[${index}]`, fail('Read', { Arguments: { ErrorMessage: get(path) } })],
]
const retry = (policy: object, step = 'Steps[1]') => set(`${step}.RetryPolicies`, [policy])
const capacity = { ExceptionType: ['SageMaker.CAPACITY_ERROR'] }
const channel = (name: string, uri: string, rest: object = {}, source: object = {}) => ({
  ChannelName: name,
  DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: uri, ...source } },
  ...rest,
})
const input = (name: string, localPath = `/opt/ml/processing/input/${name}`) => ({
  InputName: name,
  S3Input: { S3Uri: `s3://my-bucket/${name}/`, LocalPath: localPath, S3DataType: 'S3Prefix', S3InputMode: 'File' },
})
const output = (name: string, uri: unknown = `s3://my-bucket/${name}`, rest: object = {}) => ({
  OutputName: name,
  S3Output: { S3Uri: uri, LocalPath: `/opt/ml/processing/output/${name}`, S3UploadMode: 'EndOfJob', ...rest },
})
const { HyperParameters: _fixed, ...trainingDefinition } = sampleTraining.Arguments
const tune = (config: object, definition: object = {}, rest: object = {}) =>
  more('Tuning', {
    HyperParameterTuningJobConfig: {
      Strategy: 'Bayesian',
      HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'validation:accuracy' },
      ResourceLimits: { MaxNumberOfTrainingJobs: 5, MaxParallelTrainingJobs: 2 },
      ...config,
    },
    TrainingJobDefinition: { ...trainingDefinition, ...definition },
    ...rest,
  })
const continuous = (...ranges: object[]) => ({ ParameterRanges: { ContinuousParameterRanges: ranges } })
const transform = (args: object) =>
  more('Transform', {
    ModelName: 'm',
    TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://my-bucket/in/' } } },
    TransformOutput: { S3OutputPath: 's3://my-bucket/out/' },
    TransformResources: { InstanceCount: 1, InstanceType: 'ml.m5.large' },
    ...args,
  })
const transformInput = (rest: object, source: object = {}) => ({
  TransformInput: {
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://my-bucket/in/', ...source } },
    ...rest,
  },
})
const serverless = (config: object, rest: object = {}) =>
  more('EndpointConfig', {
    ProductionVariants: [{ VariantName: 'v', ModelName: 'm', ServerlessConfig: config, ...rest }],
  })
const emrJob = { StepConfig: { HadoopJarStep: { Jar: 's3://my-bucket/a.jar' } } }
const cluster = (config: object) => more('EMR', { ...emrJob, ClusterConfig: config })

/** The rules about definitions that public sources name, by their number in our list of them. */
export const referenceChecks: Readonly<Record<number, ReferenceCheck>> = {
  1: {
    rule: 'a definition is valid JSON of at most 1,048,576 characters',
    mistakes: [
      ['FW1001', { text: () => '{"Version": "2020-12-01", "Steps": [}' }],
      ['FW1002', { text: () => `{"Version": "2020-12-01", "Steps": []}${' '.repeat(1_048_576)}` }],
    ],
  },
  2: {
    rule: 'from 100 KiB on it is uploaded to S3',
    mistakes: [['FW1003', { text: () => `{"Version": "2020-12-01", "Steps": []}${' '.repeat(102_400)}` }]],
    elsewhere: { file: 'test/pipeline/service/upsert-pipeline.test.ts', test: 'sends a definition of %i bytes by %s' },
  },
  3: { rule: 'the version is 2020-12-01', mistakes: [['FW1004', set('Version', '2020-12-02')]] },
  4: {
    rule: 'no unknown member at the top, in a step or in a condition',
    mistakes: [
      ['FW1005', set('Stepz', [])],
      ['FW2003', set('Steps[1].DependOn', [])],
      ['FW3027', set(`${condition}.Expression`, 'x')],
    ],
  },
  5: {
    rule: 'exactly one of PipelineDefinition and its place in S3 is sent',
    mistakes: [],
    elsewhere: { file: 'test/pipeline/service/upsert-pipeline.test.ts', test: 'sends a definition of %i bytes by %s' },
  },
  6: {
    rule: 'a pipeline name has its pattern and at most 256 characters',
    mistakes: [
      ['FW1025', { pipeline: { name: 'iris_cv' } }],
      ['FW1025', { pipeline: { name: 'i'.repeat(257) } }],
    ],
  },
  7: {
    rule: 'a pipeline name is unique in account and region',
    mistakes: [],
    elsewhere: {
      file: 'test/pipeline/service/upsert-pipeline.test.ts',
      test: 'overwrites nothing when somebody else creates the pipeline meanwhile (%s)',
    },
  },
  8: { rule: 'there is a step', mistakes: [['FW1008', set('Steps', [])]] },
  9: {
    rule: 'parameter names are unique and have their pattern',
    mistakes: [
      ['FW1010', set('Parameters[5]', { Name: 'C' })],
      ['FW1011', set('Parameters[5]', { Name: 'a b' })],
      ['FW1012', set('Parameters[5]', { Name: 'a'.repeat(65) })],
    ],
  },
  10: { rule: 'a parameter has one of four types', mistakes: [['FW1013', set('Parameters[3].Type', 'Number')]] },
  11: {
    rule: 'a default has the declared type',
    mistakes: [
      ['FW1014', set('Parameters[5]', { Name: 'N', Type: 'Integer', DefaultValue: 1.5 })],
      ['FW1014', set('Parameters[5]', { Name: 'N', Type: 'Boolean', DefaultValue: 'true' })],
    ],
    elsewhere: {
      file: 'test/pipeline/definition/render.test.ts',
      test: 'writes numbers in float slots with a decimal point: defaults, operands beside floats, float members of requests',
    },
  },
  12: {
    rule: 'EnumValues belong to String parameters, are not empty and contain the default',
    mistakes: [
      ['FW1015', set('Parameters[3].EnumValues', ['1'])],
      ['FW1016', set('Parameters[4].EnumValues', [])],
      ['FW1017', set('Parameters[1].DefaultValue', 'ml.m4.xlarge')],
    ],
  },
  13: {
    rule: 'a String default has 1 to 4096 characters, a start value 1 to 1024',
    mistakes: [
      ['FW1019', set('Parameters[4].DefaultValue', '')],
      ['FW1019', set('Parameters[4].DefaultValue', 'x'.repeat(4097))],
      ['FW9004', { overrides: { Group: '' } }],
      ['FW9007', { overrides: { Group: 'x'.repeat(1025) } }],
    ],
  },
  14: {
    rule: 'there are at most 200 parameters',
    mistakes: [
      [
        'FW1020',
        set(
          'Parameters',
          many(201, index => ({ Name: `P${index}` })),
        ),
      ],
      ['FW9010', { overrides: map(201) }],
    ],
  },
  15: {
    rule: 'every parameter that is referred to is declared',
    mistakes: [['FW3002', set('Parameters[3].Name', 'D')]],
  },
  16: { rule: 'every declared parameter is used', mistakes: [['FW1021', set('Parameters[5]', { Name: 'Idle' })]] },
  17: {
    rule: 'start values name declared parameters',
    mistakes: [['FW9001', { overrides: { Group: 'g', Idle: '1' } }]],
  },
  18: { rule: 'a parameter without default gets a value', mistakes: [['FW9002', { overrides: { C: '1' } }]] },
  19: {
    rule: 'a start value is of the declared type',
    mistakes: [['FW9003', { overrides: { Group: 'g', Baseline: 'high' } }]],
  },
  20: {
    rule: 'a default fits the places that it is used in',
    mistakes: [
      ['FW1022', set('Parameters[0].DefaultValue', 'my-bucket/data')],
      ['FW1022', set('Parameters[1].DefaultValue', 'ml.m5.huge')],
    ],
  },
  21: {
    rule: 'step names are unique over the top and all branches',
    mistakes: [
      ['FW2004', set('Steps[4]', fail('Train'))],
      ['FW2004', set(`${gate}.IfSteps[1]`, fail('Train'))],
    ],
  },
  22: {
    rule: 'a step name has its pattern and at most 64 characters',
    mistakes: [
      ['FW2005', set('Steps[4]', fail('a b'))],
      ['FW2006', set('Steps[4]', fail('a'.repeat(65)))],
    ],
  },
  23: {
    rule: 'step names differ in their first 20 characters',
    mistakes: [
      [
        'FW2007',
        {
          set: [
            ['Steps[4]', fail('train-the-final-model-A')],
            ['Steps[5]', fail('train-the-final-model-B')],
          ],
        },
      ],
    ],
  },
  24: {
    rule: 'display names and descriptions have their lengths',
    mistakes: [
      ['FW2008', set('Steps[1].DisplayName', 'x'.repeat(257))],
      ['FW2008', set('Steps[1].Description', 'x'.repeat(3073))],
    ],
  },
  25: {
    rule: 'a step type is known',
    mistakes: [
      ['FW2009', set('Steps[1].Type', 'Trainin')],
      ['FW2010', set('Steps[1].Type', 'Quantum')],
    ],
  },
  26: {
    rule: 'a step type may not be available everywhere',
    mistakes: [
      ['FW2011', more('Job', {})],
      ['FW2011', more('BedrockModelImport', {})],
    ],
  },
  27: { rule: 'DependsOn names steps that exist', mistakes: [['FW2012', set('Steps[1].DependsOn', ['Spilt'])]] },
  28: {
    rule: 'no step waits for itself, directly or through DependsOn, references and branches',
    mistakes: [
      ['FW2013', set('Steps[1].DependsOn', ['Train'])],
      ['FW2014', set('Steps[0].DependsOn', ['Train'])],
      ['FW2014', set(`${split}.Environment`, { E: get('Steps.Evaluate.ProcessingJobArn') })],
      ['FW2014', set('Steps[2].DependsOn', ['Register'])],
    ],
  },
  29: {
    rule: 'nothing depends on a Fail step or refers to it',
    mistakes: [
      [
        'FW2015',
        {
          set: [
            ['Steps[4]', fail('Stop')],
            ['Steps[3].DependsOn', ['Stop']],
          ],
        },
      ],
      ['FW2015', { set: [['Steps[4]', fail('Stop')], ...read('Steps.Stop.ErrorMessage')] }],
      [
        'FW2016',
        {
          set: [
            ['Steps[4]', fail('Stop')],
            ['Steps[1].DependsOn', ['Stop']],
          ],
        },
      ],
    ],
  },
  30: {
    rule: 'nothing outside its branches depends on a Condition step',
    mistakes: [['FW2018', set('Steps[4]', fail('After', { DependsOn: ['Gate'] }))]],
  },
  31: {
    rule: 'no step depends on steps of both sides of one condition',
    mistakes: [['FW2019', set('Steps[4]', fail('Both', { DependsOn: ['Register', 'Reject'] }))]],
  },
  32: {
    rule: 'a step outside a branch that depends on one inside may be left out',
    mistakes: [['FW2022', set('Steps[4]', fail('After', { DependsOn: ['Register'] }))]],
  },
  33: {
    rule: 'the two sides of a condition do not refer to each other',
    mistakes: [
      [
        'FW2020',
        {
          set: [
            [`${gate}.ElseSteps[1]`, lambda('L')],
            [`${register}.CustomerMetadataProperties`, { o: get("Steps.L.OutputParameters['o']") }],
          ],
        },
      ],
      ['FW2020', set(`${gate}.IfSteps[1]`, lambda('L', { DependsOn: ['Reject'] }))],
    ],
  },
  34: {
    rule: 'there is no Condition inside a branch',
    mistakes: [
      [
        'FW2021',
        set(`${gate}.IfSteps[1]`, {
          ...sampleDocument.Steps[3],
          Name: 'Inner',
          Arguments: { Conditions: [condition0], IfSteps: [], ElseSteps: [] },
        }),
      ],
    ],
  },
  35: {
    rule: 'no step stands in both branches',
    mistakes: [['FW2004', set(`${gate}.ElseSteps[1]`, sampleGate.IfSteps[0])]],
  },
  36: { rule: 'there is a condition', mistakes: [['FW3032', set(`${gate}.Conditions`, [])]] },
  37: {
    rule: 'a DependsOn that a reference makes needless',
    mistakes: [['FW2023', set('Steps[1].DependsOn', ['Split'])]],
  },
  38: {
    rule: 'a step that waits for more steps than run at once',
    mistakes: [
      [
        'FW2027',
        {
          set: [['Steps[4]', fail('Last', { DependsOn: ['Split', 'Train', 'Evaluate'] })]],
          pipeline: { maxParallelSteps: 2 },
        },
      ],
    ],
  },
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
  63: {
    rule: 'a cache that is on ends, after a duration',
    mistakes: [
      ['FW4001', set('Steps[0].CacheConfig', { Enabled: true })],
      ['FW4002', set('Steps[0].CacheConfig.ExpireAfter', 'PT30S')],
    ],
  },
  64: {
    rule: 'a cache stands at a type whose caching is documented',
    mistakes: [
      ['FW4003', set('Steps[4]', lambda('L', { CacheConfig: { Enabled: true, ExpireAfter: 'P1D' } }))],
      ['FW2003', set('Steps[4]', fail('F', { CacheConfig: { Enabled: true, ExpireAfter: 'P1D' } }))],
    ],
  },
  65: {
    rule: 'the key of a cached step is not new in every execution',
    mistakes: [['FW4004', set(`${split}.Environment`, { RUN: get('Execution.PipelineExecutionId') })]],
  },
  66: {
    rule: 'ExceptionType is a list of known exceptions',
    mistakes: [
      ['FW4005', retry({ ExceptionType: [], MaxAttempts: 1 })],
      ['FW4006', retry({ ExceptionType: ['SageMaker.CAPACITY'], MaxAttempts: 1 })],
      ['FW2001', retry({ ExceptionType: 'SageMaker.CAPACITY_ERROR', MaxAttempts: 1 })],
    ],
  },
  67: {
    rule: 'a retry policy has one of MaxAttempts and ExpireAfterMin',
    mistakes: [
      ['FW4007', retry({ ...capacity, MaxAttempts: 1, ExpireAfterMin: 1 })],
      ['FW4008', retry(capacity)],
    ],
  },
  68: {
    rule: 'the numbers of a retry policy are within their bounds',
    mistakes: [
      ['FW4010', retry({ ...capacity, MaxAttempts: 21 })],
      ['FW4010', retry({ ...capacity, ExpireAfterMin: 14_401 })],
      ['FW4010', retry({ ...capacity, MaxAttempts: 1, IntervalSeconds: 43_201 })],
      ['FW4010', retry({ ...capacity, MaxAttempts: 1, BackoffRate: -1 })],
    ],
  },
  69: {
    rule: 'retry policies stand at types that have them, with exceptions that come there',
    mistakes: [
      ['FW4011', retry({ ...capacity, MaxAttempts: 1 }, `${gate}.IfSteps[0]`)],
      [
        'FW4011',
        more(
          'Model',
          { ExecutionRoleArn: role, PrimaryContainer: {} },
          { RetryPolicies: [{ ...capacity, MaxAttempts: 1 }] },
        ),
      ],
      ['FW2003', set('Steps[4]', lambda('L', { RetryPolicies: [{ ...capacity, MaxAttempts: 1 }] }))],
    ],
  },
  70: {
    rule: 'Tuning and AutoML never retry an internal error',
    mistakes: [
      [
        'FW4012',
        {
          set: [
            ...(tune({}).set ?? []),
            ['Steps[4].RetryPolicies', [{ ExceptionType: ['SageMaker.JOB_INTERNAL_ERROR'], MaxAttempts: 1 }]],
          ],
        },
      ],
    ],
  },
  71: { rule: 'at least one step runs at once', mistakes: [['FW4013', { pipeline: { maxParallelSteps: 0 } }]] },
  72: {
    rule: 'selected steps are 1 to 50, exist, are connected and have results to build on',
    mistakes: [
      ['FW9008', { selection: { selectedSteps: [] } }],
      ['FW9008', { selection: { selectedSteps: many(51, index => `S${index}`) } }],
      ['FW9009', { selection: { selectedSteps: ['Trian'] } }],
      ['FW9011', { selection: { selectedSteps: ['Split', 'Evaluate'], sourceExecutionArn: 'arn' } }],
      ['FW9012', { selection: { selectedSteps: ['Train'] } }],
    ],
  },
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
  93: {
    rule: 'AutoML runs in ensembling mode, and deploys nothing',
    mistakes: [
      ['FW5040', more('AutoML', { AutoMLJobConfig: { Mode: 'AUTO' } })],
      ['FW5007', more('AutoML', { ModelDeployConfig: {} })],
      ['FW5007', more('AutoML', { GenerateCandidateDefinitionsOnly: true })],
    ],
  },
  94: {
    rule: 'a model has one kind of containers and a role',
    mistakes: [
      ['FW5041', more('Model', { ExecutionRoleArn: role })],
      ['FW5041', more('Model', { ExecutionRoleArn: role, PrimaryContainer: {}, Containers: [{}] })],
      ['FW5054', more('Model', { PrimaryContainer: {} })],
    ],
  },
  95: {
    rule: 'a registration has a group, and nothing that the workflow service refuses',
    mistakes: [
      ['FW5027', set(`${register}.ModelPackageGroupName`)],
      ['FW5007', set(`${register}.ModelPackageName`, 'p')],
      ['FW5007', set(`${register}.CertifyForMarketplace`, false)],
      ['FW5007', set(`${register}.Description`, 'd')],
    ],
  },
  96: {
    rule: 'a registration has a container with an image, content and instance types, and an approval that exists',
    mistakes: [
      ['FW5028', set(`${register}.InferenceSpecification.Containers[0].Image`)],
      ['FW5004', set(`${register}.InferenceSpecification.Containers`, [])],
      ['FW5026', set(`${register}.InferenceSpecification.SupportedContentTypes`, [])],
      ['FW5026', set(`${register}.InferenceSpecification.SupportedResponseMIMETypes`)],
      ['FW5026', set(`${register}.InferenceSpecification.SupportedRealtimeInferenceInstanceTypes`)],
      ['FW5002', set(`${register}.ModelApprovalStatus`, 'approved')],
    ],
  },
  97: {
    rule: 'sources of model metrics have a content type and a URI',
    mistakes: [
      ['FW5005', set(`${register}.ModelMetrics`, { ModelQuality: { Statistics: { S3Uri: 's3://b/s.json' } } })],
      [
        'FW5005',
        set(`${register}.ModelMetrics`, { ModelQuality: { Statistics: { ContentType: 'application/json' } } }),
      ],
    ],
  },
  98: {
    rule: 'a transform can be done',
    mistakes: [
      ['FW5042', transform({ ModelName: get('Steps.Train.TrainingJobName') })],
      ['FW5042', transform(transformInput({}, { S3DataType: 'AugmentedManifestFile' }))],
      [
        'FW5042',
        transform({
          ...transformInput({ SplitType: 'RecordIO' }),
          TransformOutput: { S3OutputPath: 's3://b/o/', AssembleWith: 'Line' },
        }),
      ],
      [
        'FW5042',
        transform({
          ...transformInput({ SplitType: 'None' }),
          TransformOutput: { S3OutputPath: 's3://b/o/', AssembleWith: 'Line' },
        }),
      ],
      ['FW5042', transform({ DataProcessing: { InputFilter: '[1:]' } })],
      ['FW5004', transform({ DataProcessing: { OutputFilter: `$.${'x'.repeat(63)}` } })],
    ],
  },
  99: {
    rule: 'endpoints have nothing that the workflow service refuses',
    mistakes: [
      ['FW5007', more('Endpoint', { EndpointName: 'e', EndpointConfigName: 'c', DeploymentConfig: {} })],
      ['FW5007', more('EndpointConfig', { DataCaptureConfig: {} })],
      ['FW5007', more('EndpointConfig', { ExplainerConfig: {} })],
    ],
  },
  100: {
    rule: 'a serverless variant can work',
    mistakes: [
      ['FW5043', serverless({ MemorySizeInMB: 1500, MaxConcurrency: 5 })],
      ['FW5004', serverless({ MemorySizeInMB: 7168, MaxConcurrency: 5 })],
      ['FW5004', serverless({ MemorySizeInMB: 1024, MaxConcurrency: 201 })],
      ['FW5043', serverless({ MemorySizeInMB: 1024, MaxConcurrency: 5, ProvisionedConcurrency: 6 })],
      ['FW5043', serverless({ MemorySizeInMB: 1024, MaxConcurrency: 5 }, { InstanceType: 'ml.m5.large' })],
    ],
  },
  101: {
    rule: 'Lambda and Callback steps have flat arguments, typed outputs and a place to call',
    mistakes: [
      ['FW5044', set('Steps[4]', lambda('L', { Arguments: { a: { b: 1 } } }))],
      [
        'FW5045',
        set(
          'Steps[4]',
          lambda('L', { OutputParameters: many(51, index => ({ OutputName: `o${index}`, OutputType: 'String' })) }),
        ),
      ],
      ['FW5045', set('Steps[4]', lambda('L', { OutputParameters: [{ OutputName: 'o', OutputType: 'Number' }] }))],
      [
        'FW5045',
        set('Steps[4]', lambda('L', { OutputParameters: many(2, () => ({ OutputName: 'o', OutputType: 'String' })) })),
      ],
      ['FW5046', set('Steps[4]', lambda('L', { FunctionArn: 'f' }))],
      ['FW5046', more('Callback', {}, { SqsQueueUrl: 'queue', OutputParameters: [] })],
      [
        'FW5046',
        more(
          'Callback',
          {},
          { SqsQueueUrl: `https://sqs.eu-west-1.amazonaws.com/111122223333/${'q'.repeat(256)}`, OutputParameters: [] },
        ),
      ],
    ],
  },
  102: {
    rule: "a function is in the pipeline's region",
    mistakes: [['FW5047', { ...set('Steps[4]', lambda('L')), pipeline: { region: 'us-east-1' } }]],
    elsewhere: {
      file: 'test/cli/aws-target.test.ts',
      test: 'upsert warns of a function in another region than the target',
    },
  },
  103: {
    rule: 'an EMR step has one cluster, and sets nothing that the step sets itself',
    mistakes: [
      ['FW5048', more('EMR', emrJob)],
      ['FW5048', more('EMR', { ...emrJob, ClusterId: 'j-1', ClusterConfig: { Instances: { InstanceGroups: [] } } })],
      [
        'FW5049',
        more('EMR', { ...emrJob, ExecutionRoleArn: role, ClusterConfig: { Instances: { InstanceGroups: [] } } }),
      ],
      ...['Name', 'Steps', 'AutoTerminationPolicy'].map(
        (member): Mistake => ['FW5049', cluster({ [member]: 'x', Instances: { InstanceGroups: [] } })],
      ),
      ...['KeepJobFlowAliveWhenNoSteps', 'TerminationProtected'].map(
        (member): Mistake => ['FW5049', cluster({ Instances: { InstanceGroups: [], [member]: true } })],
      ),
      ['FW5049', cluster({ Instances: {} })],
      ['FW5049', cluster({ Instances: { InstanceGroups: [], InstanceFleets: [] } })],
    ],
  },
  104: {
    rule: 'an EMR Serverless step has one application',
    mistakes: [
      ['FW5048', more('EMRServerless', { ExecutionRoleArn: role, JobConfig: {} })],
      [
        'FW5048',
        more('EMRServerless', { ExecutionRoleArn: role, JobConfig: {}, ApplicationId: 'a', ApplicationConfig: {} }),
      ],
    ],
  },
  105: {
    rule: 'a Lineage step has one of its four lists and nothing else',
    mistakes: [
      ['FW5051', more('Lineage', {})],
      ['FW5051', more('Lineage', { Artifacts: [], Artefacts: [] })],
    ],
  },
  106: {
    rule: 'a check has a kind that exists and a baseline when it needs one',
    mistakes: [
      ['FW5052', more('ClarifyCheck', {}, { CheckType: 'DATA_QUALITY' })],
      ['FW5053', more('QualityCheck', {}, { CheckType: 'DATA_QUALITY', SkipCheck: false })],
      ['FW5053', more('ClarifyCheck', {}, { CheckType: 'DATA_BIAS', SkipCheck: true, RegisterNewBaseline: false })],
    ],
  },
  107: {
    rule: 'a job has a role',
    mistakes: [
      ['FW5054', set(`${train}.RoleArn`)],
      ['FW5054', set(`${split}.RoleArn`)],
      ['FW5005', tune({}, { RoleArn: undefined })],
    ],
  },
  108: {
    rule: 'there is no secret in parameters, environment and hyperparameters',
    mistakes: [
      ['FW1024', set('Parameters[5]', { Name: 'ApiKey', DefaultValue: 'hunter2-hunter2' })],
      ['FW1024', set(`${evaluate}.Environment.DB_PASSWORD`, 'hunter2-hunter2')],
      ['FW1024', set(`${train}.HyperParameters.aws`, 'AKIAIOSFODNN7EXAMPLE')],
    ],
  },
  109: {
    rule: 'experiments have names that are allowed, and a step sets only its display name',
    mistakes: [
      ['FW1023', set('PipelineExperimentConfig.ExperimentName', 'iris_cv')],
      ['FW5038', set(`${train}.ExperimentConfig`, { TrialName: 't' })],
    ],
  },
  110: {
    rule: 'security groups and subnets are lists, also one of them',
    mistakes: [
      ['FW5006', set(`${train}.VpcConfig`, { SecurityGroupIds: 'sg-1', Subnets: ['subnet-1'] })],
      ['FW3013', set(`${train}.VpcConfig`, { SecurityGroupIds: ['sg-1'], Subnets: get('Parameters.Group') })],
    ],
  },
}
