import type { CatalogueEntry } from './entry.ts'

const train = 'Steps[1].Arguments'
const evaluate = 'Steps[2].Arguments'
const register = 'Steps[3].Arguments.IfSteps[0].Arguments'

/** FW5…: `Arguments` against the request of the step's type, and what every job has. */
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
