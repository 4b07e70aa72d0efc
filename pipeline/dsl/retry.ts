import type { RetryPolicy as DocumentRetryPolicy } from '../../schemas/definition.ts'

/** What a step can be tried again after (SageMaker Developer Guide, "Retry Policy for Pipeline Steps"). */
export type ExceptionType =
  | 'Step.SERVICE_FAULT'
  | 'Step.THROTTLING'
  | 'SageMaker.JOB_INTERNAL_ERROR'
  | 'SageMaker.CAPACITY_ERROR'
  | 'SageMaker.RESOURCE_LIMIT'
  | 'Emr.RESOURCE_LIMIT'

interface Backoff<E extends ExceptionType> {
  readonly on: readonly [E, ...E[]]
  /** Seconds before the second attempt, 1 to 43200. @default 1 by the service */
  readonly intervalSeconds?: number
  /** Factor from one pause to the next. @default 2 by the service */
  readonly backoffRate?: number
}

/** When a failed step is tried again. A policy ends after a number of attempts or after a time, never both. */
export type RetryPolicy<E extends ExceptionType = ExceptionType> =
  | (Backoff<E> & {
      /** 0 to 20; 0 means never. @default 5 by the service */
      readonly maxAttempts?: number
      readonly expireAfterMinutes?: never
    })
  | (Backoff<E> & {
      /** 0 to 14400. */
      readonly expireAfterMinutes: number
      readonly maxAttempts?: never
    })

/** The policies as the definition has them. */
export function emitRetryPolicies(policies: RetryPolicy | readonly RetryPolicy[]): DocumentRetryPolicy[] {
  return [policies].flat().map(policy => ({
    ExceptionType: [...policy.on],
    ...(policy.intervalSeconds === undefined ? {} : { IntervalSeconds: policy.intervalSeconds }),
    ...(policy.backoffRate === undefined ? {} : { BackoffRate: policy.backoffRate }),
    ...(policy.maxAttempts === undefined ? {} : { MaxAttempts: policy.maxAttempts }),
    ...(policy.expireAfterMinutes === undefined ? {} : { ExpireAfterMin: policy.expireAfterMinutes }),
  }))
}
