import type { AggregateOptions } from '../../schemas/aggregate-options.ts'
import type { PooledMetrics } from '../../schemas/evaluation.ts'
import type { FoldReport } from '../../schemas/fold-report.ts'
import { UserError } from '../../schemas/problem.ts'
import { readCsv } from '../../schemas/read-csv.ts'
import { eachFold } from './collect-values.ts'
import type { ValueSources } from './collect-values.ts'
import { poolClassification } from './pooled-classification.ts'
import { poolRegression } from './pooled-regression.ts'
import type { PredictionRecord } from './prediction-record.ts'
import { registryMetric } from './registry-metrics.ts'
import { describeFold, readTrainingFile } from './training-output.ts'
import type { TrainingOutput } from './training-output.ts'

/**
 * The folds' prediction files as one list, with metrics over all of it. A file is CSV with the columns `key`, `label`,
 * `prediction` and, for curves, `score:<class>` for every class.
 *
 * @throws UserError when a fold's file is missing, has another number of records than the fold, or repeats a key
 */
export async function poolPredictions(
  options: AggregateOptions & { readonly predictions: string },
  inputs: ValueSources & { readonly foldReport: FoldReport },
  missing: readonly { readonly index: number }[],
): Promise<{ records: PredictionRecord[]; pooled: PooledMetrics }> {
  const { foldReport } = inputs
  const left = new Set(missing.map(({ index }) => index))
  const folds = await eachFold(options.k, inputs, async output => {
    if (left.has(output.index)) return []
    const text = await readTrainingFile(output, options.predictions)
    return readPredictions(text, output, options.predictions, foldReport.folds[output.index]?.validation.records)
  })
  const problems = folds.flatMap(fold => ('problem' in fold ? [fold.problem] : []))
  if (problems.length > 0) throw new UserError(problems.join(' '))
  const byFold = folds.map(fold => ('value' in fold ? fold.value : []))
  checkKeys(byFold, foldReport)
  const records = byFold.flat()
  const { group } = registryMetric(options.objective, Object.keys(foldReport.classes).length)
  return { records, pooled: group === 'regression_metrics' ? poolRegression(records) : poolClassification(records) }
}

const SCORE = 'score:'

function readPredictions(
  text: string,
  output: TrainingOutput,
  file: string,
  expected: number | undefined,
): PredictionRecord[] {
  const place = `${describeFold(output)}: ${file}`
  const [header, ...lines] = readCsv(text, place)
  const names = header?.cells ?? []
  const column = (name: string) => {
    const index = names.indexOf(name)
    if (index !== -1) return index
    throw new UserError(
      `${place} has no column "${name}"; it has ${names.join(', ')} — write key, label, prediction and score:<class> for every class.`,
    )
  }
  const [key, label, prediction] = [column('key'), column('label'), column('prediction')]
  const scored = names.flatMap((name, index) =>
    name.startsWith(SCORE) ? [[name.slice(SCORE.length), index] as const] : [],
  )
  if (expected !== undefined && lines.length !== expected) {
    throw new UserError(
      `${place} has ${lines.length} predictions, but fold ${output.index} validates on ${expected} records — write one line per validation record.`,
    )
  }
  return lines.map(({ cells, line }) => {
    if (cells.length !== names.length) {
      throw new UserError(`${place} line ${line} has ${cells.length} cells, its header has ${names.length}.`)
    }
    const scores = scored.map(([name, index]) => {
      const value = Number(cells[index] === '' ? Number.NaN : cells[index])
      if (Number.isFinite(value)) return [name, value] as const
      throw new UserError(`${place} line ${line}: the score "${cells[index]}" is not a finite number.`)
    })
    return {
      fold: output.index,
      key: cells[key] ?? '',
      label: cells[label] ?? '',
      prediction: cells[prediction] ?? '',
      scores: new Map(scores),
    }
  })
}

/**
 * A key occurs once in a fold; and once in all folds when every record is validated once and keys are the records' own
 * (a trainer without a key column numbers the records of each fold from 0).
 */
function checkKeys(folds: readonly (readonly PredictionRecord[])[], { repeats, certificate }: FoldReport): void {
  const numbered = folds.every(records => records.every(({ key }, index) => key === String(index)))
  const once = certificate.complete === true && repeats === 1 && !numbered
  const seen = new Map<string, number>()
  for (const { key, fold } of folds.flat()) {
    const id = once ? key : `${fold}/${key}`
    const before = seen.get(id)
    if (before !== undefined) {
      const where = before === fold ? `twice in fold ${fold}` : `in folds ${before} and ${fold}`
      throw new UserError(`Predictions: the key "${key}" is ${where} — every record needs a key of its own.`)
    }
    seen.set(id, fold)
  }
}

/** The joined predictions as CSV, in fold order: `fold`, then the columns of the folds' files. */
export function renderPooledPredictions(records: readonly PredictionRecord[]): string {
  const classes = [...new Set(records.flatMap(({ scores }) => [...scores.keys()]))]
  const header = ['fold', 'key', 'label', 'prediction', ...classes.map(name => SCORE + name)]
  const lines = records.map(({ fold, key, label, prediction, scores }) =>
    [String(fold), key, label, prediction, ...classes.map(name => String(scores.get(name) ?? ''))]
      .map(quoted)
      .join(','),
  )
  return `${[header.map(quoted).join(','), ...lines].join('\n')}\n`
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
