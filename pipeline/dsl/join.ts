import type { Expression, Scalar } from '../../schemas/definition.ts'
import { isJoin } from '../definition/index.ts'
import { emit } from './emit.ts'
import { type Expr, makeExpression, type Value } from './expression.ts'
import { mistake, show } from './mistake.ts'

/** What can stand in a join. */
export type Joinable = Value<Scalar>

/**
 * A text with values that are known only when the pipeline runs (`Std:Join`).
 *
 * As a tag, `` join`${output}/train/` ``; as a function with a separator, `join('/', [bucket, prefix])`, which keeps the
 * values exactly as they are given.
 */
export function join(template: TemplateStringsArray, ...values: readonly Joinable[]): Expr<string>
export function join(separator: string, values: readonly Joinable[]): Expr<string>
export function join(first: TemplateStringsArray | string, ...rest: readonly unknown[]): Expr<string> {
  if (typeof first === 'string') return joinList(first, rest[0])
  const parts: Piece[] = []
  first.forEach((literal, index) => {
    if (literal !== '') parts.push(literal)
    if (index < rest.length) parts.push(...flatten(joined(rest[index], `join: value ${index + 1}`)))
  })
  return makeJoin('', mergeLiterals(parts))
}

type Piece = Scalar | Expression

function joinList(separator: string, values: unknown): Expr<string> {
  if (!Array.isArray(values)) {
    throw mistake(
      `join("${separator}", …) — the second argument is ${show(values)}; give the list of values, join("/", [a, b]).`,
    )
  }
  return makeJoin(
    separator,
    values.map((value, index) => joined(value, `join: value ${index + 1}`)),
  )
}

function joined(value: unknown, where: string): Piece {
  const json = emit(value, where)
  if (json === null || Array.isArray(json) || value === undefined) {
    throw mistake(
      `${where} — ${show(value)} cannot be part of a text; give text, a number, true or false, or a reference.`,
    )
  }
  return json as Piece
}

/** A text inside a text is one text: `${join`a/${x}`}/b` has three values, not two. */
function flatten(piece: Piece): readonly Piece[] {
  if (!isJoin(piece) || piece['Std:Join'].On !== '') return [piece]
  return piece['Std:Join'].Values
}

function mergeLiterals(pieces: readonly Piece[]): Piece[] {
  const merged: Piece[] = []
  for (const piece of pieces) {
    const last = merged.at(-1)
    if (typeof last === 'string' && typeof piece !== 'object') merged[merged.length - 1] = `${last}${piece}`
    else merged.push(typeof piece === 'object' ? piece : String(piece))
  }
  return merged
}

function makeJoin(separator: string, values: readonly Piece[]): Expr<string> {
  return makeExpression({ 'Std:Join': { On: separator, Values: [...values] } }, 'String')
}
