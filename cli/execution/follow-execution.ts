import type { PipelineExecutionStatus, PipelineExecutionStep } from '@aws-sdk/client-sagemaker'
import { placedSteps } from '../../pipeline/definition/index.ts'
import { type Clients, finalMetrics, isTerminal, watchExecution } from '../../pipeline/service/index.ts'
import type { PipelineDefinition } from '../../schemas/definition.ts'
import type { Host } from '../host.ts'
import { formatValue } from '../render/quantities.ts'
import { findCrossValidation } from './cross-validation.ts'
import { createProgress } from './progress.ts'
import { stepLine } from './progress-model.ts'

/** How an execution ended, or how far it was when the watch was interrupted. */
export interface FollowedExecution {
  readonly status: PipelineExecutionStatus
  readonly failureReason: string | undefined
  /** Last records of the steps by name, in the order in which they appeared. */
  readonly steps: ReadonlyMap<string, PipelineExecutionStep>
  /** Final metrics of the training steps by step name. */
  readonly metrics: ReadonlyMap<string, Readonly<Record<string, number>>>
}

/** Shows an execution on stderr until it ends or the host is interrupted. */
export async function followExecution(
  clients: Clients,
  arn: string,
  host: Host,
  options: {
    readonly document?: PipelineDefinition | undefined
    readonly intervalMilliseconds?: number | undefined
  } = {},
): Promise<FollowedExecution> {
  const { document } = options
  const validation = document && findCrossValidation(document)
  const progress = createProgress(host.err, {
    steps: document === undefined ? [] : placedSteps(document).map(({ step }) => step.Name),
    folds: validation?.folds ?? [],
  })
  const steps = new Map<string, PipelineExecutionStep>()
  const metrics = new Map<string, Readonly<Record<string, number>>>()
  let status: PipelineExecutionStatus = 'Executing'
  let failureReason: string | undefined
  try {
    const watch = { signal: host.interrupted, intervalMilliseconds: options.intervalMilliseconds }
    for await (const change of watchExecution(clients, arn, watch)) {
      if (change.kind === 'execution') {
        status = change.status
        failureReason = change.failureReason
        continue
      }
      const { name, step } = change
      steps.set(name, step)
      if (step.StepStatus === 'Succeeded') metrics.set(name, await finalMetrics(clients, step))
      progress.update(stepLine(step, detailOf(step, metrics.get(name) ?? {}, validation?.objective)))
    }
  } finally {
    progress.finish()
  }
  return { status, failureReason, steps, metrics }
}

/** The one remark that a step's line has room for. */
function detailOf(
  step: PipelineExecutionStep,
  metrics: Readonly<Record<string, number>>,
  objective: string | undefined,
): string {
  if (step.StepStatus === 'Failed') return firstLine(step.FailureReason ?? '')
  if (step.Metadata?.Condition?.Outcome !== undefined) return step.Metadata.Condition.Outcome.toLowerCase()
  const packageArn = step.Metadata?.RegisterModel?.Arn
  if (packageArn !== undefined && isTerminal(step.StepStatus)) return packageArn.slice(packageArn.lastIndexOf(':') + 1)
  const name = objective !== undefined && objective in metrics ? objective : Object.keys(metrics)[0]
  const value = name === undefined ? undefined : metrics[name]
  return value === undefined ? '' : `${name} ${formatValue(value)}`
}

const firstLine = (text: string): string => text.split('\n')[0] ?? ''

/** Exit code after following an execution: the signal's own when interrupted, else 0 for success. */
export const exitCodeOf = ({ status }: FollowedExecution, host: Host): number | undefined => {
  if (host.interrupted.aborted) return undefined
  return status === 'Succeeded' ? 0 : 1
}
