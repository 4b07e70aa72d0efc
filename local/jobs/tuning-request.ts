import * as z from 'zod'
import {
  gridHyperparameters,
  type Hyperparameters,
  randomHyperparameters,
  rangesSchema,
  type Ranges,
} from './tuning-ranges.ts'
import { CreateRefused } from './step-fault.ts'

const count = z.coerce.number().int().min(1)

const objectiveSchema = z.looseObject({ Type: z.enum(['Maximize', 'Minimize']), MetricName: z.string() })

/** What the local run reads of CreateHyperParameterTuningJob. */
export const tuningRequestSchema = z.looseObject({
  HyperParameterTuningJobConfig: z.looseObject({
    Strategy: z.string(),
    HyperParameterTuningJobObjective: objectiveSchema,
    ResourceLimits: z.looseObject({ MaxNumberOfTrainingJobs: count.optional(), MaxParallelTrainingJobs: count }),
    ParameterRanges: rangesSchema.optional(),
    RandomSeed: z.coerce.number().int().min(0).optional(),
  }),
  TrainingJobDefinition: z.looseObject({
    StaticHyperParameters: z.record(z.string(), z.string()).optional(),
    AlgorithmSpecification: z.looseObject({
      MetricDefinitions: z.array(z.looseObject({ Name: z.string(), Regex: z.string() })).optional(),
    }),
  }),
})

export type TuningRequest = z.infer<typeof tuningRequestSchema>

/** The trainings of a tuning job: how many, and the hyperparameters of each, which depend on nothing but the request and the seed. */
export interface TuningPlan {
  readonly trainings: number
  readonly hyperparameters: (index: number) => Hyperparameters
}

type Strategy = (ranges: Ranges, limit: number | undefined, seed: string) => TuningPlan

/** One entry per strategy that runs here. */
const strategies: Readonly<Record<string, Strategy>> = {
  Random: (ranges, limit, seed) => {
    if (limit === undefined) throw new CreateRefused('MaxNumberOfTrainingJobs is required for the Random strategy')
    return { trainings: limit, hyperparameters: index => randomHyperparameters(ranges, seed, index) }
  },
  Grid: (ranges, limit) => {
    if ((ranges.IntegerParameterRanges ?? []).length + (ranges.ContinuousParameterRanges ?? []).length > 0) {
      throw new CreateRefused('The Grid strategy takes categorical parameter ranges only')
    }
    const rows = gridHyperparameters(ranges)
    if (limit !== undefined && limit !== rows.length) {
      throw new CreateRefused(
        `MaxNumberOfTrainingJobs is ${limit}, but the grid has ${rows.length} combinations; leave it out or give that number`,
      )
    }
    return { trainings: rows.length, hyperparameters: index => rows[index] ?? {} }
  },
}

/** @throws CreateRefused for a strategy that is not run here, or that the ranges do not fit. */
export function tuningPlan(request: TuningRequest, jobName: string): TuningPlan {
  const { Strategy, ParameterRanges, ResourceLimits, RandomSeed } = request.HyperParameterTuningJobConfig
  const strategy = Object.hasOwn(strategies, Strategy) ? strategies[Strategy] : undefined
  if (strategy === undefined) {
    throw new CreateRefused(
      `Strategy ${Strategy} is not run locally yet — ${Object.keys(strategies).join(' and ')} are — use one of them for a local run`,
    )
  }
  return strategy(ParameterRanges ?? {}, ResourceLimits.MaxNumberOfTrainingJobs, String(RandomSeed ?? jobName))
}
