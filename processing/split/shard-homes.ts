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
