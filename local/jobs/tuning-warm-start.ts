import { isDeepStrictEqual } from 'node:util'
import type { JobBook, JobRecord } from './job-book.ts'
import { CreateRefused } from './step-fault.ts'
import { dimensionsOf, type Hyperparameters } from './tuning-ranges.ts'
import { lossSign, type TuningRequest } from './tuning-request.ts'
import type { Observation } from './tuning-trial.ts'

/** What a tuning job takes over from its parents. */
export interface Inheritance {
  readonly prior: readonly Observation[]
  /** The parents' best trainings; of a transfer none, because values on other data say nothing about these. */
  readonly best: readonly Readonly<Record<string, unknown>>[]
}

/**
 * Reads the parents of a warm start.
 *
 * Source: Developer Guide, "Run a Warm Start Hyperparameter Tuning Job": 1 to 5 parents that have ended, with the same
 * objective; IdenticalDataAndAlgorithm has the same training image, the same input data and as many hyperparameters.
 *
 * @throws CreateRefused for a parent that cannot be one.
 */
export async function inheritance(jobs: JobBook, request: TuningRequest): Promise<Inheritance> {
  const warm = request.WarmStartConfig
  if (warm === undefined) return { prior: [], best: [] }
  const isTransfer = warm.WarmStartType === 'TransferLearning'
  const prior: Observation[] = []
  const best: Readonly<Record<string, unknown>>[] = []
  const trainings = await jobs.entries('TrainingJob')
  for (const [index, { HyperParameterTuningJobName: name }] of warm.ParentHyperParameterTuningJobs.entries()) {
    const parent = await jobs.find('HyperParameterTuningJob', name)
    checkParent(parent, name, request)
    const own = trainings.filter(({ tuningArn }) => tuningArn === parent.description['HyperParameterTuningJobArn'])
    const records = await Promise.all(own.map(({ name: training }) => jobs.find('TrainingJob', training)))
    const source = isTransfer ? index + 1 : 0
    // Oldest first, so that the same parents give the same search.
    const results = records.toReversed().map(record => record && resultOf(record.description, request, source))
    prior.push(...results.filter(result => result !== undefined))
    const top = parent.description['OverallBestTrainingJob'] ?? parent.description['BestTrainingJob']
    if (!isTransfer && top !== undefined) best.push(top as Readonly<Record<string, unknown>>)
  }
  return { prior, best }
}

function checkParent(parent: JobRecord | undefined, name: string, request: TuningRequest): asserts parent {
  const refuse = (why: string): CreateRefused => new CreateRefused(`The parent tuning job ${name} ${why}`)
  if (parent === undefined) throw refuse('does not exist')
  const { description } = parent
  if (description['HyperParameterTuningJobStatus'] === 'InProgress') throw refuse('has not ended yet')
  const earlier = description as Partial<TuningRequest>
  const theirs = earlier.HyperParameterTuningJobConfig?.HyperParameterTuningJobObjective
  const mine = request.HyperParameterTuningJobConfig.HyperParameterTuningJobObjective
  if (theirs?.MetricName !== mine.MetricName || theirs.Type !== mine.Type)
    throw refuse(`has the objective ${theirs?.Type} ${theirs?.MetricName}, not ${mine.Type} ${mine.MetricName}`)
  if (request.WarmStartConfig?.WarmStartType === 'TransferLearning') return
  const definition = earlier.TrainingJobDefinition
  const { AlgorithmSpecification, InputDataConfig } = request.TrainingJobDefinition
  if (definition?.AlgorithmSpecification.TrainingImage !== AlgorithmSpecification.TrainingImage)
    throw refuse('has another training image; IdenticalDataAndAlgorithm needs the same one, TransferLearning does not')
  if (!isDeepStrictEqual(definition?.InputDataConfig, InputDataConfig))
    throw refuse('has other input data; IdenticalDataAndAlgorithm needs the same, TransferLearning does not')
  if (definition !== undefined && namesOf(earlier as TuningRequest) !== namesOf(request)) {
    throw refuse(
      `has ${namesOf(earlier as TuningRequest)} static and tuned hyperparameters and this one ${namesOf(request)}; IdenticalDataAndAlgorithm needs as many`,
    )
  }
}

function namesOf(request: TuningRequest): number {
  const ranges = request.HyperParameterTuningJobConfig.ParameterRanges ?? {}
  return dimensionsOf(ranges).length + Object.keys(request.TrainingJobDefinition.StaticHyperParameters ?? {}).length
}

/** A hyperparameter that is tuned now may have been static: all are told. */
function resultOf(
  job: Readonly<Record<string, unknown>>,
  request: TuningRequest,
  source: number,
): Observation | undefined {
  const { MetricName } = request.HyperParameterTuningJobConfig.HyperParameterTuningJobObjective
  const metrics = (job['FinalMetricDataList'] ?? []) as readonly { MetricName: string; Value: number }[]
  const value = metrics.find(metric => metric.MetricName === MetricName)?.Value
  if (value === undefined || job['TrainingJobStatus'] === 'Failed') return undefined
  return {
    hyperparameters: (job['HyperParameters'] ?? {}) as Hyperparameters,
    loss: lossSign(request) * value,
    source,
  }
}
