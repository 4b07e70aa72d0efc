import type { Scalar } from '../../schemas/definition.ts'
import type { Expr, Value } from './expression.ts'

/**
 * What a step takes: the service's request, every leaf a value or an expression of its type.
 *
 * Lists, structures and map keys are always literal: the service puts no expression in their place. An enum takes any
 * string expression, because a parameter's values are checked when an execution starts.
 */
export type Args<T> = [T] extends [string]
  ? T | Expr<string>
  : [T] extends [number]
    ? T | Expr<number>
    : [T] extends [boolean]
      ? T | Expr<boolean>
      : [T] extends [Date]
        ? string | Expr<string>
        : T extends readonly (infer E)[]
          ? readonly Args<E & Present>[]
          : T extends object
            ? { readonly [K in keyof T]: Args<T[K] & Present> }
            : never

/** {@link Args} of which nothing is required: what is laid over the arguments of a concise step. Lists are replaced whole. */
export type ArgsOverride<T> = [T] extends [string | number | boolean | Date]
  ? Args<T>
  : T extends readonly unknown[]
    ? Args<T>
    : T extends object
      ? { readonly [K in keyof T]?: ArgsOverride<T[K] & Present> }
      : never

/** Neither null nor undefined. Unlike `NonNullable` it leaves an enum's own name in compiler errors. */
// biome-ignore lint: the empty type is what says it
export type Present = {}

/**
 * Refuses the members of `Concise`, but for the `Shared` ones, beside the `arguments` of a verbatim request. It also gives the two
 * forms of a step the same member names, without which the compiler has no spelling suggestions for a union.
 *
 * To be extended by an interface: an intersection in its place makes checking a large program a sixth slower.
 */
export type NotConcise<Concise, Shared> = { readonly [K in Exclude<keyof Concise, keyof Shared | 'arguments'>]?: never }

/** Arguments that no shape describes: JSON with expressions anywhere. */
export type AnyArgs = Value<Scalar> | null | readonly AnyArgs[] | { readonly [member: string]: AnyArgs | undefined }
