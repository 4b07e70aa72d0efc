import { cellsOf, foldFolder } from './strategies/strategy.ts'
import type { PlannedFold, Round } from './strategies/strategy.ts'

/** Where each cell's shard is stored: with the first fold that validates on it. */
export function shardHomes(round: Round, folds: ReadonlyMap<number, PlannedFold>): string[] {
  const homes = Array.from({ length: round.cells }, () => 'rest')
  for (const [index, fold] of folds)
    for (const cell of cellsOf(fold.validation, round.cells))
      if (homes[cell] === 'rest') homes[cell] = foldFolder(index, fold)
  return homes
}

/** Padded, so that the order of the names is the order of the cells, in every tool. */
export function shardNames(cells: number, rounds: number, round: number, extension: string): string[] {
  const pad = (value: number, count: number) => String(value).padStart(String(count - 1).length, '0')
  const prefix = rounds === 1 ? 'part' : `part-${pad(round, rounds)}`
  return Array.from({ length: cells }, (_, cell) => `${prefix}-${pad(cell, cells)}${extension}`)
}
