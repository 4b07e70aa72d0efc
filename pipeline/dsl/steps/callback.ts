import type { AnyArgs } from '../args.ts'
import { type CacheableOptions, makeStep, type Step, type StepOptions } from '../step.ts'
import { emitOutputs, type OutputProperties, type OutputTypes, referOutputs } from './output-parameters.ts'

export interface CallbackOptions<O extends OutputTypes> extends StepOptions, CacheableOptions {
  /** URL of the SQS queue that gets the message with the token; a literal, the service takes no expression in its place. */
  readonly queue: string
  /** What the message carries beside the token. */
  readonly inputs?: { readonly [name: string]: AnyArgs | undefined }
  /** What `SendPipelineExecutionStepSuccess` gives back, by name and type. */
  readonly outputs?: O
}

export type CallbackStep<O extends OutputTypes = OutputTypes> = Step<OutputProperties<O>>

/** A step that sends a message to a queue and waits until somebody answers with its token. */
export function callbackStep<const O extends OutputTypes = Record<never, never>>(
  name: string,
  options: CallbackOptions<O>,
): CallbackStep<O> {
  return makeStep(name, {
    type: 'Callback',
    arguments: options.inputs ?? {},
    options,
    members: { SqsQueueUrl: options.queue, OutputParameters: emitOutputs(options.outputs) },
    properties: referOutputs(name, options.outputs),
  })
}
