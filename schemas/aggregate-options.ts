import * as z from 'zod'
import { directionSchema, objectiveSourceSchema } from './evaluation.ts'

/** What the aggregation container is told on its command line. */
export const aggregateOptionsSchema = z.strictObject({
  k: z.int().min(1),
  /** Name of the objective, such as `validation:accuracy`. */
  objective: z.string().min(1),
  direction: directionSchema,
  source: objectiveSourceSchema,
  /** Source `file`: name of the JSON file in the training's output. */
  file: z.string().min(1).optional(),
  /** Source `file`: path of the number in that file, such as `validation.accuracy`. */
  path: z.string().min(1).optional(),
  /**
   * More metrics to summarise beside the objective, comma-joined: names of training metrics (source `metric`), paths in
   * the same file (source `file`).
   */
  metrics: z.string().min(1).optional(),
  /** Go on when at least so many folds have a value of the objective. @default k: every fold must have one */
  minFolds: z.int().min(1).optional(),
  /** CSV in the training's output with the fold's out-of-fold predictions, such as `predictions.csv`. */
  predictions: z.string().min(1).optional(),
})

export type AggregateOptions = z.infer<typeof aggregateOptionsSchema>

/** Flags of the aggregation program, one per option. */
export const aggregateFlags = {
  k: { type: 'string' },
  objective: { type: 'string' },
  direction: { type: 'string' },
  source: { type: 'string' },
  file: { type: 'string' },
  path: { type: 'string' },
  metrics: { type: 'string' },
  minFolds: { type: 'string' },
  predictions: { type: 'string' },
} as const satisfies Record<keyof AggregateOptions, { type: 'string' }>

/** The word of an option on the command line: `minFolds` is `--min-folds`. */
export function aggregateFlagName(option: keyof AggregateOptions): string {
  return option.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}

export function aggregateArguments(options: AggregateOptions): string[] {
  const full = aggregateOptionsSchema.parse(options)
  return (Object.keys(aggregateFlags) as (keyof AggregateOptions)[]).flatMap(name => {
    const value = full[name]
    return value === undefined ? [] : [`--${aggregateFlagName(name)}`, String(value)]
  })
}

/**
 * Folds' values and job names travel as comma-joined environment variables, in chunks, because the service allows
 * 100 variables of at most 256 characters and only 10 processing inputs.
 *
 * A float32 prints in at most 24 characters: 10 with commas need 249. A training job name has at most 63: 4 need 255.
 */
export const foldValues = {
  metric: { variable: (chunk: number) => `FOLD_OBJECTIVES_${chunk}`, perVariable: 10 },
  file: { variable: (chunk: number) => `FOLD_TRAINING_JOBS_${chunk}`, perVariable: 4 },
  /** Source `metric`: the values of `metrics[metric]`. */
  extra: { variable: (chunk: number, metric: number) => `FOLD_METRIC_${metric}_${chunk}`, perVariable: 10 },
} as const

/** Environment variables a processing job may have (CreateProcessingJob, ProcessingEnvironmentMap). */
export const MAX_PROCESSING_ENVIRONMENT = 100
