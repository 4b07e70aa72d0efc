import type { StepType } from '../../../schemas/definition.ts'
import type { AnyArgs } from '../args.ts'
import type { Expr } from '../expression.ts'
import { reference } from '../reference.ts'
import { type CacheableOptions, makeStep, type RetryableOptions, type Step, type StepOptions } from '../step.ts'

export interface RawOptions extends StepOptions, CacheableOptions, RetryableOptions {
  /** AWS's `Type`; any text, so that a step type of tomorrow needs no new version of Foldwise. */
  readonly type: StepType | (string & Record<never, never>)
  /** The step's `Arguments`: JSON with references anywhere. */
  readonly arguments: Readonly<Record<string, AnyArgs>>
  /** Further members of the step, such as `FunctionArn`. */
  readonly members?: Readonly<Record<string, AnyArgs>>
}

export interface RawStep extends Step {
  /** A reference by its path, such as `ModelArtifacts.S3ModelArtifacts`; nothing checks it. */
  property<T = string>(path: string): Expr<T>
}

/** The way to a step type, or a member of one, that Foldwise does not know yet. `validate` still judges what it knows. */
export function rawStep(name: string, options: RawOptions): RawStep {
  const step = makeStep(name, {
    type: options.type,
    arguments: options.arguments,
    options,
    ...(options.members && { members: options.members }),
    properties: undefined,
  })
  return Object.freeze({
    ...step,
    property: <T>(path: string) => reference<T>(`Steps.${name}${path.startsWith('[') ? '' : '.'}${path}`),
  })
}
