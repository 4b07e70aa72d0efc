import type { Step as DocumentStep } from '../../schemas/definition.ts'
import { rawStep } from '../dsl/steps/raw.ts'
import { isStep, type Step } from '../dsl/step.ts'
import { use } from './code.ts'
import { stringLiteral } from './literals.ts'
import { attempt, type Code, listCode, type MadeStep, objectCode, sameJson, scalarCode, type Scope } from './scope.ts'
import type { Members } from './form.ts'
import { stepPrinters } from './step-printers.ts'
import { valueCode } from './value.ts'

/** Members of a document's step, whatever they are. */
type Json = Readonly<Record<string, unknown>>

/**
 * Code for one step: in the first of its type's forms that gives exactly this step, else as a raw step. Trying is
 * proving: each form is made by the language itself and compared with the document.
 *
 * @returns undefined when not even a raw step gives it
 */
export function stepCode(step: DocumentStep, variable: string, scope: Scope): MadeStep | undefined {
  const json = step as unknown as Json
  const printer = Object.hasOwn(stepPrinters, step.Type) ? stepPrinters[step.Type] : undefined
  const common = commonOptions(json, scope)
  for (const form of printer?.forms ?? []) {
    const own = attempt(() => form(json, scope))
    if (own === undefined) continue
    const made = makeStep(json, variable, printer?.call ?? '', { ...own, ...common }, printer?.make as Make)
    if (made !== undefined) return made
  }
  return rawCode(json, variable, common, scope)
}

type Make = (name: string, options: never) => Step

function makeStep(json: Json, variable: string, call: string, options: Members, make: Make): MadeStep | undefined {
  const { doc, value } = objectCode(Object.entries(options))
  const step = attempt(() => make(json['Name'] as string, value as never))
  if (step === undefined || !sameJson(step.definition, json)) return undefined
  return { variable, step, code: [use(call), '(', stringLiteral(step.name), ', ', doc, ')'] }
}

function rawCode(json: Json, variable: string, common: Members, scope: Scope): MadeStep | undefined {
  const { Name: _name, Type: type, Arguments: request, ...rest } = json
  if (typeof type !== 'string') return undefined
  const own = { type: scalarCode(type), arguments: valueCode(request, scope) }
  const further = Object.entries(rest)
  const members = (entries: typeof further): Members =>
    entries.length === 0
      ? {}
      : { members: objectCode(entries.map(([name, value]) => [name, valueCode(value, scope)] as const)) }
  const strange = further.filter(([name]) => !commonMembers.has(name))
  return (
    makeStep(json, variable, 'rawStep', { ...own, ...members(strange), ...common }, rawStep) ??
    makeStep(json, variable, 'rawStep', { ...own, ...members(further) }, rawStep)
  )
}

const commonMembers: ReadonlySet<string> = new Set([
  'DependsOn',
  'DisplayName',
  'Description',
  'CacheConfig',
  'RetryPolicies',
])

/** The options that all steps share; what has another form than they give is left to the raw step. */
function commonOptions(json: Json, scope: Scope): Members {
  const { DependsOn: dependsOn, DisplayName: displayName, Description: description } = json
  return given({
    dependsOn: Array.isArray(dependsOn) ? listCode(dependsOn.map(name => dependency(name, scope))) : undefined,
    displayName: displayName === undefined ? undefined : valueCode(displayName, scope),
    description: description === undefined ? undefined : valueCode(description, scope),
    cache: cacheCode(json['CacheConfig'], scope),
    retry: retryCode(json['RetryPolicies'], scope),
  })
}

/** Without the options that have no code, so that an object literal has none of them either. */
const given = (options: Readonly<Record<string, Code | undefined>>): Members =>
  Object.fromEntries(Object.entries(options).filter((entry): entry is [string, Code] => entry[1] !== undefined))

function dependency(name: unknown, { steps }: Scope): Code {
  const made = typeof name === 'string' ? steps.get(name) : undefined
  return made === undefined || !isStep(made.step) ? scalarCode(String(name)) : { doc: made.variable, value: made.step }
}

function cacheCode(json: unknown, scope: Scope): Code | undefined {
  if (typeof json !== 'object' || json === null) return undefined
  const { Enabled: enabled, ExpireAfter: expireAfter } = json as Json
  if (expireAfter === undefined) return enabled === false ? scalarCode(false) : undefined
  return objectCode([
    ['expireAfter', valueCode(expireAfter, scope)],
    ['enabled', enabled === true ? undefined : valueCode(enabled, scope)],
  ])
}

const retryWords = [
  ['on', 'ExceptionType'],
  ['intervalSeconds', 'IntervalSeconds'],
  ['backoffRate', 'BackoffRate'],
  ['maxAttempts', 'MaxAttempts'],
  ['expireAfterMinutes', 'ExpireAfterMin'],
] as const

function retryCode(json: unknown, scope: Scope): Code | undefined {
  if (!Array.isArray(json) || json.length === 0) return undefined
  const policies = json.map((policy: Json) => {
    if (typeof policy !== 'object' || policy === null || !Array.isArray(policy['ExceptionType'])) return undefined
    return objectCode(
      retryWords.map(([word, member]) => {
        const value = policy[member]
        return [word, value === undefined ? undefined : valueCode(value, scope)] as const
      }),
    )
  })
  const known = policies.filter(policy => policy !== undefined)
  if (known.length < policies.length) return undefined
  return known.length === 1 ? known[0] : listCode(known)
}
