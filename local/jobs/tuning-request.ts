import * as z from 'zod'
import { readRequest } from './request.ts'
import { CreateRefused } from './step-fault.ts'
import { checkRanges, rangesSchema } from './tuning-ranges.ts'

const count = z.coerce.number().int().min(1)

const objectiveSchema = z.looseObject({ Type: z.enum(['Maximize', 'Minimize']), MetricName: z.string() })

const completionSchema = z.looseObject({
  TargetObjectiveMetricValue: z.coerce.number().optional(),
  BestObjectiveNotImproving: z
    .looseObject({ MaxNumberOfTrainingJobsNotImproving: z.coerce.number().int().min(3).optional() })
    .optional(),
  ConvergenceDetected: z.looseObject({ CompleteOnConvergence: z.enum(['Enabled', 'Disabled']).optional() }).optional(),
})

export type CompletionCriteria = z.infer<typeof completionSchema>

const warmStartSchema = z.looseObject({
  ParentHyperParameterTuningJobs: z
    .array(z.looseObject({ HyperParameterTuningJobName: z.string() }))
    .min(1)
    .max(5),
  WarmStartType: z.enum(['IdenticalDataAndAlgorithm', 'TransferLearning']),
})

/** What the local run reads of CreateHyperParameterTuningJob. */
const tuningRequestSchema = z.looseObject({
  HyperParameterTuningJobConfig: z.looseObject({
    Strategy: z.enum(['Bayesian', 'Random', 'Grid', 'Hyperband']),
    StrategyConfig: z
      .looseObject({
        HyperbandStrategyConfig: z
          .looseObject({ MinResource: count.optional(), MaxResource: count.optional() })
          .optional(),
      })
      .optional(),
    HyperParameterTuningJobObjective: objectiveSchema,
    ResourceLimits: z.looseObject({
      MaxNumberOfTrainingJobs: count.optional(),
      MaxParallelTrainingJobs: count,
      MaxRuntimeInSeconds: z.coerce.number().int().min(120).max(15_768_000).optional(),
    }),
    ParameterRanges: rangesSchema.optional(),
    TrainingJobEarlyStoppingType: z.enum(['Off', 'Auto']).optional(),
    TuningJobCompletionCriteria: completionSchema.optional(),
    RandomSeed: z.coerce.number().int().min(0).optional(),
  }),
  TrainingJobDefinition: z.looseObject({
    StaticHyperParameters: z.record(z.string(), z.string()).optional(),
    AlgorithmSpecification: z.looseObject({
      TrainingImage: z.string().optional(),
      MetricDefinitions: z.array(z.looseObject({ Name: z.string(), Regex: z.string() })).optional(),
    }),
    InputDataConfig: z.unknown().optional(),
  }),
  WarmStartConfig: warmStartSchema.optional(),
})

export type TuningRequest = z.infer<typeof tuningRequestSchema>

/** Members that are not run here; each with what would be right. */
const notRun = {
  TrainingJobDefinitions: 'one TrainingJobDefinition is',
  Autotune: 'ranges and strategy given by the request are',
}

/** @throws CreateRefused for what the service would refuse, or what is not run here. */
export function readTuningRequest(request: Readonly<Record<string, unknown>>): TuningRequest {
  for (const [member, instead] of Object.entries(notRun)) {
    if (request[member] !== undefined)
      throw new CreateRefused(`${member} is not run locally yet — ${instead} — leave it out for a local run`)
  }
  const read = readRequest(tuningRequestSchema, request)
  const { ParameterRanges, HyperParameterTuningJobObjective: objective } = read.HyperParameterTuningJobConfig
  if (ParameterRanges?.['AutoParameters'] !== undefined)
    throw new CreateRefused('AutoParameters are not run locally yet — ranges are — give each of them a range')
  checkRanges(ParameterRanges ?? {})
  const declared = read.TrainingJobDefinition.AlgorithmSpecification.MetricDefinitions ?? []
  if (!declared.some(metric => metric.Name === objective.MetricName)) {
    throw new CreateRefused(
      `The objective metric ${objective.MetricName} is not among the MetricDefinitions of the training job definition`,
    )
  }
  return read
}

/** Losses are the objective's values with this sign: smaller is better. */
export const lossSign = (request: TuningRequest): 1 | -1 =>
  request.HyperParameterTuningJobConfig.HyperParameterTuningJobObjective.Type === 'Maximize' ? -1 : 1
