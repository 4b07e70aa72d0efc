import { emrServerlessProperties } from '../../../schemas/other-services.ts'
import type { AnyArgs } from '../args.ts'
import type { StringValue } from '../job-options.ts'
import { makeOpenReference, type OpenRef } from '../open-ref.ts'
import { type CacheableOptions, makeStep, type RetryableOptions, type Step, type StepOptions } from '../step.ts'

type Members = { readonly [member: string]: AnyArgs | undefined }

/** The job, in an application that exists or in one that lives for this step. */
export type EMRServerlessArguments = {
  readonly ExecutionRoleArn: StringValue
  /** EMR Serverless's `StartJobRun` request, whose members are camelCase. */
  readonly JobConfig: Members
} & (
  | { readonly ApplicationId: StringValue; readonly ApplicationConfig?: never }
  | { readonly ApplicationConfig: Members; readonly ApplicationId?: never }
)

export interface EMRServerlessOptions extends StepOptions, CacheableOptions, RetryableOptions {
  readonly arguments: EMRServerlessArguments
}

export type EMRServerlessStep = Step<{
  /** EMR Serverless's `JobRun`; members are camelCase. */
  readonly jobRun: OpenRef
}>

/** A step that runs a job on EMR Serverless. */
export const emrServerlessStep = (name: string, options: EMRServerlessOptions): EMRServerlessStep =>
  makeStep(name, {
    type: 'EMRServerless',
    arguments: options.arguments,
    options,
    properties: makeOpenReference(name, emrServerlessProperties),
  })
