import canonicalize from 'canonicalize'
import type { Step as DocumentStep } from '../../schemas/definition.ts'
import { isUserError } from '../../schemas/problem.ts'
import type { Step } from '../dsl/step.ts'
import { breakBefore, type Doc, list } from './code.ts'
import { isIdentifier, memberName, numberLiteral, stringLiteral } from './literals.ts'

/** A piece of a program, and what it gives when it runs: the value proves that the text means the same document. */
export interface Code {
  readonly doc: Doc
  readonly value: unknown
}

/** What a piece of the program can name. */
export interface Scope {
  /** References to the declared parameters, as the program's function gets them; undefined where it has none. */
  readonly parameters: Readonly<Record<string, unknown>> | undefined
  readonly parameterNames: ReadonlySet<string>
  /** Steps that the program has made so far. */
  readonly steps: ReadonlyMap<string, MadeStep>
  /** Code for a step that belongs to another, such as the body of a ForEach; undefined when there is none. */
  readonly write?: (step: DocumentStep) => MadeStep | undefined
}

/** A step with the name of its variable. */
export interface MadeStep {
  readonly variable: string
  readonly step: Step
  readonly code: Doc
}

/** Equal JSON, whatever the order of members; absent and undefined members are one. */
export const sameJson = (a: unknown, b: unknown): boolean => canonicalize(a) === canonicalize(b)

/** What `make` gives; undefined when the language refuses it, or stumbles over a foreign document's odd value. */
export function attempt<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch (error) {
    if (isUserError(error) || error instanceof TypeError) return undefined
    throw error
  }
}

export function scalarCode(value: string | number | boolean | null): Code {
  const doc =
    typeof value === 'string' ? stringLiteral(value) : typeof value === 'number' ? numberLiteral(value) : String(value)
  return { doc, value }
}

export function listCode(items: readonly Code[]): Code {
  return { doc: list('[]', items.map(docOf), isTable(items)), value: items.map(({ value }) => value) }
}

/** An object literal; members without code are left out. */
export function objectCode(members: readonly (readonly [name: string, code: Code | undefined])[]): Code {
  const given = members.filter((member): member is [string, Code] => member[1] !== undefined)
  return {
    doc: list(
      '{}',
      given.map(([name, code]) => memberDoc(name, code)),
    ),
    value: Object.fromEntries(given.map(([name, { value }]) => [name, value])),
  }
}

function memberDoc(name: string, { doc }: Code): Doc {
  const key = memberName(name)
  // A variable that has the member's name; the words of literals, such as null, are none.
  if (doc === key && isIdentifier(key) && !['null', 'true', 'false'].includes(key)) return key
  // As prettier: text and chains of members move to a line of their own when they are too long, but not after a short key.
  return mayMove(doc) && key.length > 2 ? [key, ':', breakBefore(doc)] : [key, ': ', doc]
}

const mayMove = (doc: Doc): boolean => typeof doc === 'string' && (/^['"]/.test(doc) || /^[\w$]+[.[]/.test(doc))

const docOf = ({ doc }: Code): Doc => doc

/** As prettier: a list of several objects (or lists) that each have several members is one per line. */
function isTable(items: readonly Code[]): boolean {
  if (items.length < 2) return false
  const sizes = items.map(({ doc }) =>
    typeof doc === 'object' && 'kind' in doc && doc.kind === 'list'
      ? `${doc.open}${Math.min(doc.items.length, 2)}`
      : '',
  )
  return sizes.every(size => size === '{2') || sizes.every(size => size === '[2')
}
