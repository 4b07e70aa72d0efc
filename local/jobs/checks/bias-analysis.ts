import { ClientFault } from '../step-fault.ts'
import { type AnalysisConfig, featureColumns, labelColumn, mustFind, wantedMethods } from './analysis-config.ts'
import {
  type BiasMetrics,
  measureBias,
  type MeasuredBias,
  type Outcome,
  postTrainingMetrics,
  preTrainingMetrics,
} from './bias-metrics.ts'
import type { Prediction } from './predictor.ts'
import { type Cell, numberIn, type Table } from './table.ts'

/** One side of a data set: the positive labels, a sensitive group. */
interface Selection {
  readonly has: (cell: Cell) => boolean
  /** As the report names it: values joined with commas, or `(threshold, greatest]`. */
  readonly text: string
}

interface BiasSection {
  readonly label: string
  readonly label_value_or_threshold: string
  readonly facets: Readonly<
    Record<string, readonly { readonly value_or_threshold: string; readonly metrics: readonly MeasuredBias[] }[]>
  >
}

/** The bias sections of `analysis.json`. */
export interface BiasAnalysis {
  readonly pre_training_bias_metrics?: BiasSection
  readonly post_training_bias_metrics?: BiasSection
}

/**
 * Bias of a data set, and with predictions of the model. Records without a label or without a facet's value are left out of it.
 *
 * @param predictions Of every record, in their order; needed when post-training metrics are asked for.
 * @throws ClientFault when the configuration names what the data set does not have.
 */
export function analyseBias(table: Table, config: AnalysisConfig, predictions?: readonly Prediction[]): BiasAnalysis {
  const label = labelColumn(table, config)
  const labels = table.rows.map(row => row[label] ?? null)
  const positive = positiveLabels(labels, config)
  const predicted = predictions === undefined ? undefined : predictedPositive(predictions, positive, config)
  const about = { label: table.columns[label] as string, label_value_or_threshold: positive.text }
  const section = (metrics: BiasMetrics, names: readonly string[]): BiasSection => ({
    ...about,
    facets: Object.fromEntries(
      (config.facet ?? []).map(({ name_or_index, value_or_threshold }) => {
        const column = mustFind(table, name_or_index, 'facet')
        const cells = table.rows.map(row => row[column] ?? null)
        const groups = facetGroups(cells, value_or_threshold ?? undefined, table.columns[column] as string)
        return [
          table.columns[column] as string,
          groups.map(group => {
            const kept = [...table.rows.keys()].filter(index => labels[index] !== null && cells[index] !== null)
            const records = kept.map(index =>
              recordOf(table, config, index, { group, cells, labels, positive, predicted }),
            )
            const features = numericFeatures(table, config, column)
            return {
              value_or_threshold: group.text,
              metrics: measureBias(metrics, names, records, features && kept.map(index => features[index] as number[])),
            }
          }),
        ]
      }),
    ),
  })
  const before = wantedMethods(config.methods.pre_training_bias, Object.keys(preTrainingMetrics))
  const after = wantedMethods(config.methods.post_training_bias, Object.keys(postTrainingMetrics))
  // Without a group variable there is no conditional disparity.
  const possible = (names: readonly string[]): readonly string[] =>
    config.group_variable === undefined || config.group_variable === null
      ? names.filter(name => !name.startsWith('CDD'))
      : names
  return {
    ...(before.length > 0 && { pre_training_bias_metrics: section(preTrainingMetrics, possible(before)) }),
    ...(after.length > 0 &&
      predicted !== undefined && { post_training_bias_metrics: section(postTrainingMetrics, possible(after)) }),
  }
}

function recordOf(
  table: Table,
  config: AnalysisConfig,
  index: number,
  by: {
    group: Selection
    cells: readonly Cell[]
    labels: readonly Cell[]
    positive: Selection
    predicted: readonly boolean[] | undefined
  },
): Outcome {
  const { group_variable } = config
  const variable =
    group_variable === undefined || group_variable === null
      ? undefined
      : mustFind(table, group_variable, 'group_variable')
  return {
    sensitive: by.group.has(by.cells[index] ?? null),
    positive: by.positive.has(by.labels[index] ?? null),
    ...(by.predicted !== undefined && { predicted: by.predicted[index] === true }),
    ...(variable !== undefined && { group: String(table.rows[index]?.[variable] ?? '') }),
  }
}

/** Integers with a smaller share of different values are categories. Source: the open-source library of SageMaker Clarify. */
const categoryShare = 0.05

/** True for texts, for at most two values, and for integers with few different values. */
function isCategorical(cells: readonly Cell[]): boolean {
  const present = cells.filter(cell => cell !== null)
  const numbers = present.map(numberIn)
  if (numbers.some(number => number === undefined)) return true
  const distinct = new Set(numbers).size
  return distinct <= 2 || (numbers.every(Number.isInteger) && distinct / present.length < categoryShare)
}

type Value = string | number | boolean

function selectValues(values: readonly Value[]): Selection {
  const same = (cell: Cell, value: Value): boolean => {
    const [one, other] = [numberIn(cell), numberIn(value)]
    return one === undefined || other === undefined ? String(cell) === String(value) : one === other
  }
  return { has: cell => cell !== null && values.some(value => same(cell, value)), text: values.map(String).join(',') }
}

function selectAbove(cells: readonly Cell[], threshold: number): Selection {
  const greatest = cells.reduce<number>((most, cell) => Math.max(most, numberIn(cell) ?? most), threshold)
  return { has: cell => (numberIn(cell) ?? threshold) > threshold, text: `(${threshold}, ${greatest}]` }
}

function positiveLabels(labels: readonly Cell[], config: AnalysisConfig): Selection {
  const given = config.label_values_or_threshold
  if (given !== undefined && given !== null) return select(labels, given)
  const distinct = distinctOf(labels)
  const greatest = distinct.at(-1)
  if (distinct.length > 2 || greatest === undefined)
    throw new ClientFault(
      `analysis_config.json has no "label_values_or_threshold" — the label has ${distinct.length} values — name the positive ones.`,
    )
  return selectValues([greatest])
}

function select(cells: readonly Cell[], given: readonly Value[]): Selection {
  const threshold = given.length === 1 ? numberIn(given[0] as Value) : undefined
  return threshold === undefined || isCategorical(cells) ? selectValues(given) : selectAbove(cells, threshold)
}

/** The sensitive group that is named, else one group per value of the facet. */
function facetGroups(cells: readonly Cell[], given: readonly Value[] | undefined, name: string): Selection[] {
  if (given !== undefined) return [select(cells, given)]
  if (!isCategorical(cells))
    throw new ClientFault(`The facet ${name} is continuous — it needs a threshold — give "value_or_threshold".`)
  return distinctOf(cells).map(value => selectValues([value]))
}

function distinctOf(cells: readonly Cell[]): Value[] {
  const distinct = [...new Set(cells.filter(cell => cell !== null))]
  return distinct.sort((a, b) => {
    const [one, other] = [numberIn(a), numberIn(b)]
    return one !== undefined && other !== undefined ? one - other : String(a) < String(b) ? -1 : 1
  })
}

const defaultThreshold = 0.5

function predictedPositive(predictions: readonly Prediction[], positive: Selection, config: AnalysisConfig): boolean[] {
  const threshold = config.probability_threshold ?? defaultThreshold
  const headers = config.predictor?.label_headers
  return predictions.map(({ scores, label }) => {
    if (label !== undefined) return positive.has(label)
    if (scores.length <= 1) return (scores[0] ?? 0) > threshold
    const best = scores.indexOf(Math.max(...scores))
    return positive.has(headers?.[best] ?? best)
  })
}

/** The features of every record but the facet, as numbers; undefined when one is none. */
function numericFeatures(table: Table, config: AnalysisConfig, facet: number): number[][] | undefined {
  const columns = featureColumns(table, config).filter(index => index !== facet)
  const rows = table.rows.map(row => columns.map(index => numberIn(row[index] ?? null)))
  return rows.every((row): row is number[] => row.every(value => value !== undefined)) ? rows : undefined
}

/** A metric is worse when it is further from what no bias would give; this much is rounding. */
const tolerance = 1e-9

/** Metrics that are further from fairness than in the baseline's `analysis.json`, as `constraint_violations.json` lists them. */
export function biasViolations(analysis: BiasAnalysis, baseline: BiasAnalysis): object[] {
  const sections = [
    ['pre_training_bias_metrics', preTrainingMetrics],
    ['post_training_bias_metrics', postTrainingMetrics],
  ] as const
  return sections.flatMap(([name, metrics]) =>
    Object.entries(analysis[name]?.facets ?? {}).flatMap(([facet, groups]) =>
      groups.flatMap(({ value_or_threshold, metrics: measured }) => {
        const before = baseline[name]?.facets[facet]?.find(group => group.value_or_threshold === value_or_threshold)
        return measured.flatMap(({ name: metric_name, value }) => {
          const old = before?.metrics.find(metric => metric.name === metric_name)?.value
          const fair = (metrics as BiasMetrics)[metric_name]?.fair ?? 0
          const isWorse = distance(value, fair) > distance(old, fair) + tolerance
          return isWorse
            ? [
                {
                  facet,
                  facet_value: value_or_threshold,
                  metric_name,
                  constraint_check_type: 'bias_drift_check',
                  description: `Metric value ${value} doesn't meet the baseline constraint requirement ${old}`,
                },
              ]
            : []
        })
      }),
    ),
  )
}

/** NaN, which is worse than nothing, for what was not measured. */
const distance = (value: MeasuredBias['value'] | undefined, fair: number): number =>
  value === null || value === undefined ? Number.NaN : Math.abs(Number(value) - fair)
