import { type Text, text } from '../emit.ts'
import { makeStep, type Step, type StepOptions } from '../step.ts'

export interface FailOptions extends StepOptions {
  /** Why; shown as the step's failure reason, up to 3072 characters. */
  readonly message: Text
}

/** Has nothing that can be read, and nothing may depend on it. */
export type FailStep = Step<Record<never, never>>

/** A step that ends the execution as failed. */
export function failStep(name: string, options: FailOptions): FailStep {
  return makeStep(name, {
    type: 'Fail',
    arguments: { ErrorMessage: text(options.message) },
    options,
    properties: Object.freeze({}),
  })
}
