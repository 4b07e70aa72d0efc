import { isGet, parseGetPath } from '../../pipeline/definition/index.ts'
import type { PipelineDefinition } from '../../schemas/definition.ts'
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
  objective: number,
): string | undefined {
  const condition = gate?.condition
  if (condition === undefined || !('RightValue' in condition)) return undefined
  const symbol = symbols[condition.Type]
  const baseline = numberOf(condition.RightValue, document, startValues)
  return symbol === undefined || baseline === undefined
    ? undefined
    : `${formatValue(objective)} ${symbol} ${formatValue(baseline)}`
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
