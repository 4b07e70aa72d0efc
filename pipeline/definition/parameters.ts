import type { Parameter, Scalar } from '../../schemas/definition.ts'

/** The outcome of reading a start value: the value, or what would have been right. */
export type ParsedParameter = { readonly value: Scalar } | { readonly expected: string }

const parsers = {
  String: text => (text.length > 0 && text.length <= 1024 ? { value: text } : { expected: '1 to 1024 characters' }),
  Integer: text =>
    /^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text))
      ? { value: Number(text) }
      : { expected: 'a whole number, such as 5' },
  Float: text =>
    /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text))
      ? { value: Number(text) }
      : { expected: 'a number, such as 0.98' },
  Boolean: text =>
    /^(true|false)$/i.test(text) ? { value: text.toLowerCase() === 'true' } : { expected: 'true or false' },
} as const satisfies Record<NonNullable<Parameter['Type']>, (text: string) => ParsedParameter>

/**
 * Reads a start value as the declared type. Values travel to the service as strings; String is the default type.
 *
 * Empty strings are refused as the service does, and `EnumValues` restrict a String parameter.
 */
export function parseParameterValue(parameter: Parameter, text: string): ParsedParameter {
  const parsed = parsers[parameter.Type ?? 'String'](text)
  if ('value' in parsed && parameter.EnumValues !== undefined && !parameter.EnumValues.includes(text)) {
    return { expected: `one of ${parameter.EnumValues.join(', ')}` }
  }
  return parsed
}
