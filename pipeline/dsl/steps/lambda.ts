import type { AnyArgs } from '../args.ts'
import { type CacheableOptions, makeStep, type Step, type StepOptions } from '../step.ts'
import { emitOutputs, type OutputProperties, type OutputTypes, referOutputs } from './output-parameters.ts'

export interface LambdaOptions<O extends OutputTypes> extends StepOptions, CacheableOptions {
  /** ARN of the function; a literal, the service takes no expression in its place. */
  readonly function: string
  /** What the function gets as its event. */
  readonly inputs?: { readonly [name: string]: AnyArgs | undefined }
  /** What the function returns at the top of its result, by name and type. */
  readonly outputs?: O
}

export type LambdaStep<O extends OutputTypes = OutputTypes> = Step<OutputProperties<O>>

/** A step that calls a Lambda function and waits for its result, at most 10 minutes. */
export function lambdaStep<const O extends OutputTypes = Record<never, never>>(
  name: string,
  options: LambdaOptions<O>,
): LambdaStep<O> {
  return makeStep(name, {
    type: 'Lambda',
    arguments: options.inputs ?? {},
    options,
    members: { FunctionArn: options.function, OutputParameters: emitOutputs(options.outputs) },
    properties: referOutputs(name, options.outputs),
  })
}
