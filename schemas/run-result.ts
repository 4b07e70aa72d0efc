import * as z from 'zod'

/** What `foldwise run --json` prints. */
export const runResultSchema = z.object({
  status: z.enum(['Executing', 'Stopping', 'Stopped', 'Failed', 'Succeeded']),
  executionArn: z.string(),
  /** The objective fold by fold; value is null for a fold that gave none. */
  folds: z.array(
    z.object({
      index: z.int(),
      value: z.number().nullable(),
      status: z.string(),
      seconds: z.number().nullable(),
      /** The candidate whose hyperparameters it was trained with, in a nested cross-validation. */
      chosen: z.string().optional(),
    }),
  ),
  /** The candidate of the final training. */
  chosen: z.string().optional(),
  mean: z.number().nullable(),
  /** Population standard deviation. */
  std: z.number().nullable(),
  /** The verdict of the gate; null when it was not reached. */
  passed: z.boolean().nullable(),
  modelPackageArn: z.string().nullable(),
  /** Path of the HTML report on this machine. */
  report: z.string().nullable(),
  seconds: z.number(),
  failureReason: z.string().optional(),
})

export type RunResult = z.infer<typeof runResultSchema>
