import type { OutputParameter } from '../../schemas/definition.ts'
import type { AttemptResult } from './job-runner.ts'

/** What a Lambda or a Callback step gave, read as the step declares it; or what is wrong with it. */
type Outputs =
  | {
      readonly values: Readonly<Record<string, unknown>>
      readonly list: readonly { readonly Name: string; readonly Value: string }[]
    }
  | { readonly problem: string }

type Read = (value: unknown) => unknown

/** One entry per output type; undefined for a value that is not of the type. Nested values become text. */
const readers: { readonly [T in OutputParameter['OutputType']]: Read } = {
  String: value => (typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)),
  Integer: value => numberOf(value, Number.isSafeInteger),
  Float: value => numberOf(value, Number.isFinite),
  Boolean: value =>
    typeof value === 'boolean'
      ? value
      : /^(true|false)$/i.test(String(value))
        ? String(value).toLowerCase() === 'true'
        : undefined,
}

function numberOf(value: unknown, isRight: (number: number) => boolean): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && isRight(number) ? number : undefined
}

/** Reads the declared outputs; others are dropped. Source: SageMaker Python SDK, LambdaStep and CallbackStep. */
export function readOutputs(declared: readonly OutputParameter[], given: Readonly<Record<string, unknown>>): Outputs {
  const values: [string, unknown][] = []
  for (const { OutputName, OutputType } of declared) {
    const value = Object.hasOwn(given, OutputName) ? given[OutputName] : undefined
    if (value === undefined || value === null) return { problem: `The output parameter ${OutputName} was not returned` }
    const read = readers[OutputType](value)
    if (read === undefined)
      return {
        problem: `The output parameter ${OutputName} is ${JSON.stringify(value)}, which is not of type ${OutputType}`,
      }
    values.push([OutputName, read])
  }
  return { values: Object.fromEntries(values), list: values.map(([Name, value]) => ({ Name, Value: String(value) })) }
}

/** The step's result of outputs. @param metadata The metadata around `OutputParameters`. */
export function outputResult(
  declared: readonly OutputParameter[] | undefined,
  given: Readonly<Record<string, unknown>>,
  metadata: (list: Extract<Outputs, { list: unknown }>['list']) => Record<string, unknown>,
): AttemptResult {
  const outputs = readOutputs(declared ?? [], given)
  if ('problem' in outputs)
    return { status: 'Failed', metadata: metadata([]), failureReason: `ClientError: ${outputs.problem}` }
  return { status: 'Succeeded', metadata: metadata(outputs.list), properties: { OutputParameters: outputs.values } }
}
