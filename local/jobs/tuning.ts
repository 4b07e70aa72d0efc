import type { StepOf } from '../../schemas/definition.ts'
import { arnOf } from '../engine/names.ts'
import { failedStep, refusedStep } from './job-end.ts'
import type { AttemptResult, JobRunner, StepRun } from './job-runner.ts'
import { CreateRefused } from './step-fault.ts'
import { judgeCompletion } from './tuning-completion.ts'
import { openTuningRecord } from './tuning-record.ts'
import { lossSign, readTuningRequest, type TuningRequest } from './tuning-request.ts'
import { type TuningPlan, tuningPlan } from './tuning-strategies.ts'
import { earlierTraining, runTuningTraining, type TuningContext, type TuningTraining } from './tuning-training.ts'
import type { Trial } from './tuning-trial.ts'
import { inheritance } from './tuning-warm-start.ts'

/** A hyperparameter tuning job: its trainings are real training jobs, at most `MaxParallelTrainingJobs` at once. */
export const tuningRunner: JobRunner<StepOf<'Tuning'>> = {
  takesJobSlot: false,
  evaluatesArguments: true,
  run: async run => {
    try {
      const request = readTuningRequest(run.arguments)
      const { RandomSeed, ParameterRanges } = request.HyperParameterTuningJobConfig
      const { prior, best } = await inheritance(run.world.jobs, request)
      const seed = String(RandomSeed ?? run.jobName)
      const plan = tuningPlan(request, { ranges: ParameterRanges ?? {}, seed, prior })
      return await runTuning(run, request, plan, best)
    } catch (error) {
      if (error instanceof CreateRefused) return refusedStep(run, 'CreateHyperParameterTuningJob', error)
      throw error
    }
  },
}

async function runTuning(
  run: StepRun,
  request: TuningRequest,
  plan: TuningPlan,
  inherited: readonly Readonly<Record<string, unknown>>[],
): Promise<AttemptResult> {
  const arn = arnOf(run.execution.region, 'hyper-parameter-tuning-job', run.jobName)
  const metadata = { TuningJob: { Arn: arn } }
  const context: TuningContext = { run, request, tuningArn: arn }
  const record = openTuningRecord(context, inherited)
  await record.change({})
  run.executing(metadata)

  const details = await runSearch(context, plan, record.trained)
  const ended = {
    HyperParameterTuningEndTime: run.world.clock.now().toISOString(),
    TuningJobCompletionDetails: details,
  }
  if (run.signal.aborted) {
    await record.change({ HyperParameterTuningJobStatus: 'Stopped', ...ended })
    return { status: 'Stopped', metadata }
  }
  const best = record.ranked()
  if (best.length === 0) {
    const reason = 'No training job of the tuning job succeeded and gave the objective metric.'
    await record.change({ HyperParameterTuningJobStatus: 'Failed', FailureReason: reason, ...ended })
    return failedStep(reason, metadata)
  }
  const description = await record.change({ HyperParameterTuningJobStatus: 'Completed', ...ended })
  // The step's properties are those of both responses; at most the 50 best are told.
  return { status: 'Succeeded', metadata, properties: { ...description, TrainingJobSummaries: best.slice(0, 50) } }
}

/**
 * Starts trainings until there are enough of them, a completion criterion is met, the time is up or the execution is stopped.
 *
 * @returns Members of `TuningJobCompletionDetails`.
 */
async function runSearch(
  context: TuningContext,
  plan: TuningPlan,
  trained: (index: number, training: TuningTraining | 'InProgress') => Promise<void>,
): Promise<Readonly<Record<string, unknown>>> {
  const { run, request } = context
  const { clock } = run.world
  const { ResourceLimits, TuningJobCompletionCriteria: criteria = {} } = request.HyperParameterTuningJobConfig
  const target = criteria.TargetObjectiveMetricValue
  const targetLoss = target === undefined ? undefined : lossSign(request) * target
  const trials = new Map<number, Trial>()
  const ended: Trial[] = []
  let convergedAt: string | undefined
  /** Aborted when nothing more is to be trained. */
  const over = new AbortController()
  const signal = AbortSignal.any([run.signal, over.signal])
  const end = async (index: number, training: TuningTraining): Promise<void> => {
    trials.set(index, training.trial)
    ended.push(training.trial)
    await trained(index, training)
    const { isMet, hasConverged } = judgeCompletion(criteria, ended, targetLoss)
    if (hasConverged) convergedAt ??= clock.now().toISOString()
    if (isMet) over.abort()
  }
  const inOrder = (): Trial[] => [...trials.values()].sort((a, b) => a.index - b.index)

  // After a crash of the engine the trainings that had ended are not run again, and those that had begun keep their values.
  const given = new Map<number, Trial['hyperparameters']>()
  const waiting: number[] = []
  for (let index = 0; index < plan.trainings; index++) {
    const earlier = await earlierTraining(context, index)
    if (earlier?.ended !== undefined) await end(index, earlier.ended)
    else waiting.push(index)
    if (earlier !== undefined) given.set(index, earlier.hyperparameters)
  }
  const train = async (index: number): Promise<void> => {
    const giveBack = await run.takeJobSlot()
    if (giveBack === undefined || signal.aborted) return giveBack?.()
    try {
      const hyperparameters = given.get(index) ?? plan.hyperparameters(index, inOrder())
      trials.set(index, { index, hyperparameters, epochs: [], isOver: false })
      await trained(index, 'InProgress')
      const early = new AbortController()
      const onEpoch = (trial: Trial): void => {
        trials.set(index, trial)
        if (plan.isStopped(trial, inOrder())) early.abort()
      }
      const both = AbortSignal.any([signal, early.signal])
      await end(index, await runTuningTraining(context, index, hyperparameters, both, onEpoch))
    } finally {
      giveBack()
    }
  }
  const worker = async (): Promise<void> => {
    for (let index = waiting.shift(); index !== undefined && !signal.aborted; index = waiting.shift())
      await train(index)
  }
  const limit = ResourceLimits.MaxRuntimeInSeconds
  const done = new AbortController()
  const timer = limit === undefined ? undefined : clock.sleep(limit * 1000, done.signal).then(() => over.abort())
  try {
    await Promise.all(Array.from({ length: ResourceLimits.MaxParallelTrainingJobs }, worker))
  } finally {
    done.abort()
    await timer
  }
  const { notImproving } = judgeCompletion(criteria, ended, targetLoss)
  return {
    NumberOfTrainingJobsObjectiveNotImproving: notImproving,
    ...(convergedAt !== undefined && { ConvergenceDetectedTime: convergedAt }),
  }
}
