import type { Expression, Scalar } from '../../schemas/definition.ts'
import { isGet, isJoin } from '../definition/index.ts'
import { mistake } from './mistake.ts'

declare const typed: unique symbol

/** What is known of a value before the pipeline runs. */
export type ValueType = 'String' | 'Integer' | 'Float' | 'Boolean' | 'unknown'

/**
 * A value that is known only when the pipeline runs: a parameter, a step's property, a joined text, a JSON value.
 *
 * It is plain frozen data. Turning it into a string or number by accident fails with the repair.
 */
export interface Expr<T> {
  readonly kind: 'foldwise.expression'
  /** The expression as the definition has it. */
  readonly json: Expression
  readonly valueType: ValueType
  /** Only for the compiler; no expression has it. */
  readonly [typed]: T
}

/** A value of type `T`, given now or known only when the pipeline runs. */
export type Value<T extends Scalar> = T | Expr<T>

/** Wraps the JSON of an expression. */
export function makeExpression<T>(json: Expression, valueType: ValueType): Expr<T> {
  const expression = Object.create(coercionGuard) as { -readonly [K in keyof Expr<T>]: Expr<T>[K] }
  expression.kind = 'foldwise.expression'
  expression.json = deepFreeze(json)
  expression.valueType = valueType
  return Object.freeze(expression)
}

export const isExpr = (value: unknown): value is Expr<unknown> => hasKind(value, 'foldwise.expression')

/** By its mark, not by class, so that what another copy of Foldwise made counts too. */
export const hasKind = (value: unknown, kind: string): boolean =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind

/** How an expression is called in sentences: `Parameters.C`, or the function's name. */
export function describeExpression(json: Expression): string {
  if (isGet(json)) return json.Get
  return isJoin(json) ? 'Std:Join' : `Std:JsonGet of "${json['Std:JsonGet'].Path}"`
}

/** Fails for whoever turns the named reference into a plain value. */
export function refuseCoercion(name: string, into: 'string' | 'number' | 'json'): never {
  const repair = {
    string: 'in a text use join`…${reference}…`',
    number: 'compare it in a conditionStep, for example with greaterThan(reference, 5)',
    json: 'pass the reference itself to a step, or put it in a text with join`…${reference}…`',
  }[into]
  const what = { string: 'a string', number: 'a number', json: 'JSON' }[into]
  throw mistake(
    `${name} — it is a reference without a value until the pipeline runs, so it cannot become ${what} here; ${repair}.`,
  )
}

/** Prototype of every expression: the conversions of the language, each of which fails. */
const coercionGuard: object = Object.freeze(
  Object.create(null, {
    toString: guard('string'),
    toLocaleString: guard('string'),
    valueOf: guard('number'),
    toJSON: guard('json'),
    [Symbol.toPrimitive]: {
      value(this: Expr<unknown>, hint: string) {
        return refuseCoercion(describeExpression(this.json), hint === 'number' ? 'number' : 'string')
      },
    },
    [Symbol.for('nodejs.util.inspect.custom')]: {
      value(this: Expr<unknown>) {
        return `Expr(${describeExpression(this.json)})`
      },
    },
  }),
)

function guard(into: 'string' | 'number' | 'json'): PropertyDescriptor {
  return {
    value(this: Expr<unknown>) {
      return refuseCoercion(describeExpression(this.json), into)
    },
  }
}

/** Freezes plain data to the bottom. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const key in value) deepFreeze(value[key])
  return Object.freeze(value)
}
