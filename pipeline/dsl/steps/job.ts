import type { CreateJobRequest, DescribeJobResponse } from '@aws-sdk/client-sagemaker'
import type { Args } from '../args.ts'
import { makeOpenReference, type OpenRef } from '../open-ref.ts'
import type { Ref } from '../ref.ts'
import { requestStep } from '../request-step.ts'
import type { Step, StepOptions } from '../step.ts'

/** `CreateJob` without the job's name, which the service makes. */
export type JobArguments = Omit<CreateJobRequest, 'JobName'>

export interface JobStepOptions extends StepOptions {
  readonly arguments: Args<JobArguments>
}

export interface JobStep extends Step<Ref<DescribeJobResponse>> {
  /** Members of the finished job's `JobConfigDocument`, such as `document.at('ServiceOutput', 'MlflowDetails', 'RunId')`. */
  readonly document: OpenRef
}

/** A step that runs a job of SageMaker's general job API. */
export function jobStep(name: string, options: JobStepOptions): JobStep {
  const { JobConfigDocument: document } = makeOpenReference(name, ['JobConfigDocument'])
  return Object.freeze({ ...requestStep<Ref<DescribeJobResponse>>('Job', name, options), document })
}
