import type { CreateJobRequest, DescribeJobResponse } from '@aws-sdk/client-sagemaker'
import { shapeOf } from '../../../schemas/service-model/service-model.ts'
import { stepKinds } from '../../definition/index.ts'
import type { Args } from '../args.ts'
import type { Expr } from '../expression.ts'
import { makeOpenReference, type OpenRef } from '../open-ref.ts'
import { makeStep, type Step, type StepOptions } from '../step.ts'

/** `CreateJob` without the job's name, which the service makes. */
export type JobArguments = Omit<CreateJobRequest, 'JobName'>

export interface JobStepOptions extends StepOptions {
  readonly arguments: Args<JobArguments>
}

export type JobStep = Step<
  { readonly [K in Exclude<keyof DescribeJobResponse, 'JobConfigDocument'>]-?: Expr<string> } & {
    /** The document's members can be read, such as `JobConfigDocument.ServiceOutput.MlflowDetails.RunId`. */
    readonly JobConfigDocument: OpenRef
  }
>

/** A step that runs a job of SageMaker's general job API. */
export const jobStep = (name: string, options: JobStepOptions): JobStep =>
  makeStep(name, {
    type: 'Job',
    arguments: options.arguments,
    options,
    properties: makeOpenReference(
      name,
      Object.keys(shapeOf(stepKinds.Job.properties[0]).members ?? {}),
    ) as JobStep['properties'],
  })
