import { z } from 'zod'

export const directionSchema = z.enum(['maximize', 'minimize'])

/** How the folds' values reached the aggregation: as the service's float32 metrics, or from a JSON file of the training. */
export const objectiveSourceSchema = z.enum(['metric', 'file'])

export const objectiveSchema = z.object({
  name: z.string(),
  direction: directionSchema,
  source: objectiveSourceSchema,
  /** What the gate compares: the mean. */
  value: z.number(),
  mean: z.number(),
  /** Population standard deviation over the folds (numpy's default, ddof = 0). */
  std: z.number(),
  /** Sample standard deviation (ddof = 1); 0 for one fold. */
  std_sample: z.number(),
  /** Standard error of the mean: std_sample / sqrt(k). */
  sem: z.number(),
  min: z.number(),
  max: z.number(),
  /** 95 % interval of the mean by Student's t with k - 1 degrees of freedom. */
  ci95: z.tuple([z.number(), z.number()]),
  folds: z.array(
    z.object({
      index: z.int().nonnegative(),
      value: z.number(),
      /** The value as it arrived, when float32 rounding was repaired. */
      reported: z.number().optional(),
      records: z.int().nonnegative().optional(),
    }),
  ),
})

/** A metric in the form of SageMaker's model quality files, so that Studio shows it. */
const registryMetricSchema = z.record(z.string(), z.object({ value: z.number(), standard_deviation: z.number() }))

/** `evaluation.json`: registry metrics in one of three groups, and everything about the objective. */
export const evaluationSchema = z.object({
  binary_classification_metrics: registryMetricSchema.optional(),
  multiclass_classification_metrics: registryMetricSchema.optional(),
  regression_metrics: registryMetricSchema.optional(),
  objective: objectiveSchema,
})

export type Direction = z.infer<typeof directionSchema>
export type Objective = z.infer<typeof objectiveSchema>
export type Evaluation = z.infer<typeof evaluationSchema>
