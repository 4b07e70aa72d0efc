/** Padded, so that the order of the names is the order of the cells, in every tool. */
export function shardNames(cells: number, rounds: number, round: number, extension: string): string[] {
  const pad = (value: number, count: number) => String(value).padStart(String(count - 1).length, '0')
  const prefix = rounds === 1 ? 'part' : `part-${pad(round, rounds)}`
  return Array.from({ length: cells }, (_, cell) => `${prefix}-${pad(cell, cells)}${extension}`)
}

/**
 * Files of folds that hold one file each, for whoever must name them before they are there: the whole data are the first round
 * of `folds` + 1, and every fold is one, of what it trains on, what it validates on, and the rest.
 */
export function singleFileNames(folds: number, extension: string) {
  const nameOf = (round: number, cells: number, cell: number): string =>
    shardNames(cells, folds + 1, round, extension)[cell] as string
  return {
    all: nameOf(0, 2, 0),
    train: (fold: number): string => nameOf(fold + 1, 3, 0),
    validation: (fold: number): string => nameOf(fold + 1, 3, 1),
  }
}

/** Of augmented manifests, whose channels name a file. */
export const AUGMENTED_MANIFEST_EXTENSION = '.manifest'
