import { Mt19937 } from '../mt19937.ts'
import { permutation } from '../shuffle.ts'
import { cellsByGroup } from './group-kfold.ts'
import { checkSplits } from './kfold.ts'
import { checkStrata } from './stratified-kfold.ts'
import { column, countCodes, foldPerCell, sortedCodes } from './strategy.ts'
import type { EncodedColumn, Strategy } from './strategy.ts'

/**
 * `StratifiedGroupKFold`: groups of the most uneven classes first, each to the fold that keeps the classes most even.
 *
 * The order of floating-point operations is numpy's, because ties and near-ties decide. With `shuffle` the groups' class
 * counts are shuffled, but not the groups, as in scikit-learn up to 1.6: the folds are its folds.
 */
export const stratifiedGroupKFold: Strategy = {
  sklearn: 'StratifiedGroupKFold',
  needs: ['label', 'groups'],
  random: 'optional',
  takes: [],
  plan(records, { k, shuffle, seed }) {
    checkSplits(k, records.count)
    const label = column(records, 'label')
    const groups = column(records, 'groups')
    const warnings = checkStrata(label, k)
    const classCodes = sortedCodes(label)
    const groupCodes = sortedCodes(groups)
    const counts = classCountsPerGroup(label, groups, classCodes, groupCodes)
    const order = shuffle ? permutation(new Mt19937(seed ?? 0), counts.length) : [...counts.keys()]
    const rows = Array.from(order, group => counts[group] as number[])
    const perClass = countCodes(label)
    const foldOfRow = assignFolds(
      rows,
      classCodes.map(code => perClass[code] as number),
      k,
    )
    const foldOfGroup = new Uint32Array(groupCodes.length)
    groupCodes.forEach((code, row) => {
      foldOfGroup[code] = foldOfRow[row] as number
    })
    return foldPerCell(k, cellsByGroup(groups, foldOfGroup, k), { keepsGroups: true, warnings })
  },
}

function classCountsPerGroup(
  label: EncodedColumn,
  groups: EncodedColumn,
  classCodes: readonly number[],
  groupCodes: readonly number[],
): number[][] {
  const classRank = ranks(classCodes)
  const groupRank = ranks(groupCodes)
  const counts = groupCodes.map(() => classCodes.map(() => 0))
  for (let i = 0; i < label.codes.length; i++) {
    const row = counts[groupRank[groups.codes[i] as number] as number] as number[]
    const at = classRank[label.codes[i] as number] as number
    row[at] = (row[at] as number) + 1
  }
  return counts
}

function ranks(order: readonly number[]): Uint32Array {
  const rank = new Uint32Array(order.length)
  order.forEach((code, i) => {
    rank[code] = i
  })
  return rank
}

function assignFolds(rows: readonly number[][], perClass: readonly number[], k: number): number[] {
  const spread = rows.map(row => standardDeviation(row))
  const order = [...rows.keys()].sort((a, b) => (spread[b] as number) - (spread[a] as number))
  const folds = Array.from({ length: k }, () => perClass.map(() => 0))
  const foldOfRow: number[] = []
  for (const row of order) {
    const best = bestFold(folds, perClass, rows[row] as number[])
    add(folds[best] as number[], rows[row] as number[], 1)
    foldOfRow[row] = best
  }
  return foldOfRow
}

function bestFold(folds: number[][], perClass: readonly number[], row: readonly number[]): number {
  let best = 0
  let leastUneven = Number.POSITIVE_INFINITY
  let fewest = Number.POSITIVE_INFINITY
  folds.forEach((fold, i) => {
    add(fold, row, 1)
    const uneven = mean(
      perClass.map((count, c) =>
        standardDeviation(
          folds.map(other => (other[c] as number) / count),
          sum,
        ),
      ),
    )
    add(fold, row, -1)
    const samples = sum(fold)
    if (uneven < leastUneven || (isClose(uneven, leastUneven) && samples < fewest)) {
      best = i
      leastUneven = uneven
      fewest = samples
    }
  })
  return best
}

function add(fold: number[], row: readonly number[], sign: 1 | -1): void {
  row.forEach((count, c) => {
    fold[c] = (fold[c] as number) + sign * count
  })
}

/** `numpy.isclose` with its default tolerances. */
function isClose(a: number, b: number): boolean {
  return Number.isFinite(b) && Math.abs(a - b) <= 1e-8 + 1e-5 * Math.abs(b)
}

/** `numpy.std`: along rows of memory sums go pairwise, across them one after the other. */
function standardDeviation(
  values: readonly number[],
  total: (values: readonly number[]) => number = pairwiseSum,
): number {
  const average = total(values) / values.length
  return Math.sqrt(total(values.map(value => (value - average) * (value - average))) / values.length)
}

function mean(values: readonly number[]): number {
  return pairwiseSum(values) / values.length
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0)
}

/** numpy's pairwise summation (loops_utils.h), whose rounding the ties depend on. */
function pairwiseSum(values: readonly number[]): number {
  const n = values.length
  if (n < 8) return sum(values)
  if (n > 128) {
    const half = Math.floor(n / 2) - (Math.floor(n / 2) % 8)
    return pairwiseSum(values.slice(0, half)) + pairwiseSum(values.slice(half))
  }
  const r = values.slice(0, 8)
  let i = 8
  for (; i < n - (n % 8); i += 8) for (let j = 0; j < 8; j++) r[j] = (r[j] as number) + (values[i + j] as number)
  const [a, b, c, d, e, f, g, h] = r as [number, number, number, number, number, number, number, number]
  let total = a + b + (c + d) + (e + f + (g + h))
  for (; i < n; i++) total += values[i] as number
  return total
}
