import type { Expr } from '../expression.ts'
import type { StringValue } from '../job-options.ts'
import { makeStep, type Step } from '../step.ts'
import { type CheckOptions, emitCheck, referBaselines } from './check-options.ts'

export type ClarifyCheckOptions = CheckOptions &
  (
    | { readonly check: 'DATA_BIAS'; readonly model?: never }
    | {
        readonly check: 'MODEL_BIAS' | 'MODEL_EXPLAINABILITY'
        /** Name of the model whose predictions are examined. */
        readonly model: StringValue
      }
  )

export type ClarifyCheckStep = Step<{
  readonly CalculatedBaselineConstraints: Expr<string>
  readonly BaselineUsedForDriftCheckConstraints: Expr<string>
}>

/** A step that examines data or a model for bias, or explains a model, and compares with an earlier baseline. */
export const clarifyCheckStep = (name: string, options: ClarifyCheckOptions): ClarifyCheckStep =>
  makeStep(name, {
    type: 'ClarifyCheck',
    arguments: options.arguments,
    options,
    members: { ...emitCheck(options.check, options), ModelName: options.model },
    properties: referBaselines(name, ['CalculatedBaselineConstraints', 'BaselineUsedForDriftCheckConstraints']),
  })
