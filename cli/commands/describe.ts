import { describeExecution } from '../../pipeline/service/index.ts'
import { defineCommand } from '../command.ts'
import type { Diagnosis } from '../diagnose-failure.ts'
import { resolveExecution } from '../execution/find-execution.ts'
import { statusColor } from '../execution/summary.ts'
import { targetFlags } from '../flags.ts'
import { formatSeconds, formatTime, formatValue, secondsBetween } from '../render/quantities.ts'
import { renderTable } from '../render/table.ts'
import { askTarget } from '../target.ts'

/** `foldwise describe`: one execution with its start values, steps, jobs and metrics. */
export const describe = defineCommand({
  positionals: [{ words: '<execution>', help: 'ARN of an execution, or a pipeline name for its newest one' }],
  flags: targetFlags,
  examples: [
    'foldwise describe IrisCrossValidation --local',
    'foldwise describe IrisCrossValidation/7pinimwddh3a --json',
  ],
  run: async ([word], target) =>
    askTarget(target, async ({ clients }) => {
      const record = await describeExecution(clients, await resolveExecution(clients, word ?? ''))
      const { execution, parameters } = record
      const status = execution.PipelineExecutionStatus ?? ''
      const diagnoses = await diagnose(record.steps.map(({ step }) => step.FailureReason))
      const steps = record.steps.map(({ step, jobName, metrics }, index) => ({
        name: step.StepName ?? '',
        status: step.StepStatus ?? '',
        startTime: step.StartTime,
        seconds: secondsBetween(step.StartTime, step.EndTime),
        ...(jobName === undefined ? {} : { jobName }),
        metrics,
        ...(step.FailureReason === undefined ? {} : { failureReason: step.FailureReason }),
        ...(diagnoses[index] === undefined ? {} : { diagnosis: diagnoses[index] }),
        metadata: step.Metadata ?? {},
      }))
      return {
        data: {
          executionArn: execution.PipelineExecutionArn,
          status,
          ...(execution.PipelineVersionId === undefined ? {} : { pipelineVersion: execution.PipelineVersionId }),
          creationTime: execution.CreationTime,
          lastModifiedTime: execution.LastModifiedTime,
          ...(execution.FailureReason === undefined ? {} : { failureReason: execution.FailureReason }),
          parameters,
          steps,
        },
        text: colors =>
          [
            `${statusColor(status, colors)}  ${execution.PipelineExecutionArn}`,
            ...(execution.FailureReason === undefined ? [] : [execution.FailureReason]),
            colors.dim(
              `${execution.PipelineVersionId === undefined ? '' : `version ${execution.PipelineVersionId}, `}started ${formatTime(execution.CreationTime)}, last change ${formatTime(execution.LastModifiedTime)} (UTC)`,
            ),
            '',
            ...renderTable([{ title: 'parameter' }, { title: 'value' }], Object.entries(parameters)),
            '',
            ...renderTable(
              [{ title: 'step' }, { title: 'status' }, { title: 'duration', align: 'right' }, { title: 'result' }],
              steps.map(({ name, status, seconds, metrics, failureReason }) => [
                name,
                statusColor(status, colors),
                seconds === null ? '' : formatSeconds(seconds),
                failureReason ??
                  Object.entries(metrics)
                    .map(([metric, value]) => `${metric} ${formatValue(value)}`)
                    .join(', '),
              ]),
            ),
            ...steps.flatMap(({ name, diagnosis }) =>
              diagnosis === undefined ? [] : ['', `${name}: ${diagnosis.cause}`, diagnosis.advice],
            ),
          ].join('\n'),
      }
    }),
})

/** What is known of each failure; nothing is loaded where nothing failed. */
async function diagnose(reasons: readonly (string | undefined)[]): Promise<readonly (Diagnosis | undefined)[]> {
  if (reasons.every(reason => reason === undefined)) return []
  const { diagnoseFailure } = await import('../diagnose-failure.ts')
  return reasons.map(reason => (reason === undefined ? undefined : diagnoseFailure(reason)))
}
