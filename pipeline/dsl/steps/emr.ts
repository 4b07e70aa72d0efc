import { emrShapes } from '../../../schemas/other-services.ts'
import type { AnyArgs } from '../args.ts'
import type { Expr } from '../expression.ts'
import type { StringValue } from '../job-options.ts'
import { makeReference } from '../ref.ts'
import { type CacheableOptions, makeStep, type RetryableOptions, type Step, type StepOptions } from '../step.ts'

interface EMRJob {
  readonly StepConfig: {
    /** EMR's `HadoopJarStepConfig`. */
    readonly HadoopJarStep: {
      readonly Jar: StringValue
      readonly Args?: readonly StringValue[]
      readonly MainClass?: StringValue
      readonly Properties?: readonly { readonly Key: StringValue; readonly Value: StringValue }[]
    }
  }
  /** Role of the work on the cluster. */
  readonly ExecutionRoleArn?: StringValue
}

/** The work, on a cluster that exists or on one that lives for this step. */
export type EMRArguments = EMRJob &
  (
    | { readonly ClusterId: StringValue; readonly ClusterConfig?: never }
    | {
        /** EMR's `RunJobFlow` request, without `Name` and `Steps`. */
        readonly ClusterConfig: { readonly [member: string]: AnyArgs | undefined }
        readonly ClusterId?: never
      }
  )

export interface EMROptions extends StepOptions, CacheableOptions, RetryableOptions {
  readonly arguments: EMRArguments
}

/** EMR's `Step`, and the cluster it ran on. */
export interface EMRProperties {
  readonly ClusterId: Expr<string>
  readonly Id: Expr<string>
  readonly Name: Expr<string>
  readonly ActionOnFailure: Expr<string>
  readonly ExecutionRoleArn: Expr<string>
  readonly Config: {
    readonly Jar: Expr<string>
    readonly MainClass: Expr<string>
    readonly Args: { readonly [index: number]: Expr<string> }
    readonly Properties: { readonly [key: string]: Expr<string> }
  }
  readonly Status: {
    readonly State: Expr<string>
    readonly StateChangeReason: { readonly Code: Expr<string>; readonly Message: Expr<string> }
    readonly FailureDetails: {
      readonly Reason: Expr<string>
      readonly Message: Expr<string>
      readonly LogFile: Expr<string>
    }
    readonly Timeline: {
      readonly CreationDateTime: Expr<string>
      readonly StartDateTime: Expr<string>
      readonly EndDateTime: Expr<string>
    }
  }
}

export type EMRStep = Step<EMRProperties>

/** A step that runs work on an EMR cluster. */
export const emrStep = (name: string, options: EMROptions): EMRStep =>
  makeStep(name, {
    type: 'EMR',
    arguments: options.arguments,
    options,
    properties: makeReference(name, emrShapes.EMRStep, { shapes: emrShapes }) as EMRProperties,
  })
