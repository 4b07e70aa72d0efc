import type { RetryPolicy, Step } from '../../schemas/definition.ts'
import type { ExceptionType } from '../jobs/step-fault.ts'

/** What the service retries without being asked. Source: Developer Guide, "Retry Policy for Pipeline Steps". */
const byDefault: readonly RetryPolicy[] = [{ ExceptionType: ['Step.SERVICE_FAULT', 'Step.THROTTLING'] }]

const defaults = { intervalSeconds: 1, backoffRate: 2, maxAttempts: 5 }

/**
 * How long to wait before the next attempt; undefined when there is none.
 *
 * Before attempt n + 1 it is `IntervalSeconds × BackoffRate^(n - 1)`.
 *
 * @param attempt The attempt that failed, from 1.
 * @param elapsedSeconds Since the step's first attempt began.
 */
export function retryDelaySeconds(
  step: Step,
  exceptionType: ExceptionType | undefined,
  attempt: number,
  elapsedSeconds: number,
): number | undefined {
  if (exceptionType === undefined) return undefined
  const own = 'RetryPolicies' in step ? (step.RetryPolicies ?? []) : []
  const policy = [...own, ...byDefault].find(({ ExceptionType }) => ExceptionType.includes(exceptionType))
  if (policy === undefined) return undefined
  const delay =
    (policy.IntervalSeconds ?? defaults.intervalSeconds) * (policy.BackoffRate ?? defaults.backoffRate) ** (attempt - 1)
  if (policy.MaxAttempts === undefined && policy.ExpireAfterMin !== undefined) {
    return elapsedSeconds + delay <= policy.ExpireAfterMin * 60 ? delay : undefined
  }
  return attempt <= (policy.MaxAttempts ?? defaults.maxAttempts) ? delay : undefined
}
