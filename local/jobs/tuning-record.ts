import { sharedMembers } from './request.ts'
import { lossSign } from './tuning-request.ts'
import type { Summary, TuningContext, TuningTraining } from './tuning-training.ts'

/** What DescribeHyperParameterTuningJob answers, kept up to date. */
export interface TuningRecord {
  /** Changes members and writes the record. @returns the description */
  change(changes: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>
  /** A training began or ended. */
  trained(index: number, training: TuningTraining | 'InProgress'): Promise<void>
  /** The trainings that count, best first; of equals the earlier one. */
  ranked(): Summary[]
}

/** @param inherited The best trainings of a warm start's parents. */
export function openTuningRecord(
  context: TuningContext,
  inherited: readonly Readonly<Record<string, unknown>>[],
): TuningRecord {
  const { run, request, tuningArn } = context
  const { clock, jobs } = run.world
  const config = request.HyperParameterTuningJobConfig
  const now = (): string => clock.now().toISOString()
  const began = clock.now().getTime()
  const trainings = new Map<number, Summary | 'InProgress'>()
  const ranked = (): Summary[] =>
    rank(
      [...trainings].sort(([a], [b]) => a - b).flatMap(([, one]) => (one === 'InProgress' ? [] : [one])),
      context,
    )
  let description: Readonly<Record<string, unknown>> = {
    ...sharedMembers(run.arguments, 'DescribeHyperParameterTuningJobResponse'),
    HyperParameterTuningJobName: run.jobName,
    HyperParameterTuningJobArn: tuningArn,
    HyperParameterTuningJobStatus: 'InProgress',
    // Members of the summary in lists.
    Strategy: config.Strategy,
    ResourceLimits: config.ResourceLimits,
    CreationTime: now(),
  }
  const update = (changes: Readonly<Record<string, unknown>>): Parameters<typeof jobs.save>[0] => {
    const all = [...trainings.values()]
    const running = all.filter(one => one === 'InProgress').length
    const ended = all.filter(one => one !== 'InProgress')
    const inStatus = (status: string): number => ended.filter(one => one.TrainingJobStatus === status).length
    const objectives = (status: string): number => ended.filter(one => one.ObjectiveStatus === status).length
    const [best] = ranked()
    const [overall] = rank([...(best === undefined ? [] : [best]), ...(inherited as readonly Summary[])], context)
    description = {
      ...description,
      ...changes,
      ...(best !== undefined && { BestTrainingJob: best }),
      ...(inherited.length > 0 && overall !== undefined && { OverallBestTrainingJob: overall }),
      TrainingJobStatusCounters: {
        Completed: inStatus('Completed'),
        InProgress: running,
        RetryableError: 0,
        NonRetryableError: inStatus('Failed'),
        Stopped: inStatus('Stopped'),
      },
      ObjectiveStatusCounters: {
        Succeeded: objectives('Succeeded'),
        Pending: running,
        Failed: objectives('Failed'),
      },
      ConsumedResources: { RuntimeInSeconds: Math.max(0, Math.round((clock.now().getTime() - began) / 1000)) },
      LastModifiedTime: now(),
    }
    return {
      kind: 'HyperParameterTuningJob',
      name: run.jobName,
      executionArn: run.execution.arn,
      step: run.step.Name,
      description,
    }
  }
  return {
    ranked,
    change: async changes => {
      await jobs.save(update(changes))
      return description
    },
    trained: async (index, training) => {
      trainings.set(index, training === 'InProgress' ? training : training.summary)
      if (training === 'InProgress') jobs.note(update({}))
      else await jobs.save(update({}))
    },
  }
}

function rank(summaries: readonly Summary[], { request }: TuningContext): Summary[] {
  const sign = lossSign(request)
  const lossOf = (summary: Summary): number =>
    sign * (summary['FinalHyperParameterTuningJobObjectiveMetric'] as { Value: number }).Value
  return summaries.filter(one => one.ObjectiveStatus === 'Succeeded').sort((a, b) => lossOf(a) - lossOf(b))
}
