import type { CreateModelInput, DescribeModelOutput } from '@aws-sdk/client-sagemaker'
import type { Args, ArgsOverride, NotConcise } from '../args.ts'
import { overlay, type Text, textMap } from '../emit.ts'
import { type JobOptions, type StringValue, tagList, vpcConfig } from '../job-options.ts'
import type { Ref } from '../ref.ts'
import { requestStep } from '../request-step.ts'
import { isConciseForm, type RetryableOptions, type Step, type StepOptions } from '../step.ts'

/** `CreateModel` without the model's name, which the service makes. */
export type ModelArguments = Omit<CreateModelInput, 'ModelName'>

interface ModelStepOptions extends StepOptions, RetryableOptions<'Step.SERVICE_FAULT' | 'Step.THROTTLING'> {
  /** Begins the names of the models, in a pipeline with `useCustomJobPrefix`. */
  readonly jobNamePrefix?: string
}

/** A model of one container in our words; `arguments` is laid over what they give. */
export interface ConciseModel extends ModelStepOptions {
  /** Image that serves the model. */
  readonly image: StringValue
  /** S3 URI of the model's `.tar.gz`, such as a training step's `properties.ModelArtifacts.S3ModelArtifacts`. */
  readonly modelData?: StringValue
  /** ARN of the role that the endpoint or transform job runs with. */
  readonly role: StringValue
  readonly environment?: Readonly<Record<string, Text>>
  readonly vpc?: JobOptions['vpc']
  readonly networkIsolation?: boolean
  readonly tags?: JobOptions['tags']
  readonly arguments?: ArgsOverride<ModelArguments>
}

/** A model in AWS's words: the request verbatim. */
export interface VerbatimModel extends ModelStepOptions, NotConcise<ConciseModel, ModelStepOptions> {
  readonly arguments: Args<ModelArguments>
}

export type ModelOptions = ConciseModel | VerbatimModel

export type ModelStep = Step<Ref<DescribeModelOutput>>

/**
 * A step that makes a model for endpoints and transform jobs.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html
 */
export function modelStep(name: string, options: ModelOptions): ModelStep {
  const base = isConciseForm(name, options, 'image') ? modelArguments(options as ConciseModel) : {}
  return requestStep('Model', name, options, { arguments: overlay(base, options.arguments) })
}

const modelArguments = (options: ConciseModel) => ({
  ExecutionRoleArn: options.role,
  PrimaryContainer: {
    Image: options.image,
    ModelDataUrl: options.modelData,
    Environment: textMap(options.environment),
  },
  VpcConfig: vpcConfig(options.vpc),
  EnableNetworkIsolation: options.networkIsolation,
  Tags: tagList(options.tags),
})
