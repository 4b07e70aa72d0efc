import type {
  CreateProcessingJobRequest,
  DescribeProcessingJobResponse,
  ProcessingInput as InputShape,
  ProcessingInstanceType,
  ProcessingOutput as OutputShape,
} from '@aws-sdk/client-sagemaker'
import { didYouMeanOrList } from '../../../schemas/nearest.ts'
import { stepKinds } from '../../definition/index.ts'
import type { Args, ArgsOverride, NotConcise } from '../args.ts'
import type { Expr } from '../expression.ts'
import { overlay, type Text, text, textMap } from '../emit.ts'
import {
  type Instance,
  type JobOptions,
  resources,
  type StringValue,
  stoppingCondition,
  tagList,
  vpcConfig,
} from '../job-options.ts'
import type { PropertyFile } from '../json-get.ts'
import { mistake } from '../mistake.ts'
import { makeReference, mergedShape, type Ref } from '../ref.ts'
import {
  type CacheableOptions,
  isConciseForm,
  makeStep,
  type RetryableOptions,
  type Step,
  type StepOptions,
} from '../step.ts'

/** `CreateProcessingJob` without the job's name, which the service makes. */
export type ProcessingArguments = Omit<CreateProcessingJobRequest, 'ProcessingJobName'>

/** Objects in S3 that the container finds in a folder. */
export interface ProcessingInput {
  /** S3 prefix (end it with `/`: `train/1` also matches `train/10/…`), an object, or a manifest. */
  readonly uri: StringValue
  /** Folder below `/opt/ml/processing/`. */
  readonly path: StringValue
  /** `uri` is an S3 manifest file that lists the objects. @default false */
  readonly manifest?: boolean
  /** Give every instance a share of the objects. @default false: every instance gets all */
  readonly sharded?: boolean
}

/** A folder of the container that goes to S3. */
export interface ProcessingOutput {
  /** Folder below `/opt/ml/processing/`. */
  readonly path: StringValue
  /** S3 URI without a trailing `/`: the service appends `/<path in the folder>`. */
  readonly uri: StringValue
  /** Upload while the job runs. @default false: when it has ended */
  readonly continuous?: boolean
}

interface ProcessingStepOptions<F extends string> extends StepOptions, CacheableOptions, RetryableOptions {
  /** JSON files in the outputs that `jsonGet` reads, by a name of yours. */
  readonly propertyFiles?: { readonly [K in F]: { readonly output: string; readonly path: string } }
  /** Begins the names of the jobs, in a pipeline with `useCustomJobPrefix`. */
  readonly jobNamePrefix?: string
}

/** A processing step in our words; `arguments` is laid over what they give. */
export interface ConciseProcessing<O extends string = string, I extends string = string, F extends string = string>
  extends ProcessingStepOptions<F>,
    JobOptions {
  readonly instance: Instance<ProcessingInstanceType>
  readonly entrypoint?: readonly StringValue[]
  /** Arguments of the program; numbers, booleans and references of any type are converted to text. */
  readonly containerArguments?: readonly Text[]
  /** Inputs by name, at most 10. */
  readonly inputs?: { readonly [K in I]: ProcessingInput }
  /** Outputs by name, at most 10. */
  readonly outputs?: { readonly [K in O]: ProcessingOutput }
  readonly arguments?: ArgsOverride<ProcessingArguments>
}

/** A processing step in AWS's words: the request verbatim. */
export interface VerbatimProcessing<O extends string = string, I extends string = string, F extends string = string>
  extends ProcessingStepOptions<F>,
    NotConcise<ConciseProcessing, ProcessingStepOptions<string>> {
  readonly arguments: Args<ProcessingArguments> & DeclaredIO<O, I>
}

/** Where a request declares its inputs and outputs, for their names. */
interface DeclaredIO<O extends string, I extends string> {
  readonly ProcessingInputs?: readonly (Omit<Args<InputShape>, 'InputName'> & {
    readonly InputName: I | Expr<string>
  })[]
  readonly ProcessingOutputConfig?: {
    readonly Outputs: readonly (Omit<Args<OutputShape>, 'OutputName'> & { readonly OutputName: O | Expr<string> })[]
  }
}

export type ProcessingOptions<O extends string, I extends string, F extends string> =
  | ConciseProcessing<O, I, F>
  | VerbatimProcessing<O, I, F>

type OutputsByName<O extends string> = { readonly [N in O]: Ref<OutputShape> }
type InputsByName<I extends string> = { readonly [N in I]: Ref<InputShape> }

/** `DescribeProcessingJob`, with the declared inputs and outputs by name. */
export type ProcessingProperties<O extends string, I extends string> = {
  readonly [K in keyof DescribeProcessingJobResponse]-?: K extends 'ProcessingOutputConfig'
    ? { readonly Outputs: OutputsByName<O>; readonly KmsKeyId: Ref<string> }
    : K extends 'ProcessingInputs'
      ? InputsByName<I>
      : Ref<NonNullable<DescribeProcessingJobResponse[K]>>
}

export interface ProcessingStep<O extends string = string, I extends string = string, F extends string = string>
  extends Step<ProcessingProperties<O, I>> {
  /** The step's JSON files, for `jsonGet`. */
  readonly propertyFiles: { readonly [K in F]: PropertyFile }
}

/**
 * A step that runs a processing job.
 *
 * @throws UserError when a property file names an output that the step does not declare
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateProcessingJob.html
 */
export function processingStep<
  const O extends string = string,
  const I extends string = string,
  const F extends string = string,
>(name: string, options: ProcessingOptions<O, I, F>): ProcessingStep<O, I, F> {
  const kind = stepKinds.Processing
  const base = isConciseForm(name, options, 'image') ? processingArguments(options as ConciseProcessing) : {}
  const request = overlay(
    { ...(options.jobNamePrefix && { [kind.nameMember]: options.jobNamePrefix }), ...base },
    options.arguments,
  ) as Declared
  const outputs = request.ProcessingOutputConfig?.Outputs?.map(output => output.OutputName) ?? []
  const files = Object.entries(options.propertyFiles ?? {}) as [F, { output: string; path: string }][]
  for (const [file, { output }] of files) checkOutput(`Step "${name}": propertyFiles.${file}`, output, outputs)
  const step = makeStep(name, {
    type: 'Processing',
    arguments: request,
    options,
    members: files.length === 0 ? {} : { PropertyFiles: files.map(([file, at]) => emitPropertyFile(file, at)) },
    properties: makeReference(name, mergedShape(kind.properties), {
      names: {
        ProcessingOutputs: outputs,
        ProcessingInputs: request.ProcessingInputs?.map(input => input.InputName) ?? [],
      },
    }) as ProcessingProperties<O, I>,
  })
  const propertyFiles = files.map(([file]) => [file, { kind: 'foldwise.property-file', step: name, name: file }])
  return Object.freeze({ ...step, propertyFiles: Object.freeze(Object.fromEntries(propertyFiles)) })
}

/** The part of the request whose names references are checked against. */
interface Declared {
  readonly ProcessingInputs?: readonly { readonly InputName: string }[]
  readonly ProcessingOutputConfig?: { readonly Outputs?: readonly { readonly OutputName: string }[] }
}

function checkOutput(where: string, output: string, outputs: readonly string[]): void {
  if (outputs.includes(output)) return
  throw mistake(
    `${where} — the step has no output "${output}"; name one of its outputs.${didYouMeanOrList(output, outputs)}`,
  )
}

const emitPropertyFile = (name: string, { output, path }: { output: string; path: string }) => ({
  PropertyFileName: name,
  OutputName: output,
  FilePath: path,
})

function processingArguments(options: ConciseProcessing) {
  const { networkIsolation } = options
  const network = { EnableNetworkIsolation: networkIsolation, VpcConfig: vpcConfig(options.vpc) }
  return {
    AppSpecification: {
      ImageUri: options.image,
      ContainerEntrypoint: options.entrypoint,
      ContainerArguments: options.containerArguments?.map(text),
    },
    RoleArn: options.role,
    Environment: textMap(options.environment),
    ProcessingInputs: options.inputs && Object.entries(options.inputs).map(([name, input]) => emitInput(name, input)),
    ProcessingOutputConfig: options.outputs && {
      Outputs: Object.entries(options.outputs).map(([name, output]) => emitOutput(name, output)),
      KmsKeyId: options.kmsKey,
    },
    ProcessingResources: { ClusterConfig: resources(options.instance, options.kmsKey) },
    StoppingCondition: stoppingCondition(options),
    NetworkConfig: networkIsolation === undefined && options.vpc === undefined ? undefined : network,
    Tags: tagList(options.tags),
  }
}

const emitInput = (name: string, input: ProcessingInput) => ({
  InputName: name,
  S3Input: {
    S3Uri: input.uri,
    LocalPath: input.path,
    S3DataType: input.manifest ? 'ManifestFile' : 'S3Prefix',
    S3InputMode: 'File',
    S3DataDistributionType: input.sharded ? 'ShardedByS3Key' : 'FullyReplicated',
  },
})

const emitOutput = (name: string, output: ProcessingOutput) => ({
  OutputName: name,
  S3Output: {
    S3Uri: output.uri,
    LocalPath: output.path,
    S3UploadMode: output.continuous ? 'Continuous' : 'EndOfJob',
  },
})
