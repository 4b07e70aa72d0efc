import type {
  CreateModelPackageInput,
  DescribeModelPackageOutput,
  ModelApprovalStatus,
  ProductionVariantInstanceType,
  TransformInstanceType,
} from '@aws-sdk/client-sagemaker'
import { stepKinds } from '../../definition/index.ts'
import type { Args, ArgsOverride, NotConcise } from '../args.ts'
import { overlay, type Text, textMap } from '../emit.ts'
import type { Expr } from '../expression.ts'
import type { StringValue } from '../job-options.ts'
import { makeReference, mergedShape, type Ref } from '../ref.ts'
import { isConciseForm, makeStep, type RetryableOptions, type Step, type StepOptions } from '../step.ts'

/**
 * `CreateModelPackage` without the names the service makes, and without what the workflow service refuses
 * (SageMaker Python SDK, model_step.py: "not available in the workflow service and will cause rejection").
 */
export type RegisterModelArguments = Omit<
  CreateModelPackageInput,
  'ModelPackageName' | 'CertifyForMarketplace' | 'ClientToken'
>

/** Only faults of the service are tried again. */
type RegisterModelStepOptions = StepOptions & RetryableOptions<'Step.SERVICE_FAULT' | 'Step.THROTTLING'>

/** A registration in our words; `arguments` is laid over what they give. */
export interface ConciseRegistration extends RegisterModelStepOptions {
  /** Name of the model package group; it is made when it does not exist. */
  readonly group: StringValue
  /** Image that serves the model. */
  readonly image: StringValue
  /** S3 URI of the model's `.tar.gz`, such as a training step's `properties.ModelArtifacts.S3ModelArtifacts`. */
  readonly modelData: StringValue
  /** @default 'PendingManualApproval' */
  readonly approval?: ModelApprovalStatus | Expr<string>
  /** What the endpoint takes, such as `text/csv`. */
  readonly contentTypes: readonly StringValue[]
  /** What the endpoint gives. */
  readonly responseTypes: readonly StringValue[]
  readonly inferenceInstances?: readonly (ProductionVariantInstanceType | Expr<string>)[]
  readonly transformInstances?: readonly (TransformInstanceType | Expr<string>)[]
  /** S3 URI of the model quality JSON that Studio shows. */
  readonly modelQuality?: StringValue
  readonly environment?: Readonly<Record<string, Text>>
  readonly metadata?: Readonly<Record<string, Text>>
  /** KMS key that the model package is kept with. Its tags are those of the group: a version takes none of its own. */
  readonly kmsKey?: StringValue
  readonly arguments?: ArgsOverride<RegisterModelArguments>
}

/** A registration in AWS's words: the request verbatim. */
export interface VerbatimRegistration
  extends RegisterModelStepOptions,
    NotConcise<ConciseRegistration, RegisterModelStepOptions> {
  readonly arguments: Args<RegisterModelArguments>
}

export type RegistrationOptions = ConciseRegistration | VerbatimRegistration

export type RegisterModelStep = Step<Ref<DescribeModelPackageOutput>>

/**
 * A step that registers a model version in a model package group.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackage.html
 */
export function registerModelStep(name: string, options: RegistrationOptions): RegisterModelStep {
  const base = isConciseForm(name, options, 'group') ? registerArguments(options as ConciseRegistration) : {}
  return makeStep(name, {
    type: 'RegisterModel',
    arguments: overlay(base, options.arguments),
    options,
    properties: makeReference(name, mergedShape(stepKinds.RegisterModel.properties)) as Ref<DescribeModelPackageOutput>,
  })
}

function registerArguments(options: ConciseRegistration) {
  return {
    ModelPackageGroupName: options.group,
    ModelApprovalStatus: options.approval ?? 'PendingManualApproval',
    InferenceSpecification: {
      Containers: [
        { Image: options.image, ModelDataUrl: options.modelData, Environment: textMap(options.environment) },
      ],
      SupportedContentTypes: options.contentTypes,
      SupportedResponseMIMETypes: options.responseTypes,
      SupportedRealtimeInferenceInstanceTypes: options.inferenceInstances,
      SupportedTransformInstanceTypes: options.transformInstances,
    },
    ModelMetrics: options.modelQuality && {
      ModelQuality: { Statistics: { ContentType: 'application/json', S3Uri: options.modelQuality } },
    },
    CustomerMetadataProperties: textMap(options.metadata),
    SecurityConfig: options.kmsKey && { KmsKeyId: options.kmsKey },
  }
}
