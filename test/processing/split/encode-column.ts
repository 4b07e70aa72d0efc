import type { EncodedColumn } from '../../../processing/split/strategies/strategy.ts'
import { ValueCodes } from '../../../processing/split/value-codes.ts'

/** Values as the first pass hands them to a strategy. */
export function encodeColumn(values: readonly (number | string)[]): EncodedColumn {
  const codes = new ValueCodes(2 ** 24)
  for (const value of values) codes.addText(String(value))
  return codes.column()
}
