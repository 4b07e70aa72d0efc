import type { Engine } from '../engine/engine.ts'
import { isTerminal } from '../engine/record.ts'
import type { JobEntry, JobKind, JobRecord } from '../jobs/job-book.ts'
import { ServiceError } from '../service-error.ts'
import { isWithin, page, type PageRequest, sorted } from './page.ts'
import { toResponse } from './response.ts'
import { listTuningTrainings, type TuningTrainingsInput } from './tuning-trainings.ts'

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
  AutoMLJob: {
    response: 'DescribeAutoMLJobResponse',
    summary: 'AutoMLJobSummary',
    summaries: 'AutoMLJobSummaries',
    nameMember: 'AutoMLJobName',
    status: 'AutoMLJobStatus',
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
      const found = (await engine.jobs.entries(kind)).filter(
        entry =>
          entry.name.includes(input.NameContains ?? '') &&
          isWithin(entry.created, input.CreationTimeAfter, input.CreationTimeBefore) &&
          (input.StatusEquals === undefined || entry.status === input.StatusEquals),
      )
      const textOf = (entry: JobEntry): string =>
        input.SortBy === 'Name'
          ? entry.name
          : input.SortBy === 'Status'
            ? entry.status
            : `${entry.created} ${entry.name}`
      const { items, ...rest } = page(
        sorted(found, textOf, input.SortOrder, 'Descending'),
        input,
        entry => entry.name,
        10,
      )
      // Only the jobs of the page are read.
      const records = await Promise.all(items.map(({ name }) => engine.jobs.find(kind, name)))
      const descriptions = records.filter(one => one !== undefined).map(one => settled(one, shapes.status))
      return {
        [shapes.summaries]: (await Promise.all(descriptions)).map(one => toResponse(shapes.summary, one)),
        ...rest,
      }
    }
  return {
    DescribeTrainingJob: describe('TrainingJob'),
    DescribeProcessingJob: describe('ProcessingJob'),
    DescribeTransformJob: describe('TransformJob'),
    DescribeHyperParameterTuningJob: describe('HyperParameterTuningJob'),
    DescribeModel: describe('Model'),
    ListTrainingJobsForHyperParameterTuningJob: (input: TuningTrainingsInput) => listTuningTrainings(engine, input),
    DescribeAutoMLJob: describe('AutoMLJob'),
    ListAutoMLJobs: list('AutoMLJob'),
    ListTransformJobs: list('TransformJob'),
    ListHyperParameterTuningJobs: list('HyperParameterTuningJob'),
    ListModels: list('Model'),
    ListTrainingJobs: list('TrainingJob'),
    ListProcessingJobs: list('ProcessingJob'),
  }
}
