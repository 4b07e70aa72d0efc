import { member, type Members } from './form.ts'
import { type Code, listCode, objectCode, scalarCode, type Scope } from './scope.ts'
import { unwrapped } from './unwrap.ts'
import { valueCode } from './value.ts'

/** Options of a step; those without code are left out. */
export type Options = Readonly<Record<string, Code | undefined>>

/** AWS's list of tags, as an object by key. */
export const tagsCode = (tags: unknown, scope: Scope): Code | undefined =>
  named(tags, 'Key', tag => unwrapped(member(tag, 'Value'), scope))

/** A list of things with names, as an object by name. */
export function named(items: unknown, name: string, code: (item: unknown) => Code): Code | undefined {
  if (!Array.isArray(items)) return undefined
  return objectCode(items.map((item: unknown) => [String(member(item, name)), code(item)] as const))
}

/** A map of texts, each without the wrapping that the language adds by itself. */
export function textsCode(map: unknown, scope: Scope): Code | undefined {
  if (typeof map !== 'object' || map === null) return undefined
  return objectCode(Object.entries(map).map(([name, value]) => [name, unwrapped(value, scope)] as const))
}

/** A list of texts, as {@link textsCode}. */
export function textListCode(values: unknown, scope: Scope): Code | undefined {
  return Array.isArray(values) ? listCode(values.map(value => unwrapped(value, scope))) : undefined
}

/** `true`, or no option at all. */
export const flag = (isSet: boolean): Code | undefined => (isSet ? scalarCode(true) : undefined)

/** No option for what the language gives without a word. */
export const unless = (standard: unknown, code: Code | undefined): Code | undefined =>
  code?.value === standard ? undefined : code

/** What lies at a path of members; undefined when something on the way is missing. */
export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, name) => member(inner, name), value)

/** Code for what lies at a path; undefined when there is nothing. */
export const reader =
  (value: unknown, scope: Scope) =>
  (...path: readonly string[]): Code | undefined => {
    const found = at(value, ...path)
    return found === undefined ? undefined : valueCode(found, scope)
  }

/** The options that are there. */
export const defined = (options: Options): Members =>
  Object.fromEntries(Object.entries(options).filter((entry): entry is [string, Code] => entry[1] !== undefined))

/** An object with what is there; nothing when there is nothing. */
export const group = (options: Options): Code | undefined => {
  const members = Object.entries(defined(options))
  return members.length === 0 ? undefined : objectCode(members)
}

/** The URI alone when there is nothing beside it. */
export const details = (options: { readonly uri: Code | undefined } & Options): Code | undefined => {
  const members = Object.entries(defined(options))
  return members.length === 1 ? options.uri : objectCode(members)
}
