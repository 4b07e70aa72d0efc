import type { Expr } from '../expression.ts'
import type { StringValue } from '../job-options.ts'
import { makeStep, type Step } from '../step.ts'
import { type CheckOptions, emitCheck, referBaselines } from './check-options.ts'

export interface QualityCheckOptions extends CheckOptions {
  readonly check: 'DATA_QUALITY' | 'MODEL_QUALITY'
  /** S3 URI of statistics that take the place of the group's. */
  readonly suppliedBaselineStatistics?: StringValue | null
}

const baselines = [
  'CalculatedBaselineStatistics',
  'CalculatedBaselineConstraints',
  'BaselineUsedForDriftCheckStatistics',
  'BaselineUsedForDriftCheckConstraints',
] as const

export type QualityCheckStep = Step<{ readonly [K in (typeof baselines)[number]]: Expr<string> }>

/** A step that examines the quality of data or of a model's predictions and compares with an earlier baseline. */
export const qualityCheckStep = (name: string, options: QualityCheckOptions): QualityCheckStep =>
  makeStep(name, {
    type: 'QualityCheck',
    arguments: options.arguments,
    options,
    members: {
      ...emitCheck(options.check, options),
      SuppliedBaselineStatistics: options.suppliedBaselineStatistics,
    },
    properties: referBaselines(name, baselines),
  })
