import type { Args } from '../args.ts'
import { type Expr, makeExpression, type Value } from '../expression.ts'
import type { StringValue } from '../job-options.ts'
import type { CacheableOptions, StepOptions } from '../step.ts'
import { strictRecord } from '../strict-record.ts'
import type { ProcessingArguments } from './processing.ts'

/** What the checks of Clarify and of Model Monitor can be told alike. */
export interface CheckOptions extends StepOptions, CacheableOptions {
  /** The processing job that computes the new baseline. */
  readonly arguments: Args<ProcessingArguments>
  /** Do not compare with the earlier baseline. @default false by the service */
  readonly skipCheck?: Value<boolean>
  /** End the execution as failed when the check finds a violation. @default true by the service */
  readonly failOnViolation?: Value<boolean>
  /** Make the new baseline the one of the model group. @default false by the service */
  readonly registerNewBaseline?: Value<boolean>
  /** The model package group whose latest approved version has the earlier baseline. */
  readonly modelPackageGroup?: StringValue | null
  /** S3 URI of constraints that take the place of the group's. */
  readonly suppliedBaselineConstraints?: StringValue | null
}

export const emitCheck = (type: string, options: CheckOptions) => ({
  CheckType: type,
  ModelPackageGroupName: options.modelPackageGroup,
  SkipCheck: options.skipCheck,
  FailOnViolation: options.failOnViolation,
  RegisterNewBaseline: options.registerNewBaseline,
  SuppliedBaselineConstraints: options.suppliedBaselineConstraints,
})

/** References to the step's baselines: S3 URIs. */
export function referBaselines<N extends string>(
  step: string,
  names: readonly N[],
): { readonly [K in N]: Expr<string> } {
  const references = names.map(name => [name, makeExpression({ Get: `Steps.${step}.${name}` }, 'String')] as const)
  return strictRecord(Object.fromEntries(references), name => `Steps.${step} — it has no member "${name}".`) as {
    readonly [K in N]: Expr<string>
  }
}
