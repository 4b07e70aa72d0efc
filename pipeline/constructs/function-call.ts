import type { Scalar } from '../../schemas/definition.ts'
import {
  CALL_CAPACITY,
  encodeCall,
  escapeMember,
  makeHole,
  MAX_CHUNKS,
  valueVariable,
} from '../../schemas/function-call.ts'
import type { AnyArgs } from '../dsl/args.ts'
import { text } from '../dsl/emit.ts'
import { type Expr, isExpr } from '../dsl/expression.ts'
import { join } from '../dsl/join.ts'
import { mistake, show } from '../dsl/mistake.ts'
import { referencePath } from '../dsl/ref.ts'

/** What a function of this parameter type can be given: JSON, with expressions of the right type at the leaves. */
export type FunctionArgument<T> = unknown extends T
  ? AnyArgs
  : T extends boolean
    ? T | Expr<boolean>
    : T extends Scalar
      ? T | Expr<Widened<T>>
      : T extends null | undefined
        ? T
        : T extends readonly unknown[]
          ? { readonly [I in keyof T]: FunctionArgument<T[I]> }
          : T extends object
            ? { readonly [K in keyof T]: FunctionArgument<T[K]> }
            : never

/** An enum takes any string expression: its value is known only when the pipeline runs. */
type Widened<T> = T extends string ? string : number

export type FunctionArguments<P extends readonly unknown[]> = { readonly [I in keyof P]: FunctionArgument<P[I]> }

/** The arguments as a processing job can carry them. */
export interface EncodedCall {
  readonly containerArguments: readonly string[]
  readonly environment: Readonly<Record<string, string | Expr<string>>>
}

/**
 * Puts literal values into container arguments and each expression into an environment variable.
 *
 * @throws UserError for what is no JSON, and for more than a processing job has room for
 */
export function encodeFunctionCall(step: string, args: readonly unknown[]): EncodedCall {
  const environment: Record<string, string | Expr<string>> = {}
  let count = 0
  const encode = (value: unknown, place: string): unknown => {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
    if (typeof value === 'number' && Number.isFinite(value)) return value
    if (isExpr(value)) {
      const index = count++
      // A number of a JSON file stays a number, which an environment variable cannot be; inside a join it is text.
      environment[valueVariable(index)] =
        value.valueType === 'unknown' ? join`${value as Expr<Scalar>}` : text(value as Expr<Scalar>)
      return makeHole(index, value.valueType)
    }
    const reference = referencePath(value)
    if (reference !== undefined) {
      throw mistake(`${place} — ${reference} is a whole structure; name the member that the function needs.`)
    }
    if (Array.isArray(value)) return value.map((each, index) => encode(each ?? null, `${place}[${index}]`))
    if (typeof value === 'object') {
      const members = Object.entries(value).filter(([, member]) => member !== undefined)
      return Object.fromEntries(members.map(([name, each]) => [escapeMember(name), encode(each, `${place}.${name}`)]))
    }
    throw mistake(
      `${place} — ${show(value)} cannot travel to a job; give text, finite numbers, true, false, null, lists, objects and references.`,
    )
  }
  const call = args.map((value, index) => encode(value ?? null, `Step "${step}": args[${index}]`))
  const containerArguments = encodeCall(call)
  if (containerArguments.length > MAX_CHUNKS) {
    throw mistake(
      `Step "${step}": args — they are ${containerArguments.join('').length} characters long as JSON, and a processing job has room for ${CALL_CAPACITY}; put them into a file in S3 and give the function its URI.`,
    )
  }
  return { containerArguments, environment }
}
