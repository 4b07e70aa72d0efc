import type {
  CreateTrainingJobRequest,
  DescribeTrainingJobResponse,
  MetricData,
  TrainingInstanceType,
} from '@aws-sdk/client-sagemaker'
import { stepKinds } from '../../definition/index.ts'
import type { Args, ArgsOverride, NotConcise } from '../args.ts'
import { overlay, type Text, text, textMap } from '../emit.ts'
import { type Expr, isExpr, type Value } from '../expression.ts'
import {
  type Instance,
  type JobOptions,
  resources,
  type StringValue,
  stoppingCondition,
  tagList,
  vpcConfig,
} from '../job-options.ts'
import { mistake, show } from '../mistake.ts'
import { makeReference, mergedShape, type Ref } from '../ref.ts'
import {
  type CacheableOptions,
  isConciseForm,
  makeStep,
  type RetryableOptions,
  type Step,
  type StepOptions,
} from '../step.ts'

/** `CreateTrainingJob` without the job's name, which the service makes. */
export type TrainingArguments = Omit<CreateTrainingJobRequest, 'TrainingJobName'>

/** One input channel: an S3 prefix, or with its details. */
export type Channel =
  | StringValue
  | {
      readonly uri: StringValue
      /** Such as `text/csv`. */
      readonly contentType?: StringValue
      /** `uri` is an S3 manifest file that lists the objects. @default false */
      readonly manifest?: boolean
      /** `uri` is an augmented manifest, of whose lines these attributes are given, in order; needs the Pipe input mode. */
      readonly augmentedManifest?: readonly StringValue[]
      /** Wrap every record in a RecordIO envelope. */
      readonly recordWrapper?: 'RecordIO'
      /** Give every instance a share of the objects. @default false: every instance gets all */
      readonly sharded?: boolean
      readonly inputMode?: 'File' | 'FastFile' | 'Pipe'
      readonly compression?: 'Gzip'
    }

interface TrainingStepOptions extends StepOptions, CacheableOptions, RetryableOptions {
  /** Begins the names of the jobs, in a pipeline with `useCustomJobPrefix`. */
  readonly jobNamePrefix?: string
}

/** Where a training runs: {@link Instance}, or up to five groups of different instances. */
export type TrainingInstance = Instance<TrainingInstanceType> | InstanceGroups

interface InstanceGroups {
  readonly groups: readonly {
    readonly name: StringValue
    readonly type: TrainingInstanceType | Expr<string>
    /** @default 1 */
    readonly count?: Value<number>
  }[]
  /** Size of the disk of each instance in GB. @default 30 */
  readonly volumeSizeInGB?: Value<number>
}

/** A training step in our words; `arguments` is laid over what they give. */
export interface ConciseTraining<M extends string = string> extends TrainingStepOptions, JobOptions {
  readonly instance: TrainingInstance
  /** Input channels by name. */
  readonly channels?: Readonly<Record<string, Channel>>
  /** Values travel as text; numbers, booleans and references of any type are converted. */
  readonly hyperparameters?: Readonly<Record<string, Text | undefined>>
  /** Metrics by name, each with the regular expression whose first group is the value; only for images of your own. */
  readonly metrics?: { readonly [K in M]: string }
  /** S3 URI below which each job writes `<job name>/output/model.tar.gz`. */
  readonly output: StringValue
  /** How data reaches the container. @default 'File' */
  readonly inputMode?: 'File' | 'FastFile' | 'Pipe'
  readonly entrypoint?: readonly StringValue[]
  readonly containerArguments?: readonly Text[]
  /** Keep the instances so many seconds, up to 21600, for a next job like this one (a warm pool). @default 0 */
  readonly keepAliveInSeconds?: Value<number>
  /** Use spare capacity and wait for it at most so long, the run included. */
  readonly spot?: { readonly maxWaitTimeInSeconds: Value<number> }
  /** S3 URI that `/opt/ml/checkpoints` is kept equal to. */
  readonly checkpoints?: StringValue
  readonly arguments?: ArgsOverride<TrainingArguments>
}

/** A training step in AWS's words: the request verbatim. */
export interface VerbatimTraining<M extends string = string>
  extends TrainingStepOptions,
    NotConcise<ConciseTraining, TrainingStepOptions> {
  readonly arguments: Args<TrainingArguments> & DeclaredMetrics<M>
}

/** Where a request declares its metrics, for their names. */
interface DeclaredMetrics<M extends string> {
  readonly AlgorithmSpecification?: {
    readonly MetricDefinitions?: readonly { readonly Name: M | Expr<string>; readonly Regex: StringValue }[]
  }
}

export type TrainingOptions<M extends string = string> = ConciseTraining<M> | VerbatimTraining<M>

type MetricsByName<M extends string> = { readonly [N in M]: Ref<MetricData> }

/** `DescribeTrainingJob`, with the declared metrics by name. */
export type TrainingProperties<M extends string> = {
  readonly [K in keyof DescribeTrainingJobResponse]-?: K extends 'FinalMetricDataList'
    ? MetricsByName<M>
    : Ref<NonNullable<DescribeTrainingJobResponse[K]>>
}

export type TrainingStep<M extends string = string> = Step<TrainingProperties<M>>

/**
 * A step that runs a training job.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
 */
export function trainingStep<M extends string = string>(name: string, options: TrainingOptions<M>): TrainingStep<M> {
  const kind = stepKinds.Training
  const base = isConciseForm(name, options, 'image') ? trainingArguments(name, options as ConciseTraining) : {}
  const request = overlay(
    { ...(options.jobNamePrefix && { [kind.nameMember]: options.jobNamePrefix }), ...base },
    options.arguments,
  ) as Declared
  const metrics = request.AlgorithmSpecification?.MetricDefinitions?.map(metric => metric.Name) ?? []
  return makeStep(name, {
    type: 'Training',
    arguments: request,
    options,
    properties: makeReference(name, mergedShape(kind.properties), {
      names: {
        ...(metrics.length > 0 && { FinalMetricDataList: metrics }),
      },
    }) as TrainingProperties<M>,
  })
}

/** The part of the request whose names references are checked against. */
interface Declared {
  readonly AlgorithmSpecification?: { readonly MetricDefinitions?: readonly { readonly Name: string }[] }
}

/** The request that our words give, without what is laid over it. */
export function trainingArguments(name: string, options: ConciseTraining) {
  const { spot } = options
  const stopping = stoppingCondition(options)
  checkSpot(name, stopping.MaxRuntimeInSeconds, spot?.maxWaitTimeInSeconds)
  checkKeepAlive(name, options)
  return {
    AlgorithmSpecification: {
      TrainingImage: options.image,
      TrainingInputMode: options.inputMode ?? 'File',
      ContainerEntrypoint: options.entrypoint,
      ContainerArguments: options.containerArguments?.map(text),
      MetricDefinitions:
        options.metrics && Object.entries(options.metrics).map(([Name, Regex]) => ({ Name, Regex: Regex })),
    },
    RoleArn: options.role,
    HyperParameters: textMap(options.hyperparameters),
    InputDataConfig:
      options.channels && Object.entries(options.channels).map(([name, channel]) => inputChannel(name, channel)),
    OutputDataConfig: { S3OutputPath: options.output, KmsKeyId: options.kmsKey },
    ResourceConfig: {
      ...instances(options.instance, options.kmsKey),
      KeepAlivePeriodInSeconds: options.keepAliveInSeconds,
    },
    StoppingCondition: { ...stopping, MaxWaitTimeInSeconds: spot?.maxWaitTimeInSeconds },
    EnableManagedSpotTraining: spot && true,
    CheckpointConfig: options.checkpoints && { S3Uri: options.checkpoints },
    Environment: textMap(options.environment),
    VpcConfig: vpcConfig(options.vpc),
    EnableNetworkIsolation: options.networkIsolation,
    Tags: tagList(options.tags),
  } satisfies Loose
}

function instances(instance: TrainingInstance, kmsKey: StringValue | undefined) {
  if (typeof instance === 'string' || !('groups' in instance)) return resources(instance, kmsKey)
  return {
    InstanceGroups: instance.groups.map(({ name, type, count = 1 }) => ({
      InstanceType: type,
      InstanceCount: count,
      InstanceGroupName: name,
    })),
    VolumeSizeInGB: instance.volumeSizeInGB ?? 30,
    VolumeKmsKeyId: kmsKey,
  }
}

/** The wait includes the run: CreateTrainingJob refuses a shorter one. */
function checkSpot(name: string, runtime: Value<number>, wait: Value<number> | undefined): void {
  if (typeof wait !== 'number' || typeof runtime !== 'number' || wait >= runtime) return
  throw mistake(
    `Step "${name}": spot.maxWaitTimeInSeconds — ${wait} is less than the run itself may take (${runtime} seconds); give at least ${runtime}, or a smaller maxRuntimeInSeconds.`,
  )
}

/**
 * Bounds of `KeepAlivePeriodInSeconds`; neither spot instances nor a heterogeneous cluster can be kept.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/train-warm-pools.html, Considerations
 */
function checkKeepAlive(name: string, { keepAliveInSeconds: seconds, spot, instance }: ConciseTraining): void {
  if (seconds === undefined || seconds === 0) return
  if (typeof seconds === 'number' && (!Number.isInteger(seconds) || seconds < 0 || seconds > 21600)) {
    throw mistake(`Step "${name}": keepAliveInSeconds — ${show(seconds)} is no whole number from 0 to 21600; give one.`)
  }
  const isMixed = typeof instance === 'object' && 'groups' in instance
  if (spot === undefined && !isMixed) return
  throw mistake(
    `Step "${name}": keepAliveInSeconds — ${isMixed ? 'instance groups' : 'spot instances'} cannot be kept for a next job; leave out ${isMixed ? 'instance.groups' : 'spot'} or keepAliveInSeconds.`,
  )
}

/** Lets members be undefined; the emission leaves them out. */
type Loose = { readonly [K in keyof TrainingArguments]: unknown }

function inputChannel(name: string, channel: Channel) {
  const full = typeof channel === 'string' || isExpr(channel) ? { uri: channel } : channel
  return {
    ChannelName: name,
    DataSource: {
      S3DataSource: {
        S3DataType: full.augmentedManifest ? 'AugmentedManifestFile' : full.manifest ? 'ManifestFile' : 'S3Prefix',
        S3Uri: full.uri,
        S3DataDistributionType: full.sharded ? 'ShardedByS3Key' : 'FullyReplicated',
        AttributeNames: full.augmentedManifest,
      },
    },
    ContentType: full.contentType,
    CompressionType: full.compression,
    RecordWrapperType: full.recordWrapper,
    InputMode: full.inputMode,
  }
}
