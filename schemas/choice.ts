import * as z from 'zod'
import { directionSchema } from './evaluation.ts'

/** `choice.json`: which candidate's mean over the folds is the best. A property file of the step that chooses. */
export const choiceSchema = z.object({
  version: z.literal(1),
  /** Name of the chosen candidate; of equal means the first. */
  candidate: z.string(),
  objective: z.object({ name: z.string(), direction: directionSchema, mean: z.number() }),
  /** Of the chosen candidate, as text: what a training step's hyperparameters are. */
  hyperparameters: z.record(z.string(), z.string()),
  /** Every candidate in the order in which they were given, with its value of every fold. */
  candidates: z.array(z.object({ name: z.string(), mean: z.number(), values: z.array(z.number()) })),
})

export type Choice = z.infer<typeof choiceSchema>
