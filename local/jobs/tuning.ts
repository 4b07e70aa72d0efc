import { createHash } from 'node:crypto'
import pLimit from 'p-limit'
import type { StepOf } from '../../schemas/definition.ts'
import { arnOf } from '../engine/names.ts'
import { failedStep, refusedStep } from './job-end.ts'
import type { AttemptResult, JobRunner, StepRun } from './job-runner.ts'
import { readRequest, sharedMembers } from './request.ts'
import { CreateRefused } from './step-fault.ts'
import { runTrainingJob, type TrainingEnd } from './training-job.ts'
import { checkRanges, type Hyperparameters } from './tuning-ranges.ts'
import { type TuningPlan, type TuningRequest, tuningPlan, tuningRequestSchema } from './tuning-request.ts'

/** A hyperparameter tuning job: its trainings are real training jobs, at most `MaxParallelTrainingJobs` at once. */
export const tuningRunner: JobRunner<StepOf<'Tuning'>> = {
  takesJobSlot: false,
  evaluatesArguments: true,
  run: async run => {
    try {
      const { request, plan } = readTuning(run)
      return await runTuning(run, request, plan)
    } catch (error) {
      if (error instanceof CreateRefused) return refusedStep(run, 'CreateHyperParameterTuningJob', error)
      throw error
    }
  },
}

type Summary = Readonly<Record<string, unknown>> & {
  readonly TrainingJobStatus: string
  readonly ObjectiveStatus: string
}

function readTuning(run: StepRun): { request: TuningRequest; plan: TuningPlan } {
  for (const member of ['TrainingJobDefinitions', 'WarmStartConfig', 'Autotune']) {
    if (run.arguments[member] !== undefined)
      throw new CreateRefused(
        `${member} is not run locally yet — one TrainingJobDefinition without it is — leave it out for a local run`,
      )
  }
  const request = readRequest(tuningRequestSchema, run.arguments)
  const { ParameterRanges, HyperParameterTuningJobObjective: objective } = request.HyperParameterTuningJobConfig
  checkRanges(ParameterRanges ?? {})
  const declared = request.TrainingJobDefinition.AlgorithmSpecification.MetricDefinitions ?? []
  if (!declared.some(metric => metric.Name === objective.MetricName)) {
    throw new CreateRefused(
      `The objective metric ${objective.MetricName} is not among the MetricDefinitions of the training job definition`,
    )
  }
  return { request, plan: tuningPlan(request, run.jobName) }
}

async function runTuning(run: StepRun, request: TuningRequest, plan: TuningPlan): Promise<AttemptResult> {
  const now = (): string => run.world.clock.now().toISOString()
  const arn = arnOf(run.execution.region, 'hyper-parameter-tuning-job', run.jobName)
  const metadata = { TuningJob: { Arn: arn } }
  const trainings = new Map<number, Summary>()
  let description: Record<string, unknown> = {
    ...sharedMembers(run.arguments, 'DescribeHyperParameterTuningJobResponse'),
    HyperParameterTuningJobName: run.jobName,
    HyperParameterTuningJobArn: arn,
    HyperParameterTuningJobStatus: 'InProgress',
    // Members of the summary in lists.
    Strategy: request.HyperParameterTuningJobConfig.Strategy,
    ResourceLimits: request.HyperParameterTuningJobConfig.ResourceLimits,
    CreationTime: now(),
  }
  const change = async (changes: Record<string, unknown>): Promise<void> => {
    const all = [...trainings.values()]
    const [best] = ranked(all, request)
    description = {
      ...description,
      ...changes,
      ...(best === undefined ? {} : { BestTrainingJob: best }),
      TrainingJobStatusCounters: {
        Completed: all.filter(one => one.TrainingJobStatus === 'Completed').length,
        InProgress: 0,
        RetryableError: 0,
        NonRetryableError: all.filter(one => one.TrainingJobStatus === 'Failed').length,
        Stopped: all.filter(one => one.TrainingJobStatus === 'Stopped').length,
      },
      ObjectiveStatusCounters: {
        Succeeded: all.filter(one => one.ObjectiveStatus === 'Succeeded').length,
        Pending: 0,
        Failed: all.filter(one => one.ObjectiveStatus === 'Failed').length,
      },
      LastModifiedTime: now(),
    }
    await run.world.jobs.save({
      kind: 'HyperParameterTuningJob',
      name: run.jobName,
      executionArn: run.execution.arn,
      step: run.step.Name,
      description,
    })
  }
  await change({})
  run.executing(metadata)
  const limit = pLimit(request.HyperParameterTuningJobConfig.ResourceLimits.MaxParallelTrainingJobs)
  const indexes = Array.from({ length: plan.trainings }, (_, index) => index)
  await Promise.all(
    indexes.map(index =>
      limit(async () => {
        const summary = await train(run, request, index, plan.hyperparameters(index), arn)
        if (summary === undefined) return
        trainings.set(index, summary)
        await change({})
      }),
    ),
  )
  if (run.signal.aborted) {
    await change({ HyperParameterTuningJobStatus: 'Stopped', HyperParameterTuningEndTime: now() })
    return { status: 'Stopped', metadata }
  }
  const best = ranked([...trainings.values()], request)
  if (best.length === 0) {
    const reason = 'No training job of the tuning job succeeded and gave the objective metric.'
    await change({ HyperParameterTuningJobStatus: 'Failed', FailureReason: reason, HyperParameterTuningEndTime: now() })
    return failedStep(reason, metadata)
  }
  await change({ HyperParameterTuningJobStatus: 'Completed', HyperParameterTuningEndTime: now() })
  // The step's properties are those of both responses; at most the 50 best are told.
  return { status: 'Succeeded', metadata, properties: { ...description, TrainingJobSummaries: best.slice(0, 50) } }
}

/** One training of the tuning job; undefined when the tuning job is being stopped. */
async function train(
  run: StepRun,
  request: TuningRequest,
  index: number,
  tuned: Hyperparameters,
  tuningArn: string,
): Promise<Summary | undefined> {
  const {
    StaticHyperParameters,
    DefinitionName: _name,
    TuningObjective: _objective,
    HyperParameterRanges: _ranges,
    ...definition
  } = request.TrainingJobDefinition
  const objective = request.HyperParameterTuningJobConfig.HyperParameterTuningJobObjective
  const hex = createHash('sha256').update(`${run.jobName}/${index}`).digest('hex').slice(0, 8)
  const jobName = `${run.jobName}-${String(index + 1).padStart(3, '0')}-${hex}`
  const earlier = await run.world.jobs.find('TrainingJob', jobName)
  const status = earlier?.description['TrainingJobStatus']
  // After a crash of the engine the trainings that had ended are not run again.
  if (earlier !== undefined && (status === 'Completed' || status === 'Failed'))
    return summaryOf(earlier.description, tuned, request, run.jobName)
  const giveBack = await run.takeJobSlot()
  if (giveBack === undefined) return undefined
  try {
    const end: TrainingEnd = await runTrainingJob({
      ...run,
      jobName,
      arguments: {
        ...definition,
        HyperParameters: { ...StaticHyperParameters, ...tuned, _tuning_objective_metric: objective.MetricName },
      },
      onCreated: () => {},
      extra: { TuningJobArn: tuningArn },
    })
    return summaryOf(end.description, tuned, request, run.jobName)
  } finally {
    giveBack()
  }
}

function summaryOf(
  job: Readonly<Record<string, unknown>>,
  tuned: Hyperparameters,
  request: TuningRequest,
  tuningName: string,
): Summary {
  const { Type, MetricName } = request.HyperParameterTuningJobConfig.HyperParameterTuningJobObjective
  const metrics = (job['FinalMetricDataList'] ?? []) as readonly { MetricName: string; Value: number }[]
  const value = metrics.find(metric => metric.MetricName === MetricName)?.Value
  const succeeded = job['TrainingJobStatus'] === 'Completed' && value !== undefined
  return {
    TrainingJobName: job['TrainingJobName'],
    TrainingJobArn: job['TrainingJobArn'],
    TuningJobName: tuningName,
    CreationTime: job['CreationTime'],
    TrainingStartTime: job['TrainingStartTime'],
    TrainingEndTime: job['TrainingEndTime'],
    TrainingJobStatus: String(job['TrainingJobStatus']),
    TunedHyperParameters: tuned,
    ...(job['FailureReason'] === undefined ? {} : { FailureReason: job['FailureReason'] }),
    ...(value === undefined ? {} : { FinalHyperParameterTuningJobObjectiveMetric: { Type, MetricName, Value: value } }),
    ObjectiveStatus: succeeded ? 'Succeeded' : 'Failed',
  }
}

/** The trainings that count, best first; of equals the earlier one. */
function ranked(summaries: readonly Summary[], request: TuningRequest): Summary[] {
  const sign = request.HyperParameterTuningJobConfig.HyperParameterTuningJobObjective.Type === 'Maximize' ? -1 : 1
  const valueOf = (summary: Summary): number =>
    (summary['FinalHyperParameterTuningJobObjectiveMetric'] as { Value: number }).Value
  return summaries
    .filter(summary => summary.ObjectiveStatus === 'Succeeded')
    .sort(
      (a, b) =>
        sign * (valueOf(a) - valueOf(b)) || String(a['TrainingJobName']).localeCompare(String(b['TrainingJobName'])),
    )
}
