import { compactArray } from '../shuffle.ts'
import type { IndexArray } from '../shuffle.ts'
import type { EncodedColumn, Records } from '../strategies/strategy.ts'

/** The records of `chosen`, in its order, as a strategy sees them: codes go by first appearance among these. */
export function selectRecords(records: Records, chosen: Uint32Array): Records {
  const columns = Object.entries(records.columns).map(([role, column]) => [role, selectColumn(column, chosen)])
  return { count: chosen.length, columns: Object.fromEntries(columns) as Records['columns'] }
}

function selectColumn(column: EncodedColumn, chosen: Uint32Array): EncodedColumn {
  const newCode = new Map<number, number>()
  const values: string[] = []
  const codes: IndexArray = compactArray(chosen.length, column.values.length)
  for (let i = 0; i < chosen.length; i++) {
    const old = column.codes[chosen[i] as number] as number
    let code = newCode.get(old)
    if (code === undefined) {
      code = values.push(column.values[old] as string) - 1
      newCode.set(old, code)
    }
    codes[i] = code
  }
  return { ...column, codes, values }
}
