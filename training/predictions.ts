import type { Dataset } from './read-channel.ts'

/**
 * `predictions.csv`: a line per record with its key, its label, the predicted class and a score for every class. All
 * folds together are the out-of-fold predictions of a data set.
 */
export function renderPredictions(
  data: Dataset,
  classes: readonly string[],
  predicted: readonly string[],
  score: (row: readonly number[]) => readonly number[],
): string {
  const header = ['key', 'label', 'prediction', ...classes.map(name => `score:${name}`)]
  const lines = data.rows.map((row, index) => [
    data.keys[index] ?? '',
    data.labels[index] ?? '',
    predicted[index] ?? '',
    ...score(row).map(String),
  ])
  return `${[header, ...lines].map(cells => cells.map(quoted).join(',')).join('\n')}\n`
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
