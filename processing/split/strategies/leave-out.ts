import { UserError } from '../../../schemas/problem.ts'
import type { SplitOptions } from '../../../schemas/split-options.ts'
import { compactArray } from '../shuffle.ts'
import { cellsByGroup } from './group-kfold.ts'
import { column, combinations, foldPerCell, planOf, sortedCodes } from './strategy.ts'
import type { EncodedColumn, PlannedFold, Records, Strategy } from './strategy.ts'

/** `LeaveOneOut`: every record is a fold. */
export const leaveOneOut: Strategy = {
  sklearn: 'LeaveOneOut',
  needs: [],
  random: 'never',
  takes: [],
  plan({ count }, options) {
    if (count <= 1) throw new UserError(`Cannot perform LeaveOneOut with n_samples=${count}.`)
    checkFolds(count, count, options)
    return foldPerCell(count, ownCells(count))
  },
}

/** `LeavePOut`: every combination of p records is a fold. */
export const leavePOut: Strategy = {
  sklearn: 'LeavePOut',
  needs: [],
  random: 'never',
  takes: ['p'],
  plan({ count }, options) {
    const p = left(options)
    if (count <= p) throw new UserError(`p=${p} must be strictly less than the number of samples=${count}`)
    checkFolds(choose(count, p), count, options)
    return planOf([{ cells: count, cellOf: ownCells(count), folds: leavingOut(count, p) }], 1, { partitions: p === 1 })
  },
}

/** `LeaveOneGroupOut`: every group is a fold, groups in sorted order. */
export const leaveOneGroupOut: Strategy = {
  sklearn: 'LeaveOneGroupOut',
  needs: ['groups'],
  random: 'never',
  takes: [],
  plan(records, options) {
    const groups = column(records, 'groups')
    if (groups.values.length <= 1)
      throw new UserError(
        `The groups parameter contains fewer than 2 unique groups (${arrayText(groups)}). LeaveOneGroupOut expects at least 2.`,
      )
    checkFolds(groups.values.length, groups.values.length, options)
    return foldPerCell(groups.values.length, groupCells(records), { keepsGroups: true })
  },
}

/** `LeavePGroupsOut`: every combination of p groups is a fold. */
export const leavePGroupsOut: Strategy = {
  sklearn: 'LeavePGroupsOut',
  needs: ['groups'],
  random: 'never',
  takes: ['p'],
  plan(records, options) {
    const p = left(options)
    const groups = column(records, 'groups')
    const cells = groups.values.length
    if (p >= cells)
      throw new UserError(
        `The groups parameter contains fewer than (or equal to) n_groups (${p}) numbers of unique groups (${arrayText(groups)}). LeavePGroupsOut expects that at least n_groups + 1 (${p + 1}) unique groups be present`,
      )
    checkFolds(choose(cells, p), cells, options)
    const round = { cells, cellOf: groupCells(records), folds: leavingOut(cells, p) }
    return planOf([round], 1, { keepsGroups: true, partitions: p === 1 })
  },
}

/** The pipeline has k training steps, so k must be what the data give. */
export function checkFolds(folds: number, cells: number, { k, strategy }: SplitOptions): void {
  if (folds !== k)
    throw new UserError(
      folds > MOST_FOLDS
        ? `${strategy} makes ${folds} folds of this data, more than the ${MOST_FOLDS} that can be written as folders — use kfold with fewer folds`
        : `k is ${k}, but ${strategy} makes ${folds} folds of this data — give k = ${folds}`,
    )
  if (cells * folds > MOST_LINKS)
    throw new UserError(
      `${strategy} makes ${folds} folds of ${cells} files each, more than ${MOST_LINKS} files in all — use kfold with fewer folds`,
    )
}

/** A pipeline has a step per fold and a folder for each; more of them than this is a mistake, and takes hours to fail. */
const MOST_FOLDS = 10_000
/** Every fold's training folder has a link to nearly every shard. */
const MOST_LINKS = 4_000_000

function left({ p, strategy }: SplitOptions): number {
  if (p === undefined)
    throw new UserError(`strategy ${strategy} needs p — say how many to leave out with --p`, { exitCode: 2 })
  return p
}

function leavingOut(cells: number, p: number): PlannedFold[] {
  return Array.from(combinations(cells, p), chosen => ({ train: { allBut: chosen }, validation: { only: chosen } }))
}

function ownCells(count: number) {
  const cellOf = compactArray(count, count)
  for (let i = 0; i < count; i++) cellOf[i] = i
  return cellOf
}

function groupCells(records: Records) {
  const groups = column(records, 'groups')
  const cellOfGroup = new Uint32Array(groups.values.length)
  sortedCodes(groups).forEach((code, cell) => {
    cellOfGroup[code] = cell
  })
  return cellsByGroup(groups, cellOfGroup, groups.values.length)
}

function choose(n: number, r: number): number {
  let result = 1
  for (let i = 1; i <= Math.min(r, n - r); i++) result = Math.round((result * (n - i + 1)) / i)
  return result
}

/** The sorted values as numpy prints a short array. */
function arrayText(column: EncodedColumn): string {
  const values = sortedCodes(column).map(code => column.values[code] as string)
  if (!column.numeric) return `[${values.map(value => `'${value}'`).join(' ')}]`
  const width = Math.max(...values.map(({ length }) => length))
  return `[${values.map(value => value.padStart(width)).join(' ')}]`
}
