import type { JobRecord } from '../jobs/job-book.ts'
import { arnOf } from './names.ts'

type Description = Readonly<Record<string, unknown>>

interface Content {
  readonly sourceType: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly inputs: Readonly<Record<string, unknown>>
  readonly outputs: Readonly<Record<string, unknown>>
  readonly started: unknown
  readonly ended: unknown
}

/** What a trial component holds of a job, per kind of job. */
const contents: Readonly<Record<string, (job: Description) => Content>> = {
  TrainingJob: job => ({
    sourceType: 'SageMakerTrainingJob',
    parameters: {
      ...(at(job, 'HyperParameters') as object | undefined),
      'SageMaker.ImageUri': at(job, 'AlgorithmSpecification', 'TrainingImage'),
      'SageMaker.InstanceCount': at(job, 'ResourceConfig', 'InstanceCount'),
      'SageMaker.InstanceType': at(job, 'ResourceConfig', 'InstanceType'),
    },
    inputs: named(at(job, 'InputDataConfig'), 'ChannelName', 'DataSource', 'S3DataSource', 'S3Uri'),
    outputs: { 'SageMaker.ModelArtifact': at(job, 'ModelArtifacts', 'S3ModelArtifacts') },
    started: job['TrainingStartTime'],
    ended: job['TrainingEndTime'],
  }),
  ProcessingJob: job => ({
    sourceType: 'SageMakerProcessingJob',
    parameters: {
      ...(at(job, 'Environment') as object | undefined),
      'SageMaker.ImageUri': at(job, 'AppSpecification', 'ImageUri'),
      'SageMaker.InstanceCount': at(job, 'ProcessingResources', 'ClusterConfig', 'InstanceCount'),
      'SageMaker.InstanceType': at(job, 'ProcessingResources', 'ClusterConfig', 'InstanceType'),
    },
    inputs: named(at(job, 'ProcessingInputs'), 'InputName', 'S3Input', 'S3Uri'),
    outputs: named(at(job, 'ProcessingOutputConfig', 'Outputs'), 'OutputName', 'S3Output', 'S3Uri'),
    started: job['ProcessingStartTime'],
    ended: job['ProcessingEndTime'],
  }),
  TransformJob: job => ({
    sourceType: 'SageMakerTransformJob',
    parameters: {
      ...(at(job, 'Environment') as object | undefined),
      'SageMaker.ModelName': job['ModelName'],
      'SageMaker.InstanceCount': at(job, 'TransformResources', 'InstanceCount'),
      'SageMaker.InstanceType': at(job, 'TransformResources', 'InstanceType'),
    },
    inputs: { 'SageMaker.TransformInput': at(job, 'TransformInput', 'DataSource', 'S3DataSource', 'S3Uri') },
    outputs: { 'SageMaker.TransformOutput': at(job, 'TransformOutput', 'S3OutputPath') },
    started: job['TransformStartTime'],
    ended: job['TransformEndTime'],
  }),
}

/** Parameter values that the service takes are at most this long. Source: API reference, StringParameterValue. */
const longestText = 2500

/** The trial component of a job: its parameters, metrics and artifacts. */
export function trialComponentOf(job: JobRecord, about: { readonly region: string; readonly step: string }) {
  const { kind, name, description } = job
  const content = contents[kind]?.(description)
  if (content === undefined) throw new Error(`A ${kind} has no trial component`)
  const suffix = kind.replace('Job', '-job').toLowerCase()
  const componentName = `${name}-aws-${suffix}`
  const arn = arnOf(about.region, 'experiment-trial-component', componentName)
  const status = String(description[`${kind}Status`])
  const given = at(description, 'ExperimentConfig', 'TrialComponentDisplayName')
  const reason = description['FailureReason'] ?? description['ExitMessage']
  return {
    TrialComponentName: componentName,
    TrialComponentArn: arn,
    DisplayName: typeof given === 'string' ? given : about.step,
    Source: { SourceArn: description[`${kind}Arn`], SourceType: content.sourceType },
    TrialComponentSource: { SourceArn: description[`${kind}Arn`], SourceType: content.sourceType },
    Status: {
      PrimaryStatus: status,
      ...(status === 'Failed' && typeof reason === 'string' && { Message: reason.slice(0, 1024) }),
    },
    CreationTime: description['CreationTime'],
    LastModifiedTime: content.ended ?? description['CreationTime'],
    ...(content.started !== undefined && { StartTime: content.started }),
    ...(content.ended !== undefined && { EndTime: content.ended }),
    Parameters: Object.fromEntries(present(content.parameters).map(([key, value]) => [key, parameter(value)])),
    InputArtifacts: artifacts(content.inputs),
    OutputArtifacts: artifacts(content.outputs),
    Metrics: metrics(description, arn),
  }
}

/** A number, also one that came as text as hyperparameters do, is a NumberValue. */
function parameter(value: unknown): object {
  const text = String(value)
  const number =
    typeof value === 'number' || /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(value) : Number.NaN
  return Number.isFinite(number) ? { NumberValue: number } : { StringValue: text.slice(0, longestText) }
}

const artifacts = (values: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(present(values).map(([name, uri]) => [name, { Value: uri }]))

/** The job keeps each metric's last value only, so that is all there is to count. */
function metrics(job: Description, arn: string): object[] {
  const list = (job['FinalMetricDataList'] ?? []) as readonly {
    MetricName: string
    Value: number
    Timestamp: unknown
  }[]
  return list.map(({ MetricName, Value, Timestamp }) => ({
    MetricName,
    SourceArn: arn,
    TimeStamp: Timestamp,
    Last: Value,
  }))
}

const present = (values: Readonly<Record<string, unknown>>): [string, unknown][] =>
  Object.entries(values).filter(([, value]) => value !== undefined && value !== null)

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined | null)?.[name], value)
}

function named(list: unknown, nameMember: string, ...path: readonly string[]): Record<string, unknown> {
  if (!Array.isArray(list)) return {}
  return Object.fromEntries(list.map(element => [String(at(element, nameMember)), at(element, ...path)]))
}
