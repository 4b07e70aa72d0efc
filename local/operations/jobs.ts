import type { Engine } from '../engine/engine.ts'
import { isTerminal } from '../engine/record.ts'
import type { JobKind, JobRecord } from '../jobs/job-book.ts'
import { ServiceError } from '../service-error.ts'
import { isWithin, page, type PageRequest, sorted } from './page.ts'
import { toResponse } from './response.ts'

type ListInput = PageRequest & {
  readonly CreationTimeAfter?: Date
  readonly CreationTimeBefore?: Date
  readonly NameContains?: string
  readonly StatusEquals?: string
  readonly SortBy?: string
  readonly SortOrder?: string
}

/** How a kind of job is described and listed. */
interface JobShapes {
  readonly response: string
  readonly summary: string
  readonly summaries: string
  readonly nameMember: string
  readonly status: string
}

/** One entry per kind of job that can be asked for. */
const jobShapes = {
  TrainingJob: {
    response: 'DescribeTrainingJobResponse',
    summary: 'TrainingJobSummary',
    summaries: 'TrainingJobSummaries',
    nameMember: 'TrainingJobName',
    status: 'TrainingJobStatus',
  },
  ProcessingJob: {
    response: 'DescribeProcessingJobResponse',
    summary: 'ProcessingJobSummary',
    summaries: 'ProcessingJobSummaries',
    nameMember: 'ProcessingJobName',
    status: 'ProcessingJobStatus',
  },
  TransformJob: {
    response: 'DescribeTransformJobResponse',
    summary: 'TransformJobSummary',
    summaries: 'TransformJobSummaries',
    nameMember: 'TransformJobName',
    status: 'TransformJobStatus',
  },
  HyperParameterTuningJob: {
    response: 'DescribeHyperParameterTuningJobResponse',
    summary: 'HyperParameterTuningJobSummary',
    summaries: 'HyperParameterTuningJobSummaries',
    nameMember: 'HyperParameterTuningJobName',
    status: 'HyperParameterTuningJobStatus',
  },
  Model: {
    response: 'DescribeModelOutput',
    summary: 'ModelSummary',
    summaries: 'Models',
    nameMember: 'ModelName',
    status: '',
  },
} satisfies Record<JobKind, JobShapes>

/** Operations on the jobs that steps made. */
export function jobOperations(engine: Engine) {
  const describe =
    (kind: keyof typeof jobShapes) =>
    async (input: Readonly<Record<string, string>>): Promise<object> => {
      const shapes = jobShapes[kind]
      const record = await engine.jobs.find(kind, input[shapes.nameMember] ?? '')
      if (record === undefined) throw new ServiceError('ValidationException', 'Requested resource not found.')
      return toResponse(shapes.response, await settled(record, shapes.status))
    }
  /** A job whose execution has ended without it (the engine died, the execution was not resumed) is no longer in progress. */
  const settled = async (record: JobRecord, status: string): Promise<object> => {
    if (record.description[status] !== 'InProgress' && record.description[status] !== 'Stopping')
      return record.description
    const execution = await engine.executions.find(record.executionArn)
    return execution !== undefined && isTerminal(execution.status)
      ? { ...record.description, [status]: 'Stopped' }
      : record.description
  }
  const list =
    (kind: keyof typeof jobShapes) =>
    async (input: ListInput): Promise<object> => {
      const shapes = jobShapes[kind]
      const found = (await engine.jobs.list(kind)).filter(
        record =>
          record.name.includes(input.NameContains ?? '') &&
          isWithin(String(record.description['CreationTime']), input.CreationTimeAfter, input.CreationTimeBefore) &&
          (input.StatusEquals === undefined || record.description[shapes.status] === input.StatusEquals),
      )
      const textOf = (record: JobRecord): string =>
        input.SortBy === 'Name'
          ? record.name
          : input.SortBy === 'Status'
            ? String(record.description[shapes.status])
            : `${String(record.description['CreationTime'])} ${record.name}`
      const { items, ...rest } = page(
        sorted(found, textOf, input.SortOrder, 'Descending'),
        input,
        record => record.name,
        10,
      )
      return { [shapes.summaries]: items.map(record => toResponse(shapes.summary, record.description)), ...rest }
    }
  const listTunings = async (input: ListInput & { HyperParameterTuningJobName: string }): Promise<object> => {
    const tuning = await engine.jobs.find('HyperParameterTuningJob', input.HyperParameterTuningJobName)
    if (tuning === undefined) throw new ServiceError('ValidationException', 'Requested resource not found.')
    const found = (await tuningTrainings(tuning)).filter(
      one =>
        (input.StatusEquals === undefined || one['TrainingJobStatus'] === input.StatusEquals) &&
        // Source: API reference: without a final value a training is not listed when that is what is sorted by.
        (input.SortBy !== 'FinalObjectiveMetricValue' || finalValue(one) !== undefined),
    )
    const inOrder = sortTrainings(found, input)
    const { items, ...rest } = page(inOrder, input, one => String(one['TrainingJobName']), 10)
    return { TrainingJobSummaries: items.map(one => toResponse('HyperParameterTrainingJobSummary', one)), ...rest }
  }
  /** The trainings of a tuning job as they are now, newest first. */
  const tuningTrainings = async (tuning: JobRecord): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    const arn = tuning.description['HyperParameterTuningJobArn']
    const trainings = (await engine.jobs.list('TrainingJob')).filter(job => job.description['TuningJobArn'] === arn)
    return trainings.map(({ description }) => ({
      ...description,
      TuningJobName: tuning.name,
      TunedHyperParameters: description['TunedHyperParameters'] ?? {},
      ...objectiveOf(description, tuning),
    }))
  }
  return {
    DescribeTrainingJob: describe('TrainingJob'),
    DescribeProcessingJob: describe('ProcessingJob'),
    DescribeTransformJob: describe('TransformJob'),
    DescribeHyperParameterTuningJob: describe('HyperParameterTuningJob'),
    DescribeModel: describe('Model'),
    ListTrainingJobsForHyperParameterTuningJob: listTunings,
    ListTransformJobs: list('TransformJob'),
    ListHyperParameterTuningJobs: list('HyperParameterTuningJob'),
    ListModels: list('Model'),
    ListTrainingJobs: list('TrainingJob'),
    ListProcessingJobs: list('ProcessingJob'),
  }
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
function sortTrainings(trainings: readonly Training[], { SortBy, SortOrder }: ListInput): readonly Training[] {
  if (SortBy === 'FinalObjectiveMetricValue') {
    const sign = SortOrder === 'Descending' ? -1 : 1
    return trainings.toSorted((a, b) => sign * ((finalValue(a) as number) - (finalValue(b) as number)))
  }
  const member = { CreationTime: 'CreationTime', Status: 'TrainingJobStatus' }[SortBy ?? ''] ?? 'TrainingJobName'
  return sorted(trainings, one => `${String(one[member])} ${String(one['TrainingJobName'])}`, SortOrder, 'Ascending')
}
