import type { CatalogueEntry } from './entry.ts'

const folds = [0, 1].map(
  index =>
    [`Steps[${index + 4}]`, { Name: `TrainFold-${index}`, Type: 'Fail', Arguments: { ErrorMessage: '' } }] as const,
)

/** FW9…: the values that an execution is started with. */
export const startCodes = {
  FW9001: {
    title: 'Start value for an unknown parameter',
    severity: 'error',
    source: 'SageMaker Python SDK local mode: "Unknown parameter \'X\'"',
    example: { overrides: { Group: 'iris', Basline: '0.9' } },
    repair: 'Use a declared name.',
  },
  FW9002: {
    title: 'Parameter without a value',
    severity: 'error',
    source: 'SageMaker Python SDK local mode: "Parameter \'X\' is undefined."',
    example: { overrides: {} },
    repair: 'Pass a value: the parameter has no default.',
  },
  FW9003: {
    title: 'Start value of the wrong type',
    severity: 'error',
    source: 'SageMaker Python SDK local mode: "Unexpected type for parameter"',
    example: { overrides: { Group: 'iris', Baseline: 'high' } },
    repair: 'Write a value of the declared type.',
  },
  FW9004: {
    title: 'Empty start value',
    severity: 'error',
    source: 'Service: "string \\"\\" is too short (length: 0, required minimum: 1)" (SageMaker Python SDK issue 4016)',
    example: { overrides: { Group: '' } },
    repair: 'Leave it out to use the default, or pass a word such as "none".',
  },
  FW9005: {
    title: 'Start value that EnumValues does not contain',
    severity: 'error',
    source: 'SageMaker Python SDK, ParameterString enum_values',
    example: { overrides: { Group: 'iris', InstanceType: 'ml.m5.4xlarge' } },
    repair: 'Use one of the values, or add this one to the definition.',
  },
  FW9006: {
    title: 'Start value for the number of folds',
    severity: 'error',
    source: 'Foldwise: each fold is a step of the definition',
    example: { set: folds, overrides: { Group: 'iris', k: '10' } },
    repair: 'Change kFold({ k }) in the pipeline file and upsert it again.',
  },
  FW9007: {
    title: 'Start value too long',
    severity: 'error',
    source: 'Service model: values of PipelineParameters have at most 1024 characters',
    example: { overrides: { Group: 'g'.repeat(1025) } },
    repair: 'Put the text into a file on S3 and pass its URI.',
  },
  FW9008: {
    title: 'Too many or no selected steps',
    severity: 'error',
    source: 'Service model, SelectedStepList: 1 to 50',
    example: { selection: { selectedSteps: [] } },
    repair: 'Select 1 to 50 steps.',
  },
  FW9009: {
    title: 'Selected step that does not exist',
    severity: 'error',
    source: 'StartPipelineExecution, SelectiveExecutionConfig',
    example: { selection: { selectedSteps: ['Trian'], sourceExecutionArn: 'arn' } },
    repair: 'Correct the name.',
  },
  FW9010: {
    title: 'Too many start values',
    severity: 'error',
    source: 'Service model, ParameterList: at most 200',
    example: { overrides: Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`P${index}`, 'x'])) },
    repair: 'Leave out those whose default is right.',
  },
  FW9011: {
    title: 'Selected steps that are not connected',
    severity: 'error',
    source: 'Developer Guide, Selective execution: every step between two selected ones must be selected',
    example: { selection: { selectedSteps: ['Split', 'Evaluate'], sourceExecutionArn: 'arn' } },
    repair: 'Select the steps between too.',
  },
  FW9012: {
    title: 'Selected steps without an earlier execution',
    severity: 'error',
    source: 'Service: "Invalid SourcePipelineExecutionArn: null" (SageMaker Python SDK issue 4444)',
    example: { selection: { selectedSteps: ['Evaluate'] } },
    repair: 'Name an execution of this pipeline whose results can be used.',
  },
} as const satisfies Readonly<Record<`FW9${number}`, CatalogueEntry>>
