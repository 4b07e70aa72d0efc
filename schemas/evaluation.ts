import * as z from 'zod'
import { directions } from './direction.ts'

export const directionSchema = z.enum(directions)

/** How the folds' values reached the aggregation: as the service's float32 metrics, or from a JSON file of the training. */
export const objectiveSourceSchema = z.enum(['metric', 'file'])

const interval = z.tuple([z.number(), z.number()])

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
  ci95: interval,
  /** Mean weighted by the folds' validation records. */
  weighted_mean: z.number().optional(),
  /** 95 % interval that allows for the folds' common training records (Nadeau and Bengio 2003); wider than `ci95`. */
  ci95_corrected: interval.optional(),
  /** The fold with the worst value in the objective's direction, the first of equals. */
  worst: z.object({ index: z.int().nonnegative(), value: z.number() }).optional(),
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
const registryMetricSchema = z.record(
  z.string(),
  z.union([
    /** The deviation over the folds; "NaN", as AWS writes it, for a metric of all records at once. */
    z.object({ value: z.number(), standard_deviation: z.union([z.number(), z.literal('NaN')]) }),
    /** `confusion_matrix`: records by true class and predicted class. */
    z.record(z.string(), z.record(z.string(), z.number())),
    /** Curves, such as `receiver_operating_characteristic_curve`. */
    z.record(z.string(), z.array(z.number())),
  ]),
)

/** A metric beside the objective; a fold that gave none is not in `folds`. */
const extraMetricSchema = objectiveSchema
  .pick({ name: true, mean: true, std: true, std_sample: true, sem: true, min: true, max: true, ci95: true })
  .extend({ folds: z.array(z.object({ index: z.int().nonnegative(), value: z.number() })) })

/** This model and the champion on the same folds. A positive difference is better, whatever the direction. */
const championSchema = z.object({
  comparable: z.boolean(),
  /** Why they are not comparable. */
  reason: z.string().optional(),
  champion_mean: z.number(),
  mean_difference: z.number().optional(),
  /** 95 % interval of the mean difference, corrected as `ci95_corrected` is. */
  ci95: interval.optional(),
  /** Two-sided p of the corrected resampled t-test; 1 when all differences are 0. */
  p_value: z.number().optional(),
  wins: z.int().optional(),
  ties: z.int().optional(),
  losses: z.int().optional(),
  folds: z
    .array(z.object({ index: z.int(), value: z.number(), champion: z.number(), difference: z.number() }))
    .optional(),
})

const curveSchema = z.object({
  /** The class whose records are the positives. */
  positive: z.string(),
  area: z.number(),
  /** At most some hundred points, the corners kept. */
  points: z.array(z.tuple([z.number(), z.number()])),
})

/** Whether scores are probabilities, of one class against the rest. */
const calibrationSchema = z.object({
  positive: z.string(),
  /** Tenths of the scores that have records: their mean score, and the share of records that are positive. */
  bins: z.array(z.object({ score: z.number(), share: z.number(), records: z.int() })),
  /** Mean distance of score and share, weighted by records. */
  expected_calibration_error: z.number(),
  /** Mean squared distance of score and outcome. */
  brier: z.number(),
})

/** Metrics over all records at once, each predicted by the model that had not seen it. */
const pooledSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('classification'),
    records: z.int(),
    accuracy: z.number(),
    macro_f1: z.number(),
    classes: z.array(
      z.object({ name: z.string(), precision: z.number(), recall: z.number(), f1: z.number(), support: z.int() }),
    ),
    /** Rows are true classes, columns predicted ones, in the order of `classes`. */
    confusion_matrix: z.array(z.array(z.int())),
    /** False positive rate, true positive rate; area is the AUC. */
    roc: z.array(curveSchema),
    /** Recall, precision; area is the average precision. */
    precision_recall: z.array(curveSchema),
    /** Only when all scores are numbers from 0 to 1. */
    calibration: z.array(calibrationSchema).optional(),
  }),
  z.object({
    kind: z.literal('regression'),
    records: z.int(),
    mae: z.number(),
    mse: z.number(),
    rmse: z.number(),
    /** null when the labels do not vary. */
    r2: z.number().nullable(),
    /** Prediction and residual (label minus prediction) of some thousand records at most, evenly taken. */
    residuals: z.array(z.tuple([z.number(), z.number()])),
  }),
])

/** `evaluation.json`: registry metrics in one of three groups, and everything about the objective. */
export const evaluationSchema = z.object({
  binary_classification_metrics: registryMetricSchema.optional(),
  multiclass_classification_metrics: registryMetricSchema.optional(),
  regression_metrics: registryMetricSchema.optional(),
  objective: objectiveSchema,
  /** The certificate's digest: equal digests mean equal folds. */
  folds_digest: z.string().optional(),
  metrics: z.array(extraMetricSchema).optional(),
  /** Folds that gave no value, when fewer than all were enough. */
  missing_folds: z.array(z.object({ index: z.int().nonnegative(), reason: z.string() })).optional(),
  champion: championSchema.optional(),
  pooled: pooledSchema.optional(),
})

export type Objective = z.infer<typeof objectiveSchema>
export type Evaluation = z.infer<typeof evaluationSchema>
export type ChampionComparison = z.infer<typeof championSchema>
export type ExtraMetric = z.infer<typeof extraMetricSchema>
export type RegistryGroup = z.infer<typeof registryMetricSchema>
export type Calibration = z.infer<typeof calibrationSchema>
export type Curve = z.infer<typeof curveSchema>
export type PooledMetrics = z.infer<typeof pooledSchema>
