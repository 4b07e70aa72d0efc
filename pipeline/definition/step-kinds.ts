import type { Step, StepOf, StepType } from '../../schemas/definition.ts'

/** What everybody who reads documents needs to know of a step type. */
export interface StepKind<S = Step> {
  /** Request shape that `Arguments` is checked against; null when the service model has none for it. */
  readonly request: string | null
  /** Member of the request that names the job: absent from `Arguments` unless a custom prefix is used. */
  readonly nameMember?: string
  /** Shapes that `Steps.<name>.<path>` walks, in order of look-up. */
  readonly properties: readonly string[]
  /** False when the engine settles the step by itself, without a job or a resource. */
  readonly startsJob: boolean
  /** The two sides of a branching step. */
  readonly branches?: (step: S) => { readonly if: readonly Step[]; readonly else: readonly Step[] }
  /** Member of `Arguments` with the step that this one runs several times; it has no place of its own in the graph. */
  readonly bodyMember?: string
  /** Member of `PipelineExecutionStepMetadata` that a finished step fills. */
  readonly metadata: string | null
}

/**
 * One entry per step type; a new type does not compile until it is here.
 *
 * Source: botocore's service model and the SageMaker Python SDK's `StepTypeEnum`.
 */
export const stepKinds = {
  Processing: {
    request: 'CreateProcessingJobRequest',
    nameMember: 'ProcessingJobName',
    properties: ['DescribeProcessingJobResponse'],
    startsJob: true,
    metadata: 'ProcessingJob',
  },
  Training: {
    request: 'CreateTrainingJobRequest',
    nameMember: 'TrainingJobName',
    properties: ['DescribeTrainingJobResponse'],
    startsJob: true,
    metadata: 'TrainingJob',
  },
  Transform: {
    request: 'CreateTransformJobRequest',
    nameMember: 'TransformJobName',
    properties: ['DescribeTransformJobResponse'],
    startsJob: true,
    metadata: 'TransformJob',
  },
  Tuning: {
    request: 'CreateHyperParameterTuningJobRequest',
    nameMember: 'HyperParameterTuningJobName',
    properties: ['DescribeHyperParameterTuningJobResponse', 'ListTrainingJobsForHyperParameterTuningJobResponse'],
    startsJob: true,
    metadata: 'TuningJob',
  },
  AutoML: {
    request: 'CreateAutoMLJobRequest',
    nameMember: 'AutoMLJobName',
    properties: ['DescribeAutoMLJobResponse'],
    startsJob: true,
    metadata: 'AutoMLJob',
  },
  Model: {
    request: 'CreateModelInput',
    nameMember: 'ModelName',
    properties: ['DescribeModelOutput'],
    startsJob: true,
    metadata: 'Model',
  },
  RegisterModel: {
    request: 'CreateModelPackageInput',
    nameMember: 'ModelPackageName',
    properties: ['DescribeModelPackageOutput'],
    startsJob: true,
    metadata: 'RegisterModel',
  },
  Condition: {
    request: null,
    properties: [],
    startsJob: false,
    // The grammar requires both lists; a document that somebody else wrote may leave one out.
    branches: step => ({ if: step.Arguments.IfSteps ?? [], else: step.Arguments.ElseSteps ?? [] }),
    metadata: 'Condition',
  },
  Fail: { request: null, properties: [], startsJob: false, metadata: 'Fail' },
  // Its body belongs to it: what the body reads, the step waits for. No service model knows the type.
  ForEach: { request: null, properties: [], startsJob: true, bodyMember: 'ForEachBody', metadata: null },
  Lambda: { request: null, properties: [], startsJob: true, metadata: 'Lambda' },
  Callback: { request: null, properties: [], startsJob: true, metadata: 'Callback' },
  ClarifyCheck: {
    request: 'CreateProcessingJobRequest',
    nameMember: 'ProcessingJobName',
    properties: [],
    startsJob: true,
    metadata: 'ClarifyCheck',
  },
  QualityCheck: {
    request: 'CreateProcessingJobRequest',
    nameMember: 'ProcessingJobName',
    properties: [],
    startsJob: true,
    metadata: 'QualityCheck',
  },
  EMR: { request: null, properties: [], startsJob: true, metadata: 'EMR' },
  EMRServerless: { request: null, properties: [], startsJob: true, metadata: null },
  EndpointConfig: {
    request: 'CreateEndpointConfigInput',
    nameMember: 'EndpointConfigName',
    properties: ['DescribeEndpointConfigOutput'],
    startsJob: true,
    metadata: 'EndpointConfig',
  },
  Endpoint: {
    request: 'CreateEndpointInput',
    properties: ['DescribeEndpointOutput'],
    startsJob: true,
    metadata: 'Endpoint',
  },
  InferenceComponent: {
    request: 'CreateInferenceComponentInput',
    properties: ['DescribeInferenceComponentOutput'],
    startsJob: true,
    metadata: 'InferenceComponent',
  },
  Lineage: { request: null, properties: [], startsJob: true, metadata: 'Lineage' },
  BedrockCustomModel: { request: null, properties: [], startsJob: true, metadata: 'BedrockCustomModel' },
  BedrockCustomModelDeployment: {
    request: null,
    properties: [],
    startsJob: true,
    metadata: 'BedrockCustomModelDeployment',
  },
  BedrockModelImport: { request: null, properties: [], startsJob: true, metadata: 'BedrockModelImport' },
  BedrockProvisionedModelThroughput: {
    request: null,
    properties: [],
    startsJob: true,
    metadata: 'BedrockProvisionedModelThroughput',
  },
  Job: {
    request: 'CreateJobRequest',
    nameMember: 'JobName',
    properties: ['DescribeJobResponse'],
    startsJob: true,
    metadata: 'Job',
  },
} as const satisfies { readonly [T in StepType]: StepKind<StepOf<T>> }

/** The entry of a step's type; undefined for a type that Foldwise does not know, and for what is no type at all. */
export function stepKind(type: unknown): StepKind<never> | undefined {
  return typeof type === 'string' && Object.hasOwn(stepKinds, type) ? stepKinds[type as StepType] : undefined
}
