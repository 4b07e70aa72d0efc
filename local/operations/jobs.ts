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
    const { items, ...rest } = page(await tuningTrainings(tuning), input, one => String(one['TrainingJobName']), 10)
    return { TrainingJobSummaries: items.map(one => toResponse('HyperParameterTrainingJobSummary', one)), ...rest }
  }
  /** The trainings of a tuning job as they are now, newest first. */
  const tuningTrainings = async (tuning: JobRecord): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    const arn = tuning.description['HyperParameterTuningJobArn']
    const trainings = (await engine.jobs.list('TrainingJob')).filter(job => job.description['TuningJobArn'] === arn)
    return trainings.map(({ description }) => ({
      ...description,
      TuningJobName: tuning.name,
      TunedHyperParameters: description['HyperParameters'] ?? {},
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
