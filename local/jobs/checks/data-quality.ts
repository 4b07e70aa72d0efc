import { bucketsOf, type KllSketch, largestDistance, sketchOf } from './kll-sketch.ts'
import { type Cell, numberIn, type Table } from './table.ts'

type InferredType = 'Integral' | 'Fractional' | 'String' | 'Unknown'

interface Common {
  readonly num_present: number
  readonly num_missing: number
}

/** One column of `statistics.json`. Source: Developer Guide, "Schema for Statistics". */
export interface FeatureStatistics {
  readonly name: string
  readonly inferred_type: InferredType
  readonly numerical_statistics?: {
    readonly common: Common
    readonly mean: number
    readonly sum: number
    readonly std_dev: number
    readonly min: number
    readonly max: number
    readonly distribution: { readonly kll: { readonly buckets: readonly object[]; readonly sketch: KllSketch } }
  }
  readonly string_statistics?: {
    readonly common: Common
    readonly distinct_count: number
    readonly distribution?: {
      readonly categorical: { readonly buckets: readonly { readonly value: string; readonly count: number }[] }
    }
  }
}

/** `statistics.json` of data quality. */
export interface DataStatistics {
  readonly version: number
  readonly dataset: { readonly item_count: number }
  readonly features: readonly FeatureStatistics[]
}

/** `constraints.json` of data quality. Source: Developer Guide, "Schema for Constraints". */
export interface DataConstraints {
  readonly version: number
  readonly features: readonly {
    readonly name: string
    readonly inferred_type: InferredType
    readonly completeness: number
    readonly num_constraints?: { readonly is_non_negative: boolean }
    readonly string_constraints?: { readonly domains: readonly string[] }
  }[]
  readonly monitoring_config?: MonitoringConfig
}

interface MonitoringConfig {
  readonly evaluate_constraints?: string
  readonly emit_metrics?: string
  readonly datatype_check_threshold?: number
  readonly domain_content_threshold?: number
  readonly distribution_constraints?: {
    readonly perform_comparison?: string
    readonly comparison_threshold?: number
    readonly comparison_method?: string
  }
}

export interface DataViolation {
  readonly feature_name: string
  readonly constraint_check_type:
    | 'data_type_check'
    | 'completeness_check'
    | 'baseline_drift_check'
    | 'missing_column_check'
    | 'extra_column_check'
    | 'categorical_values_check'
  readonly description: string
}

/** Texts with more values than this have no domain and no counts per value. */
const largestDomain = 100

const monitoring = {
  evaluate_constraints: 'Enabled',
  emit_metrics: 'Enabled',
  datatype_check_threshold: 1,
  domain_content_threshold: 1,
  distribution_constraints: {
    perform_comparison: 'Enabled',
    comparison_threshold: 0.1,
    comparison_method: 'Robust',
  },
} as const satisfies MonitoringConfig

const column = (table: Table, index: number): Cell[] => table.rows.map(row => row[index] ?? null)

/** Statistics of every column: type, completeness, mean, standard deviation (of the population), sketch, distinct values. */
export function dataStatistics(table: Table): DataStatistics {
  const features = table.columns.map((name, index) => featureStatistics(name, column(table, index)))
  return { version: 0, dataset: { item_count: table.rows.length }, features }
}

function featureStatistics(name: string, cells: readonly Cell[]): FeatureStatistics {
  const present = cells.filter(cell => cell !== null)
  const common = { num_present: present.length, num_missing: cells.length - present.length }
  const inferred_type = inferType(present)
  if (inferred_type === 'Integral' || inferred_type === 'Fractional')
    return {
      name,
      inferred_type,
      numerical_statistics: numbersOf(
        present.map(cell => numberIn(cell) as number),
        common,
      ),
    }
  return { name, inferred_type, string_statistics: textsOf(present.map(String), common) }
}

/** Integral or Fractional when every value is a number, Unknown when there is none. */
function inferType(present: readonly Cell[]): InferredType {
  if (present.length === 0) return 'Unknown'
  if (present.every(isIntegral)) return 'Integral'
  return present.every(cell => numberIn(cell) !== undefined) ? 'Fractional' : 'String'
}

/** `3.0` is Fractional in a CSV file; in JSON it is the number 3. */
const isIntegral = (cell: Cell): boolean =>
  typeof cell === 'string' ? /^\s*[+-]?\d+\s*$/.test(cell) : Number.isInteger(cell)

function numbersOf(values: readonly number[], common: Common): NonNullable<FeatureStatistics['numerical_statistics']> {
  let [mean, squares, sum, min, max] = [0, 0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const [index, value] of values.entries()) {
    // Welford's: no difference of two large numbers.
    const step = value - mean
    mean += step / (index + 1)
    squares += step * (value - mean)
    sum += value
    min = Math.min(min, value)
    max = Math.max(max, value)
  }
  const sketch = sketchOf(values)
  return {
    common,
    mean,
    sum,
    std_dev: Math.sqrt(squares / values.length),
    min,
    max,
    distribution: { kll: { buckets: bucketsOf(sketch, { min, max, count: values.length }), sketch } },
  }
}

function textsOf(values: readonly string[], common: Common): NonNullable<FeatureStatistics['string_statistics']> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const buckets = [...counts].map(([value, count]) => ({ value, count })).sort(byCount)
  const categorical = buckets.length <= largestDomain ? { distribution: { categorical: { buckets } } } : {}
  return { common, distinct_count: counts.size, ...categorical }
}

const byCount = (a: { value: string; count: number }, b: { value: string; count: number }): number =>
  b.count - a.count || (a.value < b.value ? -1 : 1)

/** The constraints that the statistics suggest: what holds for these data and should go on to hold. */
export function suggestDataConstraints(statistics: DataStatistics): DataConstraints {
  const features = statistics.features.map(feature => {
    const { num_present, num_missing } = commonOf(feature)
    const domain = feature.string_statistics?.distribution?.categorical.buckets.map(({ value }) => value)
    return {
      name: feature.name,
      inferred_type: feature.inferred_type,
      completeness: num_present + num_missing === 0 ? 1 : num_present / (num_present + num_missing),
      ...(feature.numerical_statistics && {
        num_constraints: { is_non_negative: feature.numerical_statistics.min >= 0 },
      }),
      // A text that hardly repeats is no category.
      ...(domain !== undefined &&
        domain.length > 0 &&
        domain.length * 2 <= num_present && { string_constraints: { domains: domain } }),
    }
  })
  return { version: 0, features, monitoring_config: monitoring }
}

const commonOf = (feature: FeatureStatistics): Common =>
  (feature.numerical_statistics ?? feature.string_statistics)?.common ?? { num_present: 0, num_missing: 0 }

/**
 * What of the data does not hold the baseline's constraints, in the order of the baseline's columns.
 *
 * @throws TypeError when the constraints or the statistics are not of the documented form.
 */
export function dataViolations(
  table: Table,
  statistics: DataStatistics,
  baseline: { readonly constraints: DataConstraints; readonly statistics?: DataStatistics | undefined },
): DataViolation[] {
  const config = baseline.constraints.monitoring_config ?? monitoring
  if (config.evaluate_constraints === 'Disabled') return []
  const names = new Set(baseline.constraints.features.map(({ name }) => name))
  const extra = table.columns.filter(name => !names.has(name))
  return [
    ...baseline.constraints.features.flatMap(expected =>
      featureViolations(expected, { table, statistics, baseline, config }),
    ),
    ...extra.map(name =>
      violation(
        name,
        'extra_column_check',
        `There are extra columns in current dataset. ${columnCounts(table, names.size)}`,
      ),
    ),
  ]
}

const columnCounts = (table: Table, expected: number): string =>
  `Number of columns in current dataset: ${table.columns.length}, Number of columns in baseline constraints: ${expected}`

const violation = (
  feature_name: string,
  constraint_check_type: DataViolation['constraint_check_type'],
  description: string,
): DataViolation => ({ feature_name, constraint_check_type, description })

interface Comparison {
  readonly table: Table
  readonly statistics: DataStatistics
  readonly baseline: Parameters<typeof dataViolations>[2]
  readonly config: MonitoringConfig
}

function featureViolations(expected: DataConstraints['features'][number], by: Comparison): DataViolation[] {
  const { name } = expected
  const index = by.table.columns.indexOf(name)
  const current = by.statistics.features[index]
  if (index < 0 || current === undefined)
    return [
      violation(
        name,
        'missing_column_check',
        `There are missing columns in current dataset. ${columnCounts(by.table, by.baseline.constraints.features.length)}`,
      ),
    ]
  const cells = column(by.table, index)
  const present = cells.filter(cell => cell !== null)
  const found: DataViolation[] = []
  const share = typeShare(expected.inferred_type, present)
  if (share < (by.config.datatype_check_threshold ?? monitoring.datatype_check_threshold)) {
    const [expectedShare, observed] = [by.config.datatype_check_threshold ?? 1, share].map(
      value => `${Number((value * 100).toPrecision(10))}%`,
    )
    found.push(
      violation(
        name,
        'data_type_check',
        `Data type match requirement is not met. Expected data type: ${expected.inferred_type}, Expected match: ${expectedShare}. Observed: Only ${observed} of data is ${expected.inferred_type}.`,
      ),
    )
  }
  const completeness = cells.length === 0 ? 1 : present.length / cells.length
  if (completeness < expected.completeness)
    found.push(
      violation(
        name,
        'completeness_check',
        `Value: ${completeness} does not meet the constraint requirement! Expected completeness: ${expected.completeness}`,
      ),
    )
  const { domains } = expected.string_constraints ?? {}
  if (domains !== undefined) {
    const known = new Set(domains)
    const inside = present.length === 0 ? 1 : present.filter(cell => known.has(String(cell))).length / present.length
    if (inside < (by.config.domain_content_threshold ?? monitoring.domain_content_threshold))
      found.push(
        violation(
          name,
          'categorical_values_check',
          `Value: ${inside} does not meet the constraint requirement! Expected share of values in the baseline's domain: ${by.config.domain_content_threshold ?? 1}`,
        ),
      )
  }
  const drift = driftOf(current, by)
  return drift === undefined ? found : [...found, violation(name, 'baseline_drift_check', drift)]
}

/** Share of the values that have the type; every value is a String, and an integer is Fractional, too. */
function typeShare(type: InferredType, present: readonly Cell[]): number {
  if (present.length === 0 || type === 'String' || type === 'Unknown') return 1
  const fits = type === 'Integral' ? isIntegral : (cell: Cell) => numberIn(cell) !== undefined
  return present.filter(fits).length / present.length
}

function driftOf(current: FeatureStatistics, by: Comparison): string | undefined {
  const rules = by.config.distribution_constraints ?? monitoring.distribution_constraints
  if (rules.perform_comparison === 'Disabled') return undefined
  const before = by.baseline.statistics?.features.find(({ name }) => name === current.name)
  const distance =
    before === undefined ? undefined : driftDistance(before, current, rules.comparison_method ?? 'Robust')
  const threshold = rules.comparison_threshold ?? monitoring.distribution_constraints.comparison_threshold
  return distance !== undefined && distance > threshold
    ? `Baseline drift distance: ${distance} exceeds threshold: ${threshold}`
    : undefined
}

/**
 * The distance of a column's distributions, 0 to 1: the largest difference of the distribution functions, for texts of the
 * shares of a value. Robust subtracts what chance explains in samples of these sizes, 1.8·√((n+m)/(n·m)).
 * Source: deequ, `Distance`, whose profiles Model Monitor uses.
 *
 * @returns undefined when the two cannot be compared: of different kinds, without values, or without counts per value.
 */
export function driftDistance(
  before: FeatureStatistics,
  current: FeatureStatistics,
  method: string,
): number | undefined {
  const [n, m] = [commonOf(before).num_present, commonOf(current).num_present]
  if (n === 0 || m === 0) return undefined
  const simple = simpleDistance(before, current)
  if (simple === undefined || method === 'Simple') return simple
  return Math.max(0, simple - 1.8 * Math.sqrt((n + m) / (n * m)))
}

function simpleDistance(before: FeatureStatistics, current: FeatureStatistics): number | undefined {
  const sketches = [before, current].map(({ numerical_statistics }) => numerical_statistics?.distribution.kll.sketch)
  if (sketches[0] !== undefined && sketches[1] !== undefined) return largestDistance(sketches[0], sketches[1])
  const [a, b] = [before, current].map(sharesOf)
  if (a === undefined || b === undefined) return undefined
  const values = new Set([...a.keys(), ...b.keys()])
  return Math.max(...[...values].map(value => Math.abs((a.get(value) ?? 0) - (b.get(value) ?? 0))))
}

function sharesOf(feature: FeatureStatistics): Map<string, number> | undefined {
  const buckets = feature.string_statistics?.distribution?.categorical.buckets
  if (buckets === undefined) return undefined
  const total = buckets.reduce((sum, { count }) => sum + count, 0)
  return new Map(buckets.map(({ value, count }) => [value, count / total]))
}
