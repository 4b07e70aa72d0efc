import { createHash } from 'node:crypto'
import type { JobRecord } from './job-book.ts'
import type { StepRun } from './job-runner.ts'
import { runTrainingJob } from './training-job.ts'
import type { Hyperparameters } from './tuning-ranges.ts'
import { lossSign, type TuningRequest } from './tuning-request.ts'
import type { Trial } from './tuning-trial.ts'

/** `HyperParameterTrainingJobSummary`. */
export type Summary = Readonly<Record<string, unknown>> & {
  readonly TrainingJobStatus: string
  readonly ObjectiveStatus: string
}

/** A tuning job's view of its trainings. */
export interface TuningContext {
  readonly run: StepRun
  readonly request: TuningRequest
  readonly tuningArn: string
}

/** A training of a tuning job, running or ended. */
export interface TuningTraining {
  readonly trial: Trial
  readonly summary: Summary
}

type Description = Readonly<Record<string, unknown>>

/** `<tuning job>-<NNN>-<8 hex>`; the end is a digest of the number, so that the same training has the same name after a crash. */
export function tuningTrainingName(tuningJob: string, index: number): string {
  const hex = createHash('sha256').update(`${tuningJob}/${index}`).digest('hex').slice(0, 8)
  return `${tuningJob}-${String(index + 1).padStart(3, '0')}-${hex}`
}

/** What an earlier engine left of a training: one that had ended, or the hyperparameters of one that it had begun. */
export async function earlierTraining(
  context: TuningContext,
  index: number,
): Promise<{ readonly hyperparameters: Hyperparameters; readonly ended?: TuningTraining } | undefined> {
  const { jobs } = context.run.world
  const record = await jobs.find('TrainingJob', tuningTrainingName(context.run.jobName, index))
  if (record === undefined) return undefined
  const { description } = record
  const hyperparameters = (description['TunedHyperParameters'] ?? {}) as Hyperparameters
  const hasEnded = ['Completed', 'Failed', 'Stopped'].includes(String(description['TrainingJobStatus']))
  return { hyperparameters, ...(hasEnded && { ended: trainingOf(context, index, description) }) }
}

/** Runs one training to its end. @param onEpoch Called with the training as it is after every value of the objective metric. */
export async function runTuningTraining(
  context: TuningContext,
  index: number,
  tuned: Hyperparameters,
  signal: AbortSignal,
  onEpoch: (trial: Trial) => void,
): Promise<TuningTraining> {
  const { run, request, tuningArn } = context
  const { StaticHyperParameters, ...members } = request.TrainingJobDefinition
  const { DefinitionName: _name, TuningObjective: _objective, HyperParameterRanges: _ranges, ...definition } = members
  const { MetricName } = request.HyperParameterTuningJobConfig.HyperParameterTuningJobObjective
  const jobName = tuningTrainingName(run.jobName, index)
  const sign = lossSign(request)
  const epochs: number[] = []
  const end = await runTrainingJob({
    ...run,
    signal,
    jobName,
    arguments: {
      ...definition,
      HyperParameters: { ...StaticHyperParameters, ...tuned, _tuning_objective_metric: MetricName },
    },
    onCreated: () => {},
    extra: { TuningJobArn: tuningArn, TunedHyperParameters: tuned },
    onMetric: (name, value) => {
      if (name !== MetricName) return
      epochs.push(sign * value)
      onEpoch({ index, hyperparameters: tuned, epochs, isOver: false })
    },
  })
  // Later trainings are compared with this one's epochs, also after a crash.
  const description = { ...end.description, ObjectiveLosses: epochs }
  const record: JobRecord = {
    kind: 'TrainingJob',
    name: jobName,
    executionArn: run.execution.arn,
    step: run.step.Name,
    description,
  }
  await run.world.jobs.save(record)
  return trainingOf(context, index, description)
}

function trainingOf(context: TuningContext, index: number, job: Description): TuningTraining {
  const { MetricName } = context.request.HyperParameterTuningJobConfig.HyperParameterTuningJobObjective
  const summary = summaryOf(context, job)
  const value = job['TrainingJobStatus'] === 'Failed' ? undefined : metricOf(job, MetricName)
  return {
    summary,
    trial: {
      index,
      hyperparameters: (job['TunedHyperParameters'] ?? {}) as Hyperparameters,
      epochs: (job['ObjectiveLosses'] ?? []) as readonly number[],
      isOver: true,
      ...(value !== undefined && { loss: lossSign(context.request) * value }),
    },
  }
}

function metricOf(job: Description, name: string): number | undefined {
  const metrics = (job['FinalMetricDataList'] ?? []) as readonly { MetricName: string; Value: number }[]
  return metrics.find(metric => metric.MetricName === name)?.Value
}

/** A training that was stopped early has a result like any other; one that failed has none, whatever it printed. */
function summaryOf({ run, request }: TuningContext, job: Description): Summary {
  const { Type, MetricName } = request.HyperParameterTuningJobConfig.HyperParameterTuningJobObjective
  const value = metricOf(job, MetricName)
  const succeeded = job['TrainingJobStatus'] !== 'Failed' && value !== undefined
  return {
    TrainingJobName: job['TrainingJobName'],
    TrainingJobArn: job['TrainingJobArn'],
    TuningJobName: run.jobName,
    CreationTime: job['CreationTime'],
    TrainingStartTime: job['TrainingStartTime'],
    TrainingEndTime: job['TrainingEndTime'],
    TrainingJobStatus: String(job['TrainingJobStatus']),
    TunedHyperParameters: job['TunedHyperParameters'],
    ...(job['FailureReason'] === undefined ? {} : { FailureReason: job['FailureReason'] }),
    ...(value === undefined ? {} : { FinalHyperParameterTuningJobObjectiveMetric: { Type, MetricName, Value: value } }),
    ObjectiveStatus: succeeded ? 'Succeeded' : 'Failed',
  }
}
