import type { StepType } from '../../schemas/definition.ts'
import type { Shape } from '../../schemas/service-model/service-model.ts'
import { stepKind } from '../definition/index.ts'
import { makeReference, mergedShape } from './ref.ts'
import { type CacheableOptions, makeStep, type RetryableOptions, type Step, type StepOptions } from './step.ts'

export interface RequestStepOptions extends StepOptions, CacheableOptions, RetryableOptions {
  readonly arguments?: unknown
  /** Begins the names of the jobs, in a pipeline with `useCustomJobPrefix`. */
  readonly jobNamePrefix?: string
}

interface RequestStepParts {
  /** The arguments; `options.arguments` when left out. */
  readonly arguments?: unknown
  readonly members?: Readonly<Record<string, unknown>>
  /** What the step gives beside the service's Describe response: member to shape. */
  readonly more?: Readonly<Record<string, Shape>>
}

/** A step whose arguments are a request of the service and whose properties are its Describe response. */
export function requestStep<P>(
  type: StepType,
  name: string,
  options: RequestStepOptions,
  parts: RequestStepParts = {},
) {
  const kind = stepKind(type)
  const { arguments: request = options.arguments, members, more = {} } = parts
  const prefix = kind?.nameMember && options.jobNamePrefix ? { [kind.nameMember]: options.jobNamePrefix } : {}
  const local = Object.keys(more).map(member => [member, member] as const)
  return makeStep(name, {
    type,
    arguments: { ...prefix, ...(request as object) },
    options,
    ...(members && { members }),
    properties: makeReference(name, mergedShape(kind?.properties ?? [], Object.fromEntries(local)), {
      shapes: more,
    }) as P,
  }) satisfies Step<P>
}
