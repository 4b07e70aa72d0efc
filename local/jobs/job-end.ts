import type { StepMetadata } from '../engine/record.ts'
import type { AttemptResult, StepRun } from './job-runner.ts'
import { ClientFault, CreateRefused, type ExceptionType } from './step-fault.ts'

/** Longest FailureReason of a job and of a step, in characters. */
export const MAX_FAILURE_REASON = 1024

/** A failed attempt. The step's reason is `ClientError: ` and the job's reason, as the service writes it. */
export function failedStep(reason: string, metadata: StepMetadata, exceptionType?: ExceptionType): AttemptResult {
  return {
    status: 'Failed',
    metadata,
    failureReason: `ClientError: ${reason}`.slice(0, MAX_FAILURE_REASON),
    ...(exceptionType === undefined ? {} : { exceptionType }),
  }
}

/** The step's failure when the service would not have made the job. */
export function refusedStep(run: StepRun, operation: string, error: CreateRefused): AttemptResult {
  return failedStep(
    `Failed to invoke sagemaker:${operation}. Error Details: ${error.message}\nRetry not appropriate on execution of step with PipelineExecutionArn ${run.execution.arn} and StepId ${run.step.Name}.`,
    {},
  )
}

/** What a job says that broke off, and the name by which a retry policy knows it. */
export function jobFault(error: unknown): { readonly reason: string; readonly exceptionType?: ExceptionType } {
  if (error instanceof ClientFault) return { reason: `ClientError: ${error.message}` }
  const code = (error as NodeJS.ErrnoException).code
  const text = error instanceof Error ? error.message : String(error)
  if (code === 'EAGAIN' || code === 'ENOMEM') {
    return {
      reason: `CapacityError: Unable to provision requested ML compute capacity: ${text}`,
      exceptionType: 'SageMaker.CAPACITY_ERROR',
    }
  }
  return { reason: `InternalServerError: ${text}`, exceptionType: 'SageMaker.JOB_INTERNAL_ERROR' }
}
