import { bedrockProperties } from '../../../schemas/other-services.ts'
import type { AnyArgs } from '../args.ts'
import type { StringValue } from '../job-options.ts'
import { makeOpenReference, type OpenRef } from '../open-ref.ts'
import { makeStep, type Step, type StepOptions } from '../step.ts'

/** Members of a Bedrock request beyond those named here; PascalCase, as the pipeline service wants them. */
interface More {
  readonly [member: string]: AnyArgs | undefined
}

interface BedrockOptions<A> extends StepOptions {
  /** The Bedrock request with its members in PascalCase; the service makes a `ClientRequestToken`. */
  readonly arguments: A
}

type BedrockType = keyof typeof bedrockProperties

export type BedrockStep<T extends BedrockType> = Step<{
  readonly [K in (typeof bedrockProperties)[T][number]]: OpenRef
}>

const bedrockStep =
  <T extends BedrockType, A>(type: T) =>
  (name: string, options: BedrockOptions<A>): BedrockStep<T> =>
    makeStep(name, {
      type,
      arguments: options.arguments,
      options,
      properties: makeOpenReference(name, bedrockProperties[type]),
    })

/** A step that makes a custom model in Bedrock (`CreateCustomModel`). */
export const bedrockCustomModelStep = bedrockStep<
  'BedrockCustomModel',
  More & { readonly ModelName: StringValue; readonly ModelSourceConfig: AnyArgs }
>('BedrockCustomModel')

/** A step that deploys a custom model of Bedrock (`CreateCustomModelDeployment`). */
export const bedrockCustomModelDeploymentStep = bedrockStep<
  'BedrockCustomModelDeployment',
  More & { readonly ModelDeploymentName: StringValue; readonly ModelArn: StringValue }
>('BedrockCustomModelDeployment')

/** A step that imports a model into Bedrock (`CreateModelImportJob`). */
export const bedrockModelImportStep = bedrockStep<
  'BedrockModelImport',
  More & {
    readonly JobName: StringValue
    readonly ImportedModelName: StringValue
    readonly RoleArn: StringValue
    readonly ModelDataSource: AnyArgs
  }
>('BedrockModelImport')

/** A step that buys throughput for a model of Bedrock (`CreateProvisionedModelThroughput`). */
export const bedrockProvisionedModelThroughputStep = bedrockStep<
  'BedrockProvisionedModelThroughput',
  More & { readonly ModelUnits: AnyArgs; readonly ProvisionedModelName: StringValue; readonly ModelId: StringValue }
>('BedrockProvisionedModelThroughput')
