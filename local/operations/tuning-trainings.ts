import type { Engine } from '../engine/engine.ts'
import type { JobRecord } from '../jobs/job-book.ts'
import { ServiceError } from '../service-error.ts'
import { page, type PageRequest, sorted } from './page.ts'
import { toResponse } from './response.ts'

export type TuningTrainingsInput = PageRequest & {
  readonly HyperParameterTuningJobName: string
  readonly StatusEquals?: string
  readonly SortBy?: string
  readonly SortOrder?: string
}

/** ListTrainingJobsForHyperParameterTuningJob: the trainings of a tuning job as they are now. */
export async function listTuningTrainings(engine: Pick<Engine, 'jobs'>, input: TuningTrainingsInput): Promise<object> {
  const tuning = await engine.jobs.find('HyperParameterTuningJob', input.HyperParameterTuningJobName)
  if (tuning === undefined) throw new ServiceError('ValidationException', 'Requested resource not found.')
  const found = (await trainingsOf(engine, tuning)).filter(
    one =>
      (input.StatusEquals === undefined || one['TrainingJobStatus'] === input.StatusEquals) &&
      // Source: API reference: without a final value a training is not listed when that is what is sorted by.
      (input.SortBy !== 'FinalObjectiveMetricValue' || finalValue(one) !== undefined),
  )
  const { items, ...rest } = page(sortTrainings(found, input), input, one => String(one['TrainingJobName']), 10)
  return { TrainingJobSummaries: items.map(one => toResponse('HyperParameterTrainingJobSummary', one)), ...rest }
}

async function trainingsOf(engine: Pick<Engine, 'jobs'>, tuning: JobRecord): Promise<readonly Training[]> {
  const arn = tuning.description['HyperParameterTuningJobArn']
  const names = (await engine.jobs.entries('TrainingJob')).filter(({ tuningArn }) => tuningArn === arn)
  const records = await Promise.all(names.map(({ name }) => engine.jobs.find('TrainingJob', name)))
  return records.flatMap(record =>
    record === undefined
      ? []
      : [{ ...record.description, TuningJobName: tuning.name, ...objectiveOf(record.description, tuning) }],
  )
}

type Training = Readonly<Record<string, unknown>>

/** Members of the summary that the tuning job adds to a training that has ended. */
function objectiveOf(training: Training, tuning: JobRecord): object {
  const config = tuning.description['HyperParameterTuningJobConfig'] as
    | { readonly HyperParameterTuningJobObjective?: { readonly Type: string; readonly MetricName: string } }
    | undefined
  const objective = config?.HyperParameterTuningJobObjective
  const metrics = (training['FinalMetricDataList'] ?? []) as readonly { MetricName: string; Value: number }[]
  const Value = metrics.find(metric => metric.MetricName === objective?.MetricName)?.Value
  const status = String(training['TrainingJobStatus'])
  const isOver = status === 'Completed' || status === 'Failed' || status === 'Stopped'
  return {
    ...(Value !== undefined && { FinalHyperParameterTuningJobObjectiveMetric: { ...objective, Value } }),
    ObjectiveStatus: isOver ? (Value !== undefined && status !== 'Failed' ? 'Succeeded' : 'Failed') : 'Pending',
  }
}

const finalValue = (training: Training): number | undefined =>
  (training['FinalHyperParameterTuningJobObjectiveMetric'] as { readonly Value: number } | undefined)?.Value

/** By name unless the request says otherwise. Source: API reference, ListTrainingJobsForHyperParameterTuningJob. */
function sortTrainings(
  trainings: readonly Training[],
  { SortBy, SortOrder }: TuningTrainingsInput,
): readonly Training[] {
  if (SortBy === 'FinalObjectiveMetricValue') {
    const sign = SortOrder === 'Descending' ? -1 : 1
    return trainings.toSorted((a, b) => sign * ((finalValue(a) as number) - (finalValue(b) as number)))
  }
  const member = { CreationTime: 'CreationTime', Status: 'TrainingJobStatus' }[SortBy ?? ''] ?? 'TrainingJobName'
  return sorted(trainings, one => `${String(one[member])} ${String(one['TrainingJobName'])}`, SortOrder, 'Ascending')
}
