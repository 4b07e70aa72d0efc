import { UserError } from '../../schemas/problem.ts'
import type { SplitOptions } from '../../schemas/split-options.ts'
import type { Format, RecordCodec } from '../formats/format.ts'
import { combineLabels } from './combine-labels.ts'
import { KeyedFolds } from './keyed-folds.ts'
import type { IndexArray } from './shuffle.ts'
import { strategies } from './strategies/strategies.ts'
import { columnRoles } from './strategies/strategy.ts'
import type { ColumnRole, EncodedColumn, Strategy } from './strategies/strategy.ts'
import { ValueCodes } from './value-codes.ts'
import { withWholeRecord } from './whole-record-key.ts'

/** More classes than this are no classes but a number to predict: they are not counted fold by fold. */
export const MAX_COUNTED_CLASSES = 1000
export const MAX_VALUES = 2 ** 24

/** A column that the split reads, and what becomes of its values. */
export interface WantedColumn {
  readonly role: ColumnRole
  readonly name: string
  readonly codes: ValueCodes | KeyedFolds
  readonly needed: boolean
}

/** The columns that the options name, in the order of their roles. */
export function wantedColumns(options: SplitOptions, strategy: Strategy): WantedColumn[] {
  return columnRoles.flatMap((role): WantedColumn[] => {
    if (role === 'label' && options.labels !== undefined)
      return options.labels.split(',').map(name => ({ role, name, needed: true, codes: new ValueCodes(MAX_VALUES) }))
    const name = options[role]
    if (name === undefined) return []
    const needed = role === 'weight' || strategy.needs.includes(role)
    if (role === 'key') return [{ role, name, needed, codes: new KeyedFolds(options.k, options.seed ?? 0) }]
    return [{ role, name, needed, codes: new ValueCodes(needed ? MAX_VALUES : MAX_COUNTED_CLASSES) }]
  })
}

/** The key of hash-kfold that names no column is the whole record; its column comes last. */
export function openCodec(format: Format, options: SplitOptions, columns: WantedColumn[]): RecordCodec {
  const codec = format.open({ header: options.header, columns: columns.map(({ name }) => name) })
  const { takes }: Strategy = strategies[options.strategy]
  if (!takes.includes('key') || options.key !== undefined) return codec
  columns.push({ role: 'key', name: 'record', needed: true, codes: new KeyedFolds(options.k, options.seed ?? 0) })
  return withWholeRecord(codec)
}

/** What the values of the columns have come to, once every record was read. */
export function readColumns(columns: readonly WantedColumn[]) {
  const encoded: Partial<Record<ColumnRole, EncodedColumn>> = {}
  const labels: EncodedColumn[] = []
  let keyedFolds: IndexArray | undefined
  for (const { role, name, codes, needed } of columns) {
    if (codes instanceof KeyedFolds) {
      keyedFolds = codes.foldOf
      continue
    }
    if (!codes.overflowed && role === 'label') labels.push(codes.column())
    else if (!codes.overflowed) encoded[role] = codes.column()
    else if (needed)
      throw new UserError(
        `column ${JSON.stringify(name)} has more than ${MAX_VALUES} different values — choose another column`,
      )
  }
  if (labels.length > 0) encoded.label = combineLabels(labels)
  const { label } = encoded
  const continuous = label?.numeric === true && label.values.some(value => !Number.isInteger(Number(value)))
  const classes = label === undefined || continuous || label.values.length > MAX_COUNTED_CLASSES ? null : label
  const named = columns.find(({ role }) => role === 'label')?.name
  const warnings =
    named === undefined || classes !== null
      ? []
      : [`${named} is continuous or has more than ${MAX_COUNTED_CLASSES} values: no classes were counted.`]
  return { encoded, classes, warnings, ...(keyedFolds && { keyedFolds }) }
}
