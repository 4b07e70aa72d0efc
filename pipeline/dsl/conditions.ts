import type { ComparisonCondition, Condition as DocumentCondition, Operand, Scalar } from '../../schemas/definition.ts'
import { emit } from './emit.ts'
import { deepFreeze, type Value } from './expression.ts'
import type { JsonValue } from './json-get.ts'
import { mistake, show } from './mistake.ts'

/** A question that a {@link conditionStep} asks. */
export interface Condition {
  readonly kind: 'foldwise.condition'
  /** The condition as the definition has it. */
  readonly json: DocumentCondition
}

type Ordered = string | number

/** What is at a place of a JSON file is not known, so it is compared with anything. */
type Side<T extends Scalar> = Value<T> | JsonValue

export const equals = <T extends Scalar>(left: Side<T>, right: Side<T>): Condition => compare('Equals', left, right)

export const greaterThan = <T extends Ordered>(left: Side<T>, right: Side<T>): Condition =>
  compare('GreaterThan', left, right)

export const greaterThanOrEqualTo = <T extends Ordered>(left: Side<T>, right: Side<T>): Condition =>
  compare('GreaterThanOrEqualTo', left, right)

export const lessThan = <T extends Ordered>(left: Side<T>, right: Side<T>): Condition =>
  compare('LessThan', left, right)

export const lessThanOrEqualTo = <T extends Ordered>(left: Side<T>, right: Side<T>): Condition =>
  compare('LessThanOrEqualTo', left, right)

/** True when `query` is one of `values`. */
export function isIn<T extends Scalar>(query: Side<T>, values: readonly Value<T>[]): Condition {
  return condition({
    Type: 'In',
    QueryValue: operand(query, 'isIn: query'),
    Values: values.map((value, index) => operand(value, `isIn: values[${index}]`)),
  })
}

export function not(negated: Condition): Condition {
  return condition({ Type: 'Not', Condition: negated.json })
}

/** True when any of the conditions is; a condition step joins its own conditions with *and*. */
export function or(...conditions: readonly Condition[]): Condition {
  if (conditions.length === 0) throw mistake('or() — it has no conditions; give at least one.')
  return condition({ Type: 'Or', Conditions: conditions.map(each => each.json) })
}

function compare(type: ComparisonCondition['Type'], left: unknown, right: unknown): Condition {
  return condition({
    Type: type,
    LeftValue: operand(left, `${type}: left`),
    RightValue: operand(right, `${type}: right`),
  })
}

function operand(value: unknown, where: string): Operand {
  const json = value === undefined ? null : emit(value, where)
  if (json === null || Array.isArray(json)) {
    throw mistake(`${where} — ${show(value)} cannot be compared; give text, a number, true or false, or a reference.`)
  }
  return json as Operand
}

const condition = (json: DocumentCondition): Condition => deepFreeze({ kind: 'foldwise.condition', json })
