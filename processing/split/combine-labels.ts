import { compactArray } from './shuffle.ts'
import type { EncodedColumn, TargetType } from './strategies/strategy.ts'

/**
 * Several label columns as one, whose values are the records' label sets: joined by spaces, as scikit-learn's
 * StratifiedShuffleSplit joins them.
 */
export function combineLabels(columns: readonly EncodedColumn[]): EncodedColumn {
  const [first] = columns
  if (first === undefined || columns.length === 1) return first as EncodedColumn
  const count = first.codes.length
  const values: string[] = []
  const known = new Map<string, number>()
  let codes = compactArray(count, 256)
  for (let i = 0; i < count; i++) {
    const value = columns.map(column => column.values[column.codes[i] as number]).join(' ')
    let code = known.get(value)
    if (code === undefined) {
      code = values.push(value) - 1
      known.set(value, code)
      if (code >= 2 ** (8 * codes.BYTES_PER_ELEMENT)) {
        const wider = compactArray(count, code + 1)
        wider.set(codes)
        codes = wider
      }
    }
    codes[i] = code
  }
  return { codes, values, numeric: false, target: targetType(columns) }
}

/** scikit-learn's `type_of_target` of a table with several columns. */
function targetType(columns: readonly EncodedColumn[]): TargetType {
  if (!columns.every(({ numeric }) => numeric)) return 'multiclass-multioutput'
  const numbers = new Set(columns.flatMap(({ values }) => values.map(Number)))
  const isWhole = [...numbers].every(Number.isInteger)
  if (isWhole && numbers.size < 3) return 'multilabel-indicator'
  return isWhole ? 'multiclass-multioutput' : 'continuous-multioutput'
}
