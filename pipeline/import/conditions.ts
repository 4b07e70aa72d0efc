import {
  type Condition,
  equals,
  greaterThan,
  greaterThanOrEqualTo,
  isIn,
  lessThan,
  lessThanOrEqualTo,
  not,
  or,
} from '../dsl/conditions.ts'
import { type Doc, list, use } from './code.ts'
import { type Code, listCode, type Scope } from './scope.ts'
import { valueCode } from './value.ts'

type Json = Readonly<Record<string, unknown>>
type Printer = (json: Json, scope: Scope) => Code | undefined

/** How each condition is written, by its `Type`. */
const printers: Readonly<Record<string, Printer>> = {
  Equals: comparison('equals', equals),
  GreaterThan: comparison('greaterThan', greaterThan),
  GreaterThanOrEqualTo: comparison('greaterThanOrEqualTo', greaterThanOrEqualTo),
  LessThan: comparison('lessThan', lessThan),
  LessThanOrEqualTo: comparison('lessThanOrEqualTo', lessThanOrEqualTo),
  In: ({ QueryValue: query, Values: values }, scope) => {
    const [left, right] = [valueCode(query ?? null, scope), valueCode(values ?? null, scope)]
    if (!Array.isArray(right.value)) return undefined
    return {
      doc: [use('isIn'), '(', left.doc, ', ', right.doc, ')'],
      value: isIn(left.value as string, right.value as string[]),
    }
  },
  Not: ({ Condition: negated }, scope) => {
    const inner = conditionCode(negated, scope)
    return inner && { doc: call('not', [inner.doc]), value: not(inner.value as Condition) }
  },
  Or: ({ Conditions: conditions }, scope) => {
    const inner = conditionList(conditions, scope)
    return inner && { doc: call('or', inner.map(docOf)), value: or(...inner.map(({ value }) => value as Condition)) }
  },
}

/** The conditions of a step: one alone, or a list; undefined when the language has no words for one of them. */
export function conditionsCode(json: unknown, scope: Scope): Code | undefined {
  const codes = conditionList(json, scope)
  return codes?.length === 1 ? codes[0] : codes && listCode(codes)
}

function conditionList(json: unknown, scope: Scope): Code[] | undefined {
  if (!Array.isArray(json)) return undefined
  const codes = json.map(each => conditionCode(each, scope))
  return codes.every(code => code !== undefined) ? codes : undefined
}

function conditionCode(json: unknown, scope: Scope): Code | undefined {
  if (typeof json !== 'object' || json === null) return undefined
  const type = (json as Json)['Type']
  return typeof type === 'string' && Object.hasOwn(printers, type) ? printers[type]?.(json as Json, scope) : undefined
}

function comparison(name: string, make: (left: number, right: number) => Condition): Printer {
  return ({ LeftValue: left, RightValue: right }, scope) => {
    const codes = [valueCode(left ?? null, scope), valueCode(right ?? null, scope)] as const
    return { doc: call(name, codes.map(docOf)), value: make(codes[0].value as number, codes[1].value as number) }
  }
}

const docOf = ({ doc }: Code): Doc => doc

const call = (name: string, args: readonly Doc[]): Doc => [use(name), list('()', args)]
