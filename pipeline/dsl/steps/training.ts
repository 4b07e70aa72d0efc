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
      /** Give every instance a share of the objects. @default false: every instance gets all */
      readonly sharded?: boolean
      readonly inputMode?: 'File' | 'FastFile' | 'Pipe'
      readonly compression?: 'Gzip'
    }

interface TrainingStepOptions extends StepOptions, CacheableOptions, RetryableOptions {
  /** Begins the names of the jobs, in a pipeline with `useCustomJobPrefix`. */
  readonly jobNamePrefix?: string
}

/** A training step in our words; `arguments` is laid over what they give. */
export interface ConciseTraining<M extends string = string> extends TrainingStepOptions, JobOptions {
  readonly instance: Instance<TrainingInstanceType>
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
  /** Use spare capacity and wait for it at most so long, the run included. */
  readonly spot?: { readonly maxWaitTimeInSeconds: Value<number> }
  /** S3 URI that `/opt/ml/checkpoints` is kept equal to. */
  readonly checkpoints?: StringValue
  readonly arguments?: ArgsOverride<TrainingArguments>
}

/** A training step in AWS's words: the request verbatim. */
export interface VerbatimTraining<M extends string = string> extends TrainingStepOptions {
  readonly arguments: Args<TrainingArguments> & DeclaredMetrics<M>
}

/** Where a request declares its metrics, for their names. */
interface DeclaredMetrics<M extends string> {
  readonly AlgorithmSpecification?: {
    readonly MetricDefinitions?: readonly { readonly Name: M | Expr<string>; readonly Regex: StringValue }[]
  }
}

export type TrainingOptions<M extends string = string> =
  | ConciseTraining<M>
  | (VerbatimTraining<M> & NotConcise<ConciseTraining, VerbatimTraining>)

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
export function trainingStep<const M extends string = string>(
  name: string,
  options: TrainingOptions<M>,
): TrainingStep<M> {
  const kind = stepKinds.Training
  const base = isConciseForm(name, options, 'image') ? trainingArguments(options as ConciseTraining) : {}
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

function trainingArguments(options: ConciseTraining) {
  const { spot } = options
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
    ResourceConfig: resources(options.instance, options.kmsKey),
    StoppingCondition: { ...stoppingCondition(options), MaxWaitTimeInSeconds: spot?.maxWaitTimeInSeconds },
    EnableManagedSpotTraining: spot && true,
    CheckpointConfig: options.checkpoints && { S3Uri: options.checkpoints },
    Environment: textMap(options.environment),
    VpcConfig: vpcConfig(options.vpc),
    EnableNetworkIsolation: options.networkIsolation,
    Tags: tagList(options.tags),
  } satisfies Loose
}

/** Lets members be undefined; the emission leaves them out. */
type Loose = { readonly [K in keyof TrainingArguments]: unknown }

function inputChannel(name: string, channel: Channel) {
  const full = typeof channel === 'string' || isExpr(channel) ? { uri: channel } : channel
  return {
    ChannelName: name,
    DataSource: {
      S3DataSource: {
        S3DataType: full.manifest ? 'ManifestFile' : 'S3Prefix',
        S3Uri: full.uri,
        S3DataDistributionType: full.sharded ? 'ShardedByS3Key' : 'FullyReplicated',
      },
    },
    ContentType: full.contentType,
    CompressionType: full.compression,
    InputMode: full.inputMode,
  }
}
