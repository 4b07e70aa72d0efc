import { seededRandom } from './seeded-random.ts'

/** What a model said of one record and what was true. */
export interface Scored {
  readonly truth: string
  readonly prediction: string
  /** Of the positive class. */
  readonly probability?: number | undefined
}

type Metrics = Readonly<Record<string, number>>

/** A metric as the report writes it; the deviation is `NaN` for less than 200 records. */
interface MetricValue {
  readonly value: number
  readonly standard_deviation: number | 'NaN'
}

export type ProblemType = 'Regression' | 'BinaryClassification' | 'MulticlassClassification'

interface Problem {
  /** The report's member: `regression_metrics`, `regression_constraints`. */
  readonly prefix: string
  readonly metrics: (records: readonly Scored[]) => Metrics
  /** What the report has beside metrics. */
  readonly details: (records: readonly Scored[]) => object
}

/** One entry per problem type. Source of names and forms: Developer Guide, "Model Quality Metrics". */
const problems = {
  Regression: { prefix: 'regression', metrics: regressionMetrics, details: () => ({}) },
  BinaryClassification: {
    prefix: 'binary_classification',
    metrics: binaryMetrics,
    details: records => ({ confusion_matrix: confusionMatrix(records), ...curves(records) }),
  },
  MulticlassClassification: {
    prefix: 'multiclass_classification',
    metrics: multiclassMetrics,
    details: records => ({ confusion_matrix: confusionMatrix(records) }),
  },
} satisfies Record<ProblemType, Problem>

export const isProblemType = (text: string): text is ProblemType => Object.hasOwn(problems, text)

/** `statistics.json` of model quality. */
export function modelStatistics(type: ProblemType, records: readonly Scored[]): object {
  const { prefix, metrics, details } = problems[type]
  const values = metrics(records)
  const deviations = deviationsOf(records, metrics)
  const written = Object.entries(values).map(([name, value]): [string, MetricValue] => [
    name,
    { value, standard_deviation: deviations?.[name] ?? 'NaN' },
  ])
  return {
    version: 0,
    dataset: { item_count: records.length },
    [`${prefix}_metrics`]: { ...details(records), ...Object.fromEntries(written) },
  }
}

/** A metric that is better when it is smaller. */
const errors = new Set(['mae', 'mse', 'rmse', 'false_positive_rate', 'false_negative_rate'])

interface Constraint {
  readonly threshold: number
  readonly comparison_operator: 'GreaterThanThreshold' | 'LessThanThreshold'
}

/** `constraints.json` of model quality: the model must not become worse. Constant classifiers are no constraint. */
export function suggestModelConstraints(type: ProblemType, records: readonly Scored[]): object {
  const constraints = Object.entries(problems[type].metrics(records))
    .filter(([name, value]) => !name.endsWith('_best_constant_classifier') && Number.isFinite(value))
    .map(([name, threshold]): [string, Constraint] => [
      name,
      { threshold, comparison_operator: errors.has(name) ? 'GreaterThanThreshold' : 'LessThanThreshold' },
    ])
  return { version: 0, [`${problems[type].prefix}_constraints`]: Object.fromEntries(constraints) }
}

/** The metrics that are beyond the threshold of a baseline's constraints. */
export function modelViolations(type: ProblemType, records: readonly Scored[], constraints: unknown): object[] {
  const given = (constraints as Record<string, Readonly<Record<string, Partial<Constraint>>> | undefined>)[
    `${problems[type].prefix}_constraints`
  ]
  const metrics = problems[type].metrics(records)
  return Object.entries(given ?? {}).flatMap(([metric_name, { threshold, comparison_operator }]) => {
    const value = metrics[metric_name]
    if (value === undefined || threshold === undefined) return []
    const isBeyond = comparison_operator === 'GreaterThanThreshold' ? value > threshold : value < threshold
    return isBeyond
      ? [
          {
            constraint_check_type: comparison_operator,
            description: `Metric ${metric_name} with ${value} was ${comparison_operator} '${threshold}'`,
            metric_name,
          },
        ]
      : []
  })
}

const fewest = 200

/** Of five random samples of 80 % the standard deviation of every metric; undefined below 200 records. Source: as above. */
function deviationsOf(records: readonly Scored[], metrics: Problem['metrics']): Metrics | undefined {
  if (records.length < fewest) return undefined
  const random = seededRandom(records.length)
  const samples = Array.from({ length: 5 }, () => {
    const pool = [...records]
    const size = Math.floor(records.length * 0.8)
    for (let at = 0; at < size; at++) {
      const other = at + Math.floor(random() * (pool.length - at))
      ;[pool[at], pool[other]] = [pool[other] as Scored, pool[at] as Scored]
    }
    return metrics(pool.slice(0, size))
  })
  const names = Object.keys(samples[0] ?? {})
  return Object.fromEntries(names.map(name => [name, deviation(samples.map(sample => sample[name] ?? Number.NaN))]))
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
}

/** `r2` of a constant truth is 0: there is no variance to explain. */
export function regressionMetrics(records: readonly Scored[]): Metrics {
  const truths = records.map(({ truth }) => Number(truth))
  const mean = truths.reduce((sum, value) => sum + value, 0) / truths.length
  let [absolute, squared, variance] = [0, 0, 0]
  for (const [index, { prediction }] of records.entries()) {
    const truth = truths[index] as number
    absolute += Math.abs(truth - Number(prediction))
    squared += (truth - Number(prediction)) ** 2
    variance += (truth - mean) ** 2
  }
  const mse = squared / records.length
  return { mae: absolute / records.length, mse, rmse: Math.sqrt(mse), r2: variance === 0 ? 0 : 1 - squared / variance }
}

/** 0 where nothing is counted: a rate without cases. */
const rate = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)

const fScore = (beta: number, precision: number, recall: number): number =>
  rate((1 + beta ** 2) * precision * recall, beta ** 2 * precision + recall)

const betas = { f0_5: 0.5, f1: 1, f2: 2 } as const

const fScores = (precision: number, recall: number, prefix = '', suffix = ''): Metrics =>
  Object.fromEntries(
    Object.entries(betas).map(([name, beta]) => [`${prefix}${name}${suffix}`, fScore(beta, precision, recall)]),
  )

const constant = '_best_constant_classifier'

/** The greater label is the positive one: 1 of 0 and 1. */
export function binaryMetrics(records: readonly Scored[]): Metrics {
  const positive = labelsOf(records).at(-1)
  const count = (test: (record: Scored) => boolean): number => records.filter(test).length
  const tp = count(({ truth, prediction }) => truth === positive && prediction === positive)
  const fp = count(({ truth, prediction }) => truth !== positive && prediction === positive)
  const fn = count(({ truth, prediction }) => truth === positive && prediction !== positive)
  const tn = records.length - tp - fp - fn
  const [recall, precision] = [rate(tp, tp + fn), rate(tp, tp + fp)]
  const base = rate(tp + fn, records.length)
  const auc = areaUnderCurve(records, positive)
  return {
    recall,
    precision,
    accuracy: rate(tp + tn, records.length),
    // The documented examples' constant classifier always says the greatest label.
    [`recall${constant}`]: base > 0 ? 1 : 0,
    [`precision${constant}`]: base,
    [`accuracy${constant}`]: base,
    true_positive_rate: recall,
    true_negative_rate: rate(tn, tn + fp),
    false_positive_rate: rate(fp, fp + tn),
    false_negative_rate: rate(fn, fn + tp),
    ...(auc === undefined ? {} : { auc }),
    ...fScores(precision, recall),
    ...fScores(base, base > 0 ? 1 : 0, '', constant),
  }
}

export function multiclassMetrics(records: readonly Scored[]): Metrics {
  const labels = labelsOf(records)
  const weighted = (predictionOf: (record: Scored) => string, suffix: string): Metrics => {
    let hits = 0
    const sums: Record<string, number> = { recall: 0, precision: 0, f0_5: 0, f1: 0, f2: 0 }
    for (const label of labels) {
      const support = records.filter(({ truth }) => truth === label).length
      const said = records.filter(record => predictionOf(record) === label).length
      const right = records.filter(record => record.truth === label && predictionOf(record) === label).length
      hits += right
      const [precision, recall] = [rate(right, said), rate(right, support)]
      const ofLabel: Metrics = { recall, precision, ...fScores(precision, recall) }
      for (const name of Object.keys(sums))
        sums[name] = (sums[name] ?? 0) + rate(support, records.length) * (ofLabel[name] ?? 0)
    }
    const named = Object.entries(sums).map(([name, value]) => [`weighted_${name}${suffix}`, value])
    return { [`accuracy${suffix}`]: rate(hits, records.length), ...(Object.fromEntries(named) as Metrics) }
  }
  const always = labels.at(-1) ?? ''
  return { ...weighted(({ prediction }) => prediction, ''), ...weighted(() => always, constant) }
}

/** In order: numbers by value, texts by code unit. */
function labelsOf(records: readonly Scored[]): string[] {
  const labels = [...new Set(records.flatMap(({ truth, prediction }) => [truth, prediction]))]
  const isNumeric = labels.every(label => label.trim() !== '' && Number.isFinite(Number(label)))
  return labels.sort((a, b) => (isNumeric ? Number(a) - Number(b) : a < b ? -1 : 1))
}

/** Rows are the truth, columns the prediction. */
function confusionMatrix(records: readonly Scored[]): Record<string, Record<string, number>> {
  const labels = labelsOf(records)
  const zero = (): Record<string, number> => Object.fromEntries(labels.map(label => [label, 0]))
  const matrix = Object.fromEntries(labels.map(label => [label, zero()]))
  for (const { truth, prediction } of records) {
    const row = matrix[truth] as Record<string, number>
    row[prediction] = (row[prediction] ?? 0) + 1
  }
  return matrix
}

/** Cumulated hits and false alarms, records with the greatest probability first, one point for equal probabilities. */
function thresholds(
  records: readonly Scored[],
  positive: string | undefined,
): { tp: number; fp: number }[] | undefined {
  const scored = records.filter(({ probability }) => probability !== undefined)
  if (scored.length === 0) return undefined
  const sorted = scored.toSorted((a, b) => (b.probability as number) - (a.probability as number))
  const points: { tp: number; fp: number }[] = []
  let [tp, fp] = [0, 0]
  for (const [index, { truth, probability }] of sorted.entries()) {
    if (truth === positive) tp++
    else fp++
    if (sorted[index + 1]?.probability !== probability) points.push({ tp, fp })
  }
  return points
}

/** By trapezoids; undefined without probabilities or when there is one class only. */
function areaUnderCurve(records: readonly Scored[], positive: string | undefined): number | undefined {
  const points = thresholds(records, positive)
  const last = points?.at(-1)
  if (points === undefined || last === undefined || last.tp === 0 || last.fp === 0) return undefined
  let [area, tp, fp] = [0, 0, 0]
  for (const point of points) {
    area += ((point.fp - fp) * (point.tp + tp)) / 2
    ;({ tp, fp } = point)
  }
  return area / (last.tp * last.fp)
}

/** The curves of the report, thinned out to at most 1000 points; nothing without probabilities. */
function curves(records: readonly Scored[]): object {
  const all = thresholds(records, labelsOf(records).at(-1))
  const last = all?.at(-1)
  if (all === undefined || last === undefined) return {}
  const every = Math.ceil(all.length / 1000)
  const points = all.filter((point, index) => index % every === 0 || point === last)
  const first = points[0] as { tp: number; fp: number }
  return {
    receiver_operating_characteristic_curve: {
      false_positive_rates: [0, ...points.map(({ fp }) => rate(fp, last.fp))],
      true_positive_rates: [0, ...points.map(({ tp }) => rate(tp, last.tp))],
    },
    precision_recall_curve: {
      precisions: [rate(first.tp, first.tp + first.fp), ...points.map(({ tp, fp }) => rate(tp, tp + fp))],
      recalls: [0, ...points.map(({ tp }) => rate(tp, last.tp))],
    },
  }
}
