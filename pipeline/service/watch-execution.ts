import type { PipelineExecutionStatus, PipelineExecutionStep } from '@aws-sdk/client-sagemaker'
import type { Clients } from './clients.ts'
import { getExecution, listSteps } from './executions.ts'

/** Time as the watcher needs it; tests pass their own. */
export interface Clock {
  /** Resolves after the time, or early when the signal is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  sleep: (milliseconds, signal) =>
    new Promise(resolve => {
      if (signal?.aborted) return resolve()
      const done = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, milliseconds)
      signal?.addEventListener('abort', done)
    }),
}

/** What happened between two looks at an execution. */
export type ExecutionChange =
  | { readonly kind: 'step'; readonly name: string; readonly step: PipelineExecutionStep }
  | { readonly kind: 'execution'; readonly status: PipelineExecutionStatus; readonly failureReason?: string }

export interface WatchOptions {
  readonly clock?: Clock
  /** Pause between two looks. @default 150 ms locally, 10 s in AWS, whose quotas are a few calls per second and account */
  readonly intervalMilliseconds?: number | undefined
  /** Ends the watch early; the execution goes on. */
  readonly signal?: AbortSignal | undefined
}

const terminal = new Set<string | undefined>(['Succeeded', 'Failed', 'Stopped'])

/** True for the statuses after which an execution does not change any more. */
export const isTerminal = (status: string | undefined): boolean => terminal.has(status)

/**
 * Yields each step whose record changed and each new status of the execution, until that is
 * `Succeeded`, `Failed` or `Stopped`, which comes last.
 */
export async function* watchExecution(
  clients: Clients,
  arn: string,
  options: WatchOptions = {},
): AsyncGenerator<ExecutionChange, void> {
  const clock = options.clock ?? systemClock
  const pause = options.intervalMilliseconds ?? (clients.local === undefined ? 10_000 : 150)
  const seen = new Map<string, string>()
  let lastStatus: string | undefined
  while (!options.signal?.aborted) {
    // The status is read before the steps, so the steps that come with a terminal status are complete.
    const execution = await getExecution(clients, arn)
    for (const step of await listSteps(clients, arn)) {
      const name = step.StepName ?? ''
      const fingerprint = JSON.stringify([
        step.StepStatus,
        step.StartTime,
        step.EndTime,
        step.AttemptCount,
        step.FailureReason,
      ])
      if (seen.get(name) === fingerprint) continue
      seen.set(name, fingerprint)
      yield { kind: 'step', name, step }
    }
    const status = execution.PipelineExecutionStatus
    if (status !== undefined && status !== lastStatus) {
      lastStatus = status
      const reason = execution.FailureReason
      yield { kind: 'execution', status, ...(reason === undefined ? {} : { failureReason: reason }) }
    }
    if (isTerminal(status)) return
    await clock.sleep(pause, options.signal)
  }
}
