import { isGet, isJsonGet, parseGetPath } from '../../pipeline/definition/index.ts'
import type { PipelineDefinition } from '../../schemas/definition.ts'
import type { Evaluation } from '../../schemas/evaluation.ts'
import { formatValue } from '../render/quantities.ts'
import type { CrossValidation } from './cross-validation.ts'

const symbols: Readonly<Record<string, string>> = {
  Equals: '==',
  GreaterThan: '>',
  GreaterThanOrEqualTo: '>=',
  LessThan: '<',
  LessThanOrEqualTo: '<=',
}

/** What the gate compared, such as `0.98 >= 0.9`; undefined for a condition of another form. */
export function gateComparison(
  document: PipelineDefinition,
  { gate }: CrossValidation,
  startValues: Readonly<Record<string, string>>,
  evaluation: Evaluation,
): string | undefined {
  const condition = gate?.condition
  if (condition === undefined || !('RightValue' in condition)) return undefined
  const symbol = symbols[condition.Type]
  const objective = valueAt(condition.LeftValue, evaluation) ?? evaluation.objective.value
  const baseline = numberOf(condition.RightValue, document, startValues)
  return symbol === undefined || baseline === undefined
    ? undefined
    : `${formatValue(objective)} ${symbol} ${formatValue(baseline)}`
}

/** The number that a gate on the evaluation reads, such as `objective.ci95_corrected[0]`. */
function valueAt(operand: unknown, evaluation: Evaluation): number | undefined {
  if (!isJsonGet(operand)) return undefined
  const names = operand['Std:JsonGet'].Path.match(/[^.[\]]+/g) ?? []
  const value = names.reduce<unknown>(
    (at, name) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? Reflect.get(at, name) : undefined,
    evaluation,
  )
  return typeof value === 'number' ? value : undefined
}

function numberOf(
  operand: unknown,
  document: PipelineDefinition,
  startValues: Readonly<Record<string, string>>,
): number | undefined {
  const reference = isGet(operand) ? parseGetPath(operand.Get) : undefined
  const value =
    reference?.root === 'Parameters'
      ? (startValues[reference.name] ?? document.Parameters?.find(({ Name }) => Name === reference.name)?.DefaultValue)
      : operand
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN
  return Number.isFinite(number) ? number : undefined
}
