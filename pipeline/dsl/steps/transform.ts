import type {
  AssemblyType,
  BatchStrategy,
  CreateTransformJobRequest,
  DescribeTransformJobResponse,
  JoinSource,
  SplitType,
  TransformInstanceType,
} from '@aws-sdk/client-sagemaker'
import type { Args, ArgsOverride, NotConcise } from '../args.ts'
import { overlay, type Text, textMap } from '../emit.ts'
import type { Expr, Value } from '../expression.ts'
import { type JobOptions, type StringValue, tagList } from '../job-options.ts'
import type { Ref } from '../ref.ts'
import { requestStep } from '../request-step.ts'
import { type CacheableOptions, isConciseForm, type RetryableOptions, type Step, type StepOptions } from '../step.ts'

/** `CreateTransformJob` without the job's name, which the service makes. */
export type TransformArguments = Omit<CreateTransformJobRequest, 'TransformJobName'>

interface TransformStepOptions extends StepOptions, CacheableOptions, RetryableOptions {
  /** Begins the names of the jobs, in a pipeline with `useCustomJobPrefix`. */
  readonly jobNamePrefix?: string
}

/** A batch transform in our words; `arguments` is laid over what they give. */
export interface ConciseTransform extends TransformStepOptions {
  /** Name of the model, such as a model step's `properties.ModelName`. */
  readonly model: StringValue
  readonly instance:
    | TransformInstanceType
    | Expr<string>
    | {
        readonly type: TransformInstanceType | Expr<string>
        /** @default 1 */
        readonly count?: Value<number>
      }
  /** S3 prefix of the data (end it with `/`), or with its details. */
  readonly input:
    | StringValue
    | {
        readonly uri: StringValue
        readonly contentType?: StringValue
        readonly manifest?: boolean
        readonly splitType?: SplitType
        readonly compression?: 'Gzip'
      }
  /** S3 URI; every object of the input gives one with `.out` appended. */
  readonly output:
    | StringValue
    | {
        readonly uri: StringValue
        readonly accept?: StringValue
        readonly assembleWith?: AssemblyType
        readonly kmsKey?: StringValue
      }
  /** KMS key for the job's disks, and for what it writes unless `output` names another. */
  readonly kmsKey?: StringValue
  /** JSONPath of what of each record reaches the model. @default '$' by the service: all */
  readonly inputFilter?: StringValue
  /** JSONPath of what of each result is written. @default '$' by the service: all */
  readonly outputFilter?: StringValue
  /** `Input` writes each record with its result. @default 'None' by the service */
  readonly joinSource?: JoinSource
  readonly batchStrategy?: BatchStrategy
  readonly maxConcurrentTransforms?: Value<number>
  readonly maxPayloadInMB?: Value<number>
  /** Longest wait for one answer of the model, 1 to 3600 seconds. @default 600 by the service */
  readonly invocationTimeoutInSeconds?: Value<number>
  /** How often one request to the model is tried again, 0 to 3. @default 3 by the service */
  readonly invocationRetries?: Value<number>
  readonly environment?: Readonly<Record<string, Text>>
  readonly tags?: JobOptions['tags']
  readonly arguments?: ArgsOverride<TransformArguments>
}

/** A batch transform in AWS's words: the request verbatim. */
export interface VerbatimTransform extends TransformStepOptions, NotConcise<ConciseTransform, TransformStepOptions> {
  readonly arguments: Args<TransformArguments>
}

export type TransformOptions = ConciseTransform | VerbatimTransform

export type TransformStep = Step<Ref<DescribeTransformJobResponse>>

/**
 * A step that runs a batch transform job.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTransformJob.html
 */
export function transformStep(name: string, options: TransformOptions): TransformStep {
  const base = isConciseForm(name, options, 'model') ? transformArguments(options as ConciseTransform) : {}
  return requestStep('Transform', name, options, { arguments: overlay(base, options.arguments) })
}

function transformArguments(options: ConciseTransform) {
  const { input, output, instance } = options
  const from = typeof input === 'object' && 'uri' in input ? input : { uri: input }
  const to = typeof output === 'object' && 'uri' in output ? output : { uri: output }
  const { kmsKey, inputFilter, outputFilter, joinSource, invocationTimeoutInSeconds, invocationRetries } = options
  const isFiltered = [inputFilter, outputFilter, joinSource].some(option => option !== undefined)
  const isClientSet = invocationTimeoutInSeconds !== undefined || invocationRetries !== undefined
  const on = typeof instance === 'object' && 'type' in instance ? instance : { type: instance, count: 1 }
  return {
    ModelName: options.model,
    TransformInput: {
      DataSource: { S3DataSource: { S3DataType: from.manifest ? 'ManifestFile' : 'S3Prefix', S3Uri: from.uri } },
      ContentType: from.contentType,
      CompressionType: from.compression,
      SplitType: from.splitType,
    },
    TransformOutput: {
      S3OutputPath: to.uri,
      Accept: to.accept,
      AssembleWith: to.assembleWith,
      KmsKeyId: to.kmsKey ?? kmsKey,
    },
    TransformResources: { InstanceType: on.type, InstanceCount: on.count ?? 1, VolumeKmsKeyId: kmsKey },
    DataProcessing: isFiltered
      ? { InputFilter: inputFilter, OutputFilter: outputFilter, JoinSource: joinSource }
      : undefined,
    ModelClientConfig: isClientSet
      ? { InvocationsTimeoutInSeconds: invocationTimeoutInSeconds, InvocationsMaxRetries: invocationRetries }
      : undefined,
    BatchStrategy: options.batchStrategy,
    MaxConcurrentTransforms: options.maxConcurrentTransforms,
    MaxPayloadInMB: options.maxPayloadInMB,
    Environment: textMap(options.environment),
    Tags: tagList(options.tags),
  }
}
