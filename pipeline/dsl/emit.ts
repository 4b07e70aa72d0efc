import type { Expression, Scalar } from '../../schemas/definition.ts'
import {
  forEachExpression,
  formatPlace,
  isExpression,
  isGet,
  type Place,
  type PlacedExpression,
  placeOf,
} from '../definition/index.ts'
import { type Expr, isExpr, makeExpression, type Value } from './expression.ts'
import { mistake, show } from './mistake.ts'
import { referencePath } from './ref.ts'

/**
 * Plain frozen JSON of what the user wrote: expressions replaced by their JSON, absent members left out.
 *
 * @param where Names the place in sentences, such as `Step "Train": Arguments`.
 * @throws UserError for what is no JSON: functions, NaN, a reference to a whole structure
 */
export function emit(value: unknown, where: string): unknown {
  return emitValue(
    value,
    startEmission(place => formatPlace(place, where)),
  )
}

/**
 * The same of an object whose members have their places in the sentences: `Step "Train": Arguments.RoleArn`. Gives its expressions
 * too, outermost first; null when some were written as JSON, so that they have to be looked for.
 */
export function emitMembers(
  members: Readonly<Record<string, unknown>>,
  where: string,
): { readonly emitted: Readonly<Record<string, unknown>>; readonly expressions: readonly PlacedExpression[] | null } {
  const emission = startEmission(place => `${where}: ${formatPlace(place)}`)
  const emitted = emitValue(members, emission) as Record<string, unknown>
  return { emitted, expressions: emission.hasLiterals ? null : emission.expressions }
}

interface Emission {
  /** The place as a sentence begins with it. */
  readonly say: (place: Place | undefined) => string
  /** The members and positions on the way to the value at hand. */
  readonly trail: (string | number)[]
  readonly expressions: PlacedExpression[]
  hasLiterals: boolean
}

const startEmission = (say: Emission['say']): Emission => ({ say, trail: [], expressions: [], hasLiterals: false })

function emitValue(value: unknown, emission: Emission): unknown {
  if (isJsonScalar(value)) return value
  if (Array.isArray(value)) return Object.freeze(value.map((item, index) => emitAt(item, index, emission)))
  // Most objects are literals, which are neither an expression nor a reference: those have no or another prototype.
  if (!isLiteral(value)) {
    if (isExpr(value)) return noteExpression(value.json, emission)
    const reference = referencePath(value)
    if (reference !== undefined) {
      throw mistake(
        `${emission.say(placeOf(emission.trail))} — ${reference} is a whole structure, and the service takes single values only; name the member you need.`,
      )
    }
    if (!isPlain(value)) {
      throw mistake(
        `${emission.say(placeOf(emission.trail))} — ${show(value)} is no value for a definition; use text, numbers, true or false, lists, objects and references.`,
      )
    }
  }
  const members: Record<string, unknown> = {}
  for (const key in value) {
    const member = value[key]
    // Most members are scalars, for which nobody needs to know the way.
    if (isJsonScalar(member)) setMember(members, key, member)
    else if (member !== undefined) setMember(members, key, emitAt(member, key, emission))
  }
  if (isExpression(members)) emission.hasLiterals = true
  return Object.freeze(members)
}

const isJsonScalar = (value: unknown): value is Scalar | null =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value))

function emitAt(value: unknown, key: string | number, emission: Emission): unknown {
  emission.trail.push(key)
  const emitted = emitValue(value, emission)
  emission.trail.pop()
  return emitted
}

function noteExpression(json: Expression, { trail, expressions }: Emission): Expression {
  const place = placeOf(trail)
  if (isGet(json)) expressions.push({ expression: json, place })
  else forEachExpression(json, (expression, inner) => expressions.push({ expression, place: inner }), place)
  return json
}

function setMember(members: Record<string, unknown>, key: string, value: unknown): void {
  // An assignment to this one name would change the object's prototype.
  if (key === '__proto__')
    Object.defineProperty(members, key, { value, enumerable: true, configurable: true, writable: true })
  else members[key] = value
}

/** What stands in a slot that takes text only; numbers and booleans are written as text. */
export type Text = Value<Scalar>

/**
 * A value for a slot in which the service takes a string only. An Integer, Float or Boolean expression is wrapped in a
 * `Std:Join`, because the service refuses it there ("Cannot assign property reference … to argument of type String").
 */
export function text(value: Text): string | Expr<string> {
  if (!isExpr(value)) return typeof value === 'object' ? value : String(value)
  if (value.valueType === 'String' || value.valueType === 'unknown') return value as Expr<string>
  return makeExpression({ 'Std:Join': { On: '', Values: [value.json] } }, 'String')
}

/** {@link text} of every member; absent members are left out. */
export function textMap(
  values: Readonly<Record<string, Text | undefined>> | undefined,
): Record<string, string | Expr<string>> | undefined {
  if (values === undefined) return undefined
  const texts: Record<string, string | Expr<string>> = {}
  for (const key in values) {
    const value = values[key]
    if (value !== undefined) setMember(texts, key, text(value))
  }
  return texts
}

/** `over` laid over `base`: objects member by member, everything else replaced. */
export function overlay(base: unknown, over: unknown): unknown {
  if (over === undefined) return base
  if (!isPlainObject(base) || !isPlainObject(over)) return over
  const merged: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(over)) merged[key] = overlay(merged[key], value)
  return merged
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  isPlain(value) && !isExpr(value) && referencePath(value) === undefined

const isLiteral = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
