import { isJoin } from '../definition/index.ts'
import { text } from '../dsl/emit.ts'
import { type Expr, isExpr } from '../dsl/expression.ts'
import { type Code, sameJson, type Scope } from './scope.ts'
import { valueCode } from './value.ts'

/**
 * Code for a slot that takes text and wraps references of other types by itself: the reference without its wrapping.
 */
export function unwrapped(json: unknown, scope: Scope): Code {
  if (isJoin(json)) {
    const { On: separator, Values: values } = json['Std:Join']
    if (separator === '' && Array.isArray(values) && values.length === 1) {
      const inner = valueCode(values[0], scope)
      const wrapped = isExpr(inner.value) ? text(inner.value as Expr<string>) : undefined
      if (isExpr(wrapped) && sameJson(wrapped.json, json)) return inner
    }
  }
  return valueCode(json ?? null, scope)
}
