import type { CatalogueEntry } from './entry.ts'
import { oneMoreStep } from './sample.ts'

const get = (path: string) => ({ Get: path })
const join = (on: unknown, ...values: unknown[]) => ({ 'Std:Join': { On: on, Values: values } })
const jsonGet = (body: object) => ({ 'Std:JsonGet': body })
const condition = 'Steps[3].Arguments.Conditions[0]'
const path = `${condition}.LeftValue["Std:JsonGet"].Path`
const hyper = 'Steps[1].Arguments.HyperParameters.C'

/** FW3…: expressions, conditions and property files. */
export const expressionCodes = {
  FW3001: {
    title: 'Get with something that is no path',
    severity: 'error',
    source: 'SageMaker Python SDK: the four roots of references',
    example: { set: [[hyper, get('C')]] },
    repair:
      'Write Parameters.<name>, Execution.<variable>, Steps.<step>.<property> or PipelineExperimentConfig.<member>.',
  },
  FW3002: {
    title: 'Reference to a parameter that is not declared',
    severity: 'error',
    source: 'Developer Guide: "All parameters used in the pipeline must be defined"',
    example: { set: [[hyper, join('', get('Parameters.Cc'))]] },
    repair: 'Declare the parameter, or correct the name.',
  },
  FW3003: {
    title: 'Reference to a step that does not exist',
    severity: 'error',
    source: 'SageMaker Python SDK: "Step X is undefined."',
    example: { set: [[hyper, get('Steps.Splitt.ProcessingJobName')]] },
    repair: 'Correct the name, or add the step to the pipeline.',
  },
  FW3004: {
    title: 'Unknown execution variable',
    severity: 'error',
    source: 'SageMaker Python SDK, ExecutionVariables',
    example: { set: [[hyper, get('Execution.PipelineExecutionID')]] },
    repair: 'Use one of the eight that the message names.',
  },
  FW3005: {
    title: 'Job name variable in a step that starts no such job',
    severity: 'warning',
    source: 'SageMaker Python SDK documentation, Execution Variable',
    example: { set: [['Steps[2].Arguments.Environment', { JOB: get('Execution.TrainingJobName') }]] },
    repair: "Refer to the other step's property, such as Steps.Train.TrainingJobName.",
  },
  FW3006: {
    title: 'Property that the step does not give',
    severity: 'error',
    source: 'Service model, Describe responses; a wrong path fails when the pipeline runs',
    example: { set: [[hyper, get('Steps.Split.ProcessingJobNam')]] },
    repair: 'Use the spelling that the message proposes. When a newer service has the member, allow the code there.',
  },
  FW3007: {
    title: 'Output, input or metric that the step does not declare',
    severity: 'error',
    source: 'SageMaker Python SDK: name-keyed lists; fails when the pipeline runs',
    example: { set: [[hyper, get("Steps.Split.ProcessingOutputConfig.Outputs['trian'].S3Output.S3Uri")]] },
    repair: 'Use a declared name, or declare it on the other step.',
  },
  FW3008: {
    title: 'Metric of a training without metric definitions',
    severity: 'warning',
    source: 'Developer Guide, Training metrics: built-in algorithms bring their own',
    example: { set: [['Steps[1].Arguments.AlgorithmSpecification.MetricDefinitions']] },
    repair: 'Nothing for a built-in algorithm; else add a MetricDefinition with a regular expression.',
  },
  FW3009: {
    title: 'Output parameter that the step does not declare',
    severity: 'error',
    source: 'Developer Guide, Lambda and Callback steps: only declared outputs exist',
    example: {
      set: [
        [
          'Steps[4]',
          {
            Name: 'Ask',
            Type: 'Lambda',
            FunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:f',
            OutputParameters: [{ OutputName: 'answer', OutputType: 'String' }],
            Arguments: {},
          },
        ],
        [hyper, get("Steps.Ask.OutputParameters['anwser']")],
      ],
    },
    repair: 'Use a declared name, or declare it in OutputParameters.',
  },
  FW3010: {
    title: 'Index beyond the best training jobs',
    severity: 'error',
    source: 'Developer Guide: "At most, the top 50"',
    example: {
      set: [
        ['Steps[4]', { Name: 'Tune', Type: 'Tuning', Arguments: {} }],
        [hyper, get('Steps.Tune.TrainingJobSummaries[50].TrainingJobName')],
      ],
    },
    repair: 'Use an index from 0 to 49.',
  },
  FW3011: {
    title: 'Reference to a whole structure or list',
    severity: 'error',
    source: 'Definition language: expressions give single values',
    example: { set: [[hyper, get('Steps.Split.ProcessingResources')]] },
    repair: 'Go on to a member below it.',
  },
  FW3012: {
    title: 'Expression of another type than its place',
    severity: 'error',
    source:
      'Service: "Cannot assign property reference … to argument of type String" (SageMaker Python SDK issue 2631)',
    example: { set: [[hyper, get('Parameters.C')]] },
    repair:
      'Write {"Std:Join": {"On": "", "Values": [ … ]}} around a number that goes into a string; else change the type.',
  },
  FW3013: {
    title: 'Expression where a list or object is expected',
    severity: 'error',
    source: 'Service: "Expecting start of Json Array" (SageMaker Python SDK issue 2345)',
    example: {
      set: [['Steps[1].Arguments.VpcConfig', { SecurityGroupIds: get('Parameters.Group'), Subnets: ['subnet-1'] }]],
    },
    repair: 'Write the list or object itself, with expressions inside.',
  },
  FW3014: {
    title: 'Expression where only a literal is allowed',
    severity: 'error',
    source: 'SageMaker Python SDK: these members take no pipeline variable',
    example: { set: [['Steps[2].PropertyFiles[0].FilePath', get('Parameters.Group')]] },
    repair: 'Write the value itself.',
  },
  FW3015: {
    title: 'Path of a JsonGet that is no literal',
    severity: 'error',
    source: 'SageMaker Python SDK issues 3463 and 4418',
    example: { set: [[path, get('Parameters.Group')]] },
    repair: 'Write the path out; let the step that writes the file put the value under a fixed name.',
  },
  FW3016: {
    title: 'Malformed Std:Join',
    severity: 'error',
    source: 'SageMaker Python SDK, Join: On and Values, nothing else',
    example: { set: [[hyper, { 'Std:Join': { Values: ['a'] } }]] },
    repair:
      'Write {"Std:Join": {"On": "", "Values": [ … ]}} with strings, numbers, booleans and expressions in the list.',
  },
  FW3017: {
    title: 'Malformed Std:JsonGet',
    severity: 'error',
    source: 'Service: "Cannot parse object, unknown property \'Expression\'" (SageMaker Python SDK issue 2746)',
    example: { set: [[`${condition}.LeftValue`, jsonGet({ Step: 'Evaluate', Path: 'objective.value' })]] },
    repair: 'Write PropertyFile or S3Uri, and Path.',
  },
  FW3018: {
    title: 'Path of a JsonGet that is no JsonPath',
    severity: 'error',
    source: 'SageMaker Python SDK local mode: "Invalid json path"',
    example: { set: [[path, 'objective[value']] },
    repair: "Write names with dots, [0] and ['key'], with or without $ in front.",
  },
  FW3019: {
    title: 'Path of a JsonGet that gives many values',
    severity: 'warning',
    source: 'JsonPath; what the service makes of a list was not captured',
    example: { set: [[path, 'folds[*].value']] },
    repair: 'Name one value.',
  },
  FW3020: {
    title: 'Property file that does not exist',
    severity: 'error',
    source: 'SageMaker Python SDK: JsonGet with a property file works on Processing steps only',
    example: {
      set: [[`${condition}.LeftValue["Std:JsonGet"].PropertyFile`, get('Steps.Evaluate.PropertyFiles.Evalution')]],
    },
    repair: 'Use a declared name, or add PropertyFiles to the Processing step that writes the file.',
  },
  FW3021: {
    title: 'Property file of an output that the step does not have',
    severity: 'error',
    source: 'SageMaker Python SDK: "Processing output name … not found in processing step"',
    example: { set: [['Steps[2].PropertyFiles[0].OutputName', 'evalution']] },
    repair: 'Use the name of an output of the step.',
  },
  FW3022: {
    title: 'Property file that cannot be read',
    severity: 'warning',
    source: 'Developer Guide, Property files: a JSON file below an output on S3',
    example: { set: [['Steps[2].PropertyFiles[0].FilePath', '/opt/ml/processing/output/evaluation.json']] },
    repair: 'Write a path below the output, ending in .json.',
  },
  FW3023: {
    title: 'S3Uri of a JsonGet that is no Join',
    severity: 'warning',
    source: 'SageMaker Python SDK: S3Uri must be a Join; other forms were not captured',
    example: {
      set: [
        [`${condition}.LeftValue`, jsonGet({ S3Uri: 's3://my-bucket/result.json', Path: 'a' })],
        ['Steps[3].DependsOn', ['Evaluate']],
      ],
    },
    repair: 'Write {"Std:Join": {"On": "/", "Values": ["s3:/", …]}}.',
  },
  FW3024: {
    title: 'Expression whose value does not fit',
    severity: 'error',
    source: 'Service model: pattern and length of the place',
    example: { set: [['Steps[1].Arguments.OutputDataConfig.S3OutputPath', join('/', 'my-bucket', 'models')]] },
    repair: 'Correct the pieces; S3 URIs begin with "s3://", or with "s3:/" when joined with "/".',
  },
  FW3025: {
    title: 'Expression whose value does not fit with the default parameters',
    severity: 'warning',
    source: 'Service model: pattern and length of the place',
    example: {
      set: [['Steps[1].Arguments.OutputDataConfig.S3OutputPath', join('/', get('Parameters.InstanceType'), 'models')]],
    },
    repair: 'Correct the pieces or the default.',
  },
  FW3026: {
    title: 'JsonGet of an S3 object that nothing waits for',
    severity: 'warning',
    source: 'Developer Guide: with S3Uri "you must explicitly add a dependency"',
    example: {
      set: [[`${condition}.LeftValue`, jsonGet({ S3Uri: join('/', 's3:/', 'my-bucket', 'result.json'), Path: 'a' })]],
    },
    repair: 'Add DependsOn with the step that writes the object.',
  },
  FW3027: {
    title: 'Malformed condition',
    severity: 'error',
    source: 'SageMaker Python SDK, conditions; service: "Cannot parse object, unknown property"',
    example: { set: [[`${condition}.Type`, 'NotEquals']] },
    repair: 'Use one of the eight condition types with exactly its members.',
  },
  FW3028: {
    title: 'Comparison of values that cannot be compared',
    severity: 'warning',
    source: 'SageMaker Python SDK local mode: "not supported between"; service text not captured',
    example: { set: [[`${condition}.LeftValue`, 'abc']] },
    repair: 'Make both sides numbers, or compare for equality.',
  },
  FW3029: {
    title: 'Comparison of two literals',
    severity: 'warning',
    source: 'Foldwise',
    example: {
      set: [
        [`${condition}.LeftValue`, 1],
        [`${condition}.RightValue`, 2],
      ],
    },
    repair: 'Compare a parameter or a result of a step.',
  },
  FW3030: {
    title: 'Operand that is no value',
    severity: 'error',
    source: 'SageMaker Python SDK, conditions',
    example: { set: [[`${condition}.LeftValue`, { Step: 'Evaluate' }]] },
    repair: 'Write a string, a number, true, false or an expression.',
  },
  FW3031: {
    title: 'Reference to an experiment setting that is not set',
    severity: 'warning',
    source: 'SageMaker Python SDK, PipelineExperimentConfigProperties',
    example: { set: [['PipelineExperimentConfig'], [hyper, get('PipelineExperimentConfig.TrialName')]] },
    repair: 'Set PipelineExperimentConfig, or refer to an execution variable.',
  },
  FW3032: {
    title: 'Empty list of conditions or values',
    severity: 'warning',
    source: 'Foldwise; what the service decides was not captured',
    example: { set: [['Steps[3].Arguments.Conditions', []]] },
    repair: 'Add a condition or a value.',
  },
  FW3033: {
    title: 'Expression that may become too long',
    severity: 'warning',
    source: 'Service model: maximum length of the place (SageMaker Python SDK issue 5224)',
    example: {
      set: [
        [
          'Steps[2].Arguments.AppSpecification.ContainerArguments',
          [join(',', ...Array.from({ length: 5 }, () => get('Steps.Train.TrainingJobName')))],
        ],
      ],
    },
    repair: 'Spread the values over several arguments or variables, or pass a file.',
  },
  FW3034: {
    title: 'Text where an expression was meant',
    severity: 'warning',
    source: 'SageMaker Python SDK issues 3123 and 3495: a parameter that was turned into text by accident',
    example: {
      set: [
        [
          'Steps[2].Arguments.AppSpecification.ContainerArguments',
          ['-k', "ParameterInteger(name='KFold', default_value=3)"],
        ],
      ],
    },
    repair: 'Write the expression itself.',
  },
  FW3036: {
    title: 'Property that the step is not known to give',
    severity: 'warning',
    source: 'EMR API, Step; SageMaker Python SDK, bedrock_steps.py and emr_serverless_step.py',
    example: {
      set: [
        ...oneMoreStep('EMR', {
          Arguments: { ClusterId: 'j-1', StepConfig: { HadoopJarStep: { Jar: 's3://my-bucket/a.jar' } } },
        }),
        ['Steps[2].Arguments.Environment.STATE', { Get: 'Steps.More.Status.Sate' }],
      ],
    },
    repair: 'Use a member that the message names; when the service has more, allow the code there.',
  },
  FW3037: {
    title: 'Value that is no text where another service wants text',
    severity: 'warning',
    source:
      'SageMaker types expressions when a pipeline is created; for requests of other services and Fail this was not captured',
    example: {
      set: [['Steps[4]', { Name: 'Stop', Type: 'Fail', Arguments: { ErrorMessage: { Get: 'Parameters.C' } } }]],
    },
    repair:
      'Write {"Std:Join": {"On": "", "Values": [ … ]}} around an expression, quotes around a literal, and lists as lists.',
  },
  FW3035: {
    title: 'Expression where a literal is usual',
    severity: 'warning',
    source: 'AWS pipeline definition schema and SageMaker Python SDK: literals only; a refusal was not captured',
    example: { set: [['Steps[0].CacheConfig.ExpireAfter', get('Parameters.Group')]] },
    repair: 'Write the value itself.',
  },
} as const satisfies Readonly<Record<`FW3${number}`, CatalogueEntry>>
