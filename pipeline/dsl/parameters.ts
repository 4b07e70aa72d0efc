import type { Parameter, Scalar } from '../../schemas/definition.ts'
import { didYouMeanOrList } from '../../schemas/nearest.ts'
import { type Expr, makeExpression } from './expression.ts'
import { mistake, show } from './mistake.ts'
import { strictRecord } from './strict-record.ts'

type ParameterType = NonNullable<Parameter['Type']>

/** A declared parameter: a value given when an execution starts. */
export interface ParameterDeclaration<T extends Scalar = Scalar, Required extends boolean = boolean> {
  readonly kind: 'foldwise.parameter'
  readonly type: ParameterType
  readonly default: T | undefined
  /** A value must be given at start, because there is no default. */
  readonly required: Required
  readonly oneOf: readonly T[] | undefined
  readonly description: string | undefined
}

export type Parameters = { readonly [name: string]: ParameterDeclaration }

/** What the program of a pipeline sees of its parameters. */
export type ParameterRefs<P extends Parameters> = {
  readonly [K in keyof P]: P[K] extends ParameterDeclaration<infer T> ? Expr<T> : never
}

/** True when `D`, the type of the given default, says that there is none. */
type IsRequired<D> = undefined extends D ? true : false

interface ParameterOptions {
  /** For readers of the program; a definition has no place for it. */
  readonly description?: string
}

interface StringOptions<T> extends ParameterOptions {
  /** The only values the service takes at start. */
  readonly oneOf?: readonly T[]
}

/**
 * A String parameter. Without a default a value must be given when an execution starts.
 *
 * @throws UserError when the default is no string or is not one of `oneOf`
 */
export function string<const T extends string = string, const D extends T | undefined = undefined>(
  defaultValue?: D,
  options: StringOptions<T> = {},
): ParameterDeclaration<T, IsRequired<D>> {
  const call = `string(${show(defaultValue)})`
  checkDefault(call, defaultValue, value => typeof value === 'string', 'a string, such as "ml.m5.large"')
  const { oneOf } = options
  if (oneOf !== undefined) {
    if (oneOf.length === 0) throw mistake(`${call} — oneOf is empty; name at least one value or leave oneOf out.`)
    if (defaultValue !== undefined && !oneOf.includes(defaultValue)) {
      throw mistake(
        `${call} — the default is not one of ${oneOf.map(show).join(', ')}.${didYouMeanOrList(defaultValue, oneOf)}`,
      )
    }
  }
  return declare<T, D>('String', defaultValue as D, options, oneOf)
}

/** An Integer parameter. Without a default a value must be given when an execution starts. */
export function integer<const D extends number | undefined = undefined>(
  defaultValue?: D,
  options: ParameterOptions = {},
): ParameterDeclaration<number, IsRequired<D>> {
  checkDefault(`integer(${show(defaultValue)})`, defaultValue, Number.isSafeInteger, 'a whole number, such as 5')
  return declare<number, D>('Integer', defaultValue as D, options)
}

/** A Float parameter. Without a default a value must be given when an execution starts. */
export function float<const D extends number | undefined = undefined>(
  defaultValue?: D,
  options: ParameterOptions = {},
): ParameterDeclaration<number, IsRequired<D>> {
  checkDefault(`float(${show(defaultValue)})`, defaultValue, Number.isFinite, 'a number, such as 0.98')
  return declare<number, D>('Float', defaultValue as D, options)
}

/** A Boolean parameter. Without a default a value must be given when an execution starts. */
export function boolean<const D extends boolean | undefined = undefined>(
  defaultValue?: D,
  options: ParameterOptions = {},
): ParameterDeclaration<boolean, IsRequired<D>> {
  checkDefault(`boolean(${show(defaultValue)})`, defaultValue, value => typeof value === 'boolean', 'true or false')
  return declare<boolean, D>('Boolean', defaultValue as D, options)
}

/** The declarations as the definition has them, in the order they were written. */
export function emitParameters(pipeline: string, parameters: Parameters): Parameter[] {
  return Object.entries(parameters).map(([name, { type, default: value, oneOf }]) => {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
      throw mistake(
        `Pipeline "${pipeline}": parameter "${name}" — a name has 1 to 64 letters, digits, "-" and "_"; rename it.`,
      )
    }
    return {
      Name: name,
      Type: type,
      ...(value === undefined ? {} : { DefaultValue: value }),
      ...(oneOf === undefined ? {} : { EnumValues: oneOf.map(String) }),
    }
  })
}

/** References to the declared parameters; an undeclared name fails, because `undefined` would vanish silently. */
export function referParameters<P extends Parameters>(pipeline: string, parameters: P): ParameterRefs<P> {
  const references = Object.fromEntries(
    Object.entries(parameters).map(([name, { type }]) => [name, makeExpression({ Get: `Parameters.${name}` }, type)]),
  )
  return strictRecord(
    references,
    name => `Pipeline "${pipeline}": parameter "${name}" is not declared.`,
  ) as ParameterRefs<P>
}

function declare<T extends Scalar, D extends T | undefined>(
  type: ParameterType,
  defaultValue: D,
  options: ParameterOptions,
  oneOf?: readonly T[],
): ParameterDeclaration<T, IsRequired<D>> {
  return Object.freeze({
    kind: 'foldwise.parameter',
    type,
    default: defaultValue,
    required: (defaultValue === undefined) as IsRequired<D>,
    oneOf: oneOf && Object.freeze([...oneOf]),
    description: options.description,
  })
}

function checkDefault(call: string, value: unknown, isRight: (value: unknown) => boolean, right: string): void {
  if (value === undefined || isRight(value)) return
  throw mistake(`${call} — the default ${show(value)} has the wrong type; it must be ${right}.`)
}
