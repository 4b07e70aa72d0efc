import type { Step as DocumentStep } from '../../schemas/definition.ts'
import type { Asset } from './asset.ts'
import { noteExpressions } from '../definition/index.ts'
import { emitMembers } from './emit.ts'
import { hasKind } from './expression.ts'
import { mistake, show } from './mistake.ts'
import { captureStack, originOf } from './origin.ts'
import { emitRetryPolicies, type ExceptionType, type RetryPolicy } from './retry.ts'

/** A step of a pipeline: frozen data, made by a function such as `trainingStep`. */
export interface Step<P = unknown> {
  readonly kind: 'foldwise.step'
  readonly name: string
  /** AWS's `Type`. */
  readonly type: string
  /** References to what the step gives when it has finished; reading one makes the reader wait for the step. */
  readonly properties: P
  /** The step as the definition has it, branches included. */
  readonly definition: DocumentStep
  /** Steps of both branches of a condition, or the body of a ForEach. */
  readonly inside: readonly Step[]
  /** Files that must lie in S3 before the step runs. */
  readonly assets: readonly Asset[]
  /** `file:line` of the program that made the step. */
  readonly at: string | undefined
}

/** What every step can be told. */
export interface StepOptions {
  readonly displayName?: string
  readonly description?: string
  /** Steps to wait for that the step does not read from: reading a property already waits. */
  readonly dependsOn?: readonly (Step | string)[]
  /** Files that must lie in S3 before the step runs, such as its code; an upsert uploads them. */
  readonly assets?: readonly Asset[]
}

export interface CacheableOptions {
  /** Reuse the result of an earlier successful run with the same arguments, not older than `expireAfter` (ISO 8601, such as `P30D`). */
  readonly cache?: { readonly expireAfter: string; readonly enabled?: boolean } | false
}

export interface RetryableOptions<E extends ExceptionType = ExceptionType> {
  /** When a failed step is tried again; the first policy that names the exception counts. */
  readonly retry?: RetryPolicy<E> | readonly RetryPolicy<E>[]
}

interface StepParts<P> {
  readonly type: string
  readonly arguments: unknown
  readonly options: StepOptions & CacheableOptions & RetryableOptions
  /** Members of the step beside `Arguments`, such as `PropertyFiles`. */
  readonly members?: Readonly<Record<string, unknown>>
  readonly properties: P
  readonly inside?: readonly Step[]
}

/**
 * Says whether a step is written in our words (`essential` is given) or as the verbatim request.
 *
 * @throws UserError when it is neither, which the compiler refuses too
 */
export function isConciseForm(name: string, options: { readonly arguments?: unknown }, essential: string): boolean {
  if (Reflect.get(options, essential) !== undefined) return true
  if (options.arguments !== undefined) return false
  throw mistake(
    `Step "${name}" — it has neither "${essential}" nor "arguments"; give ${essential} and the other options, or the whole request as arguments.`,
  )
}

/** Makes a step; the order of its members is fixed, so that the same program gives the same bytes. */
export function makeStep<P>(name: string, parts: StepParts<P>): Step<P> {
  checkStepName(parts.type, name)
  const { options, members = {}, inside = [] } = parts
  const where = `Step "${name}"`
  const { emitted, expressions } = emitMembers(
    {
      Name: name,
      Type: parts.type,
      Arguments: parts.arguments,
      DependsOn: options.dependsOn?.length ? options.dependsOn.map(step => nameOf(step, where)) : undefined,
      DisplayName: options.displayName,
      Description: options.description,
      ...members,
      CacheConfig: emitCache(options.cache) ?? members['CacheConfig'],
      RetryPolicies: options.retry ? emitRetryPolicies(options.retry) : members['RetryPolicies'],
    },
    where,
  )
  const definition = emitted as unknown as DocumentStep
  // Those of steps inside are theirs.
  if (expressions !== null && inside.length === 0) noteExpressions(definition, expressions)
  const made = captureStack()
  return Object.freeze({
    kind: 'foldwise.step',
    name,
    type: parts.type,
    properties: parts.properties,
    definition,
    inside: Object.freeze([...inside]),
    assets: Object.freeze([...(options.assets ?? [])]),
    get at() {
      return originOf(made)
    },
  })
}

export const isStep = (value: unknown): value is Step => hasKind(value, 'foldwise.step')

/** `base` and the steps in its branches. */
export const withInside = (base: Step): Step[] => [base, ...base.inside.flatMap(withInside)]

function checkStepName(type: string, name: unknown): void {
  if (typeof name === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(name)) return
  throw mistake(`Step ${show(name)} (${type}) — a step name has 1 to 64 letters, digits, "-" and "_"; rename the step.`)
}

function nameOf(step: unknown, where: string): string {
  if (isStep(step)) return step.name
  if (typeof step === 'string') return step
  throw mistake(`${where}: dependsOn — ${show(step)} is no step; list steps or names of steps.`)
}

function emitCache(cache: CacheableOptions['cache']): unknown {
  if (cache === undefined) return undefined
  if (cache === false) return { Enabled: false }
  return { Enabled: cache.enabled ?? true, ExpireAfter: cache.expireAfter }
}
