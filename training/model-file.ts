import * as z from 'zod'

const kernelSchema = z.enum(['linear', 'poly', 'rbf', 'sigmoid'])

/** `model.json`: everything that predicting needs, and what scikit-learn's fitted SVC would tell. */
export const svmModelSchema = z.object({
  version: z.literal(1),
  hyperparameters: z.object({
    C: z.number(),
    kernel: kernelSchema,
    /** As it was asked for. */
    gamma: z.union([z.number(), z.enum(['scale', 'auto'])]),
    degree: z.number(),
    coef0: z.number(),
    tol: z.number(),
  }),
  /** The number behind `scale` and `auto`. */
  gamma: z.number(),
  /** In the order of libsvm's labels 0, 1, … */
  classes: z.array(z.string()).min(2),
  /** Names of the feature columns, or their indices when there was no header. */
  features: z.array(z.string()).min(1),
  /** Support vectors per class, in the order of `classes` (scikit-learn's `n_support_`). */
  supportVectors: z.array(z.int().nonnegative()),
  /** A libsvm model file whose numbers read back exactly; `svm-predict` takes it too. */
  libsvm: z.string(),
})

export type SvmModel = z.infer<typeof svmModelSchema>
