import { CreateRefused } from './step-fault.ts'
import { bayesianHyperparameters, type SearchHistory } from './tuning-bayesian.ts'
import { isBelowMedian } from './tuning-early-stopping.ts'
import { type HyperbandResource, isStoppedByHyperband } from './tuning-hyperband.ts'
import { gridHyperparameters, type Hyperparameters, randomHyperparameters } from './tuning-ranges.ts'
import type { TuningRequest } from './tuning-request.ts'
import type { Trial } from './tuning-trial.ts'

/** How a tuning job searches. What it gives depends on the request, the seed and the history, on nothing else. */
export interface TuningPlan {
  /** At most so many trainings. */
  readonly trainings: number
  /** Of the training with this number. */
  readonly hyperparameters: (index: number, trials: readonly Trial[]) => Hyperparameters
  /** Asked after every epoch of a training that runs. */
  readonly isStopped: (trial: Trial, trials: readonly Trial[]) => boolean
}

type Config = TuningRequest['HyperParameterTuningJobConfig']
type Search = Pick<SearchHistory, 'ranges' | 'seed' | 'prior'>
type Strategy = (request: TuningRequest, search: Search) => TuningPlan

/** One entry per strategy. */
const strategies = {
  Random: ({ HyperParameterTuningJobConfig: config }, { ranges, seed }) => ({
    trainings: limitOf(config),
    hyperparameters: index => randomHyperparameters(ranges, seed, index),
    isStopped: earlyStopping(config),
  }),
  Bayesian: ({ HyperParameterTuningJobConfig: config }, search) => ({
    trainings: limitOf(config),
    hyperparameters: (index, trials) => bayesianHyperparameters({ ...search, trials }, index),
    isStopped: earlyStopping(config),
  }),
  Grid: ({ HyperParameterTuningJobConfig: config }, { ranges }) => {
    if ((ranges.IntegerParameterRanges ?? []).length + (ranges.ContinuousParameterRanges ?? []).length > 0) {
      throw new CreateRefused('The Grid strategy takes categorical parameter ranges only')
    }
    const rows = gridHyperparameters(ranges)
    const limit = config.ResourceLimits.MaxNumberOfTrainingJobs
    if (limit !== undefined && limit !== rows.length) {
      throw new CreateRefused(
        `MaxNumberOfTrainingJobs is ${limit}, but the grid has ${rows.length} combinations; leave it out or give that number`,
      )
    }
    return { trainings: rows.length, hyperparameters: index => rows[index] ?? {}, isStopped: earlyStopping(config) }
  },
  Hyperband: (request, { ranges, seed }) => {
    const config = request.HyperParameterTuningJobConfig
    if (config.TrainingJobEarlyStoppingType === 'Auto') {
      throw new CreateRefused(
        'TrainingJobEarlyStoppingType must be Off for the Hyperband strategy, which stops early itself',
      )
    }
    const resource = resourceOf(request)
    return {
      trainings: limitOf(config),
      hyperparameters: index => randomHyperparameters(ranges, seed, index),
      isStopped: (trial, trials) => isStoppedByHyperband(trial, trials, resource, seed),
    }
  },
} satisfies Record<Config['Strategy'], Strategy>

/** @throws CreateRefused for a request that does not fit its strategy. */
export function tuningPlan(request: TuningRequest, search: Search): TuningPlan {
  return strategies[request.HyperParameterTuningJobConfig.Strategy](request, search)
}

function limitOf({ Strategy, ResourceLimits }: Config): number {
  const limit = ResourceLimits.MaxNumberOfTrainingJobs
  if (limit === undefined) throw new CreateRefused(`MaxNumberOfTrainingJobs is required for the ${Strategy} strategy`)
  return limit
}

const earlyStopping = ({ TrainingJobEarlyStoppingType }: Config): TuningPlan['isStopped'] =>
  TrainingJobEarlyStoppingType === 'Auto' ? isBelowMedian : () => false

/** Source: API reference, HyperbandStrategyConfig: these names, and this largest number of epochs. */
const epochNames = ['epochs', 'numepochs', 'n-epochs', 'n_epochs', 'num_epochs']
const mostEpochs = 20_000

function resourceOf(request: TuningRequest): HyperbandResource {
  const given = request.HyperParameterTuningJobConfig.StrategyConfig?.HyperbandStrategyConfig ?? {}
  const fixed = request.TrainingJobDefinition.StaticHyperParameters ?? {}
  const named = epochNames.map(name => Number(fixed[name])).find(epochs => Number.isInteger(epochs) && epochs > 0)
  const min = given.MinResource ?? 1
  const max = given.MaxResource ?? named
  if (max === undefined) {
    throw new CreateRefused(
      `MaxResource of HyperbandStrategyConfig is missing and no static hyperparameter tells it; give it, or one of ${epochNames.join(', ')}`,
    )
  }
  if (min >= max || max > mostEpochs) {
    throw new CreateRefused(
      `MinResource ${min} and MaxResource ${max} of HyperbandStrategyConfig are no range; MinResource must be smaller, and MaxResource at most ${mostEpochs}`,
    )
  }
  return { min, max }
}
