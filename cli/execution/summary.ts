import type { CommandResult } from '../host.ts'
import { formatSeconds, secondsBetween } from '../render/quantities.ts'
import { renderTable } from '../render/table.ts'
import type { FollowedExecution } from './follow-execution.ts'

/** The result of following an execution: its steps and how it ended. */
export function summarizeExecution(
  executionArn: string,
  followed: FollowedExecution,
): Pick<Required<CommandResult>, 'data' | 'text'> {
  const { status, failureReason } = followed
  const steps = [...followed.steps.values()].map(step => ({
    name: step.StepName ?? '',
    status: step.StepStatus ?? '',
    seconds: secondsBetween(step.StartTime, step.EndTime),
    metrics: followed.metrics.get(step.StepName ?? '') ?? {},
    ...(step.FailureReason === undefined ? {} : { failureReason: step.FailureReason }),
  }))
  return {
    data: { executionArn, status, ...(failureReason === undefined ? {} : { failureReason }), steps },
    text: colors =>
      [
        ...renderTable(
          [{ title: 'step' }, { title: 'status' }, { title: 'duration', align: 'right' }],
          steps.map(({ name, status, seconds }) => [name, status, seconds === null ? '' : formatSeconds(seconds)]),
        ),
        '',
        ...steps.flatMap(({ name, failureReason }) =>
          failureReason === undefined ? [] : [`${colors.red(name)}: ${failureReason}`],
        ),
        `${statusColor(status, colors)}${failureReason === undefined ? '' : `: ${failureReason}`}  ${colors.dim(executionArn)}`,
      ].join('\n'),
  }
}

/** A status in the colour that people expect. */
export function statusColor(status: string, colors: Parameters<NonNullable<CommandResult['text']>>[0]): string {
  if (status === 'Succeeded') return colors.green(status)
  if (status === 'Failed') return colors.red(status)
  return colors.yellow(status)
}
