import { ClientFault } from '../step-fault.ts'
import { type AnalysisConfig, featureColumns } from './analysis-config.ts'
import { aggregations, coalitions, rankingGain, shapleyValues } from './kernel-shap.ts'
import type { Prediction, Predictor } from './predictor.ts'
import { type Cell, cellOf, numberIn, type Table } from './table.ts'

interface Explained {
  readonly global_shap_values: Readonly<Record<string, number>>
  readonly expected_value: number
}

/** The section of `analysis.json` that explains a model. */
export interface Explanations {
  readonly explanations: { readonly kernel_shap: Readonly<Record<string, Explained>> }
}

/** What Kernel SHAP found, with each record's own values. */
export interface Explanation extends Explanations {
  /** A header and one line per record: `<feature>_<label>`. */
  readonly localValues: readonly (readonly (string | number)[])[]
}

/**
 * Explains a model's predictions of every record by Kernel SHAP.
 *
 * @param baselineRows Rows that stand for absent features; undefined for means and most frequent values of the data set.
 * @throws ClientFault when the model gives no number.
 */
export async function explain(
  table: Table,
  config: AnalysisConfig,
  predictor: Pick<Predictor, 'predict'>,
  baselineRows: readonly (readonly Cell[])[] | undefined,
): Promise<Explanation> {
  const columns = featureColumns(table, config)
  const features = columns.map(index => table.columns[index] as string)
  const rows = table.rows.map(row => columns.map(index => row[index] ?? null))
  const baseline = baselineRows ?? [averageRow(rows)]
  checkBaseline(baseline, features)
  const shap = config.methods.shap
  const known = coalitions(features.length, shap?.num_samples ?? 2 * features.length + 2048, shap?.seed ?? 0)
  const link = shap?.use_logit === true ? logit : (score: number): number => score
  const ask = async (asked: readonly (readonly Cell[])[]): Promise<number[][]> =>
    (await predictor.predict(asked)).map(prediction => numbersOf(prediction).map(link))

  const empty = meanOf(await ask(baseline))
  const values: number[][][] = []
  for (const row of rows) {
    const mixed = known.flatMap(({ present }) =>
      baseline.map(absent => row.map((cell, index) => (present[index] === true ? cell : (absent[index] ?? null)))),
    )
    const answers = await ask([row, ...mixed])
    const [full = [], ...others] = answers
    const means = known.map((_, index) => meanOf(others.slice(index * baseline.length, (index + 1) * baseline.length)))
    values.push(
      full.map((score, output) =>
        shapleyValues(
          known,
          means.map(scores => scores[output] as number),
          { empty: empty[output] as number, full: score, features: features.length },
        ),
      ),
    )
  }
  const labels = empty.map((_, output) => String(config.predictor?.label_headers?.[output] ?? `label${output}`))
  const aggregate = aggregations[shap?.agg_method ?? 'mean_abs']
  const kernel_shap = Object.fromEntries(
    labels.map((label, output) => {
      const ofFeature = (index: number): number => aggregate(values.map(record => record[output]?.[index] ?? 0))
      const global_shap_values = Object.fromEntries(features.map((name, index) => [name, ofFeature(index)]))
      return [label, { global_shap_values, expected_value: empty[output] as number }]
    }),
  )
  const header = labels.flatMap(label => features.map(name => `${name}_${label}`))
  return { explanations: { kernel_shap }, localValues: [header, ...values.map(record => record.flat())] }
}

function numbersOf(prediction: Prediction): readonly number[] {
  if (prediction.scores.length === 0)
    throw new ClientFault(
      `The model answered with the label ${JSON.stringify(prediction.label)} — Kernel SHAP explains numbers — name "probability" in "predictor".`,
    )
  return prediction.scores
}

const logit = (probability: number): number => {
  const inside = Math.min(Math.max(probability, 1e-7), 1 - 1e-7)
  return Math.log(inside / (1 - inside))
}

function meanOf(rows: readonly (readonly number[])[]): number[] {
  return (rows[0] ?? []).map((_, output) => rows.reduce((sum, row) => sum + (row[output] ?? 0), 0) / rows.length)
}

function checkBaseline(baseline: readonly (readonly Cell[])[], features: readonly string[]): void {
  const wrong = baseline.find(row => row.length !== features.length)
  if (wrong !== undefined)
    throw new ClientFault(
      `A row of "baseline" has ${wrong.length} values — the ${features.length} features ${features.join(', ')} are explained — give one value for each.`,
    )
}

/** The mean of every number and the most frequent of every other value. */
function averageRow(rows: readonly (readonly Cell[])[]): Cell[] {
  return (rows[0] ?? []).map((_, index) => {
    const cells = rows.map(row => row[index] ?? null).filter(cell => cell !== null)
    const numbers = cells.map(numberIn)
    if (cells.length > 0 && numbers.every(number => number !== undefined))
      return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
    const counts = new Map<Cell, number>()
    for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1)
    return [...counts].reduce<[Cell, number]>((most, one) => (one[1] > most[1] ? one : most), [null, 0])[0]
  })
}

/** A baseline of the configuration: lists of values, or objects with the list at the path "features". */
export function inlineBaseline(rows: readonly unknown[], config: AnalysisConfig): Cell[][] {
  return rows.map(row => {
    const values = Array.isArray(row) ? (row as unknown[]) : memberAt(row, config.features ?? '')
    if (!Array.isArray(values))
      throw new ClientFault(
        'A row of "baseline" of analysis_config.json is no list of values — it needs one value per feature — correct it.',
      )
    return values.map(cellOf)
  })
}

const memberAt = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (at, name) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined),
      value,
    )

/** The share of the baseline's ranking that must be kept. Source: Developer Guide, "Monitor Feature Attribution Drift". */
const leastGain = 0.9

/** Labels whose features rank otherwise than in the baseline's `analysis.json`. */
export function attributionViolations(analysis: Explanations, baseline: Explanations): object[] {
  return Object.entries(analysis.explanations.kernel_shap).flatMap(([label, { global_shap_values }]) => {
    const before = baseline.explanations.kernel_shap[label]?.global_shap_values
    const gain = before === undefined ? 1 : rankingGain(before, global_shap_values)
    return gain < leastGain
      ? [
          {
            label,
            metric_name: 'shap',
            constraint_check_type: 'feature_attribution_drift_check',
            description: `Feature attribution drift ${gain} exceeds threshold ${leastGain}`,
          },
        ]
      : []
  })
}
