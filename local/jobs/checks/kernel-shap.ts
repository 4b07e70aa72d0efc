import { seededRandom } from './seeded-random.ts'

/** Which features come from the record (true) and which from the baseline, with the weight in the regression. */
export interface Coalition {
  readonly present: readonly boolean[]
  readonly weight: number
}

/**
 * The coalitions that Kernel SHAP asks the model about: all of them when their number is within `samples`, else pairs of a
 * drawn one and its complement, of sizes by the Shapley kernel. Source: Lundberg and Lee, "A Unified Approach to Interpreting
 * Model Predictions", 2017.
 */
export function coalitions(features: number, samples: number, seed: number): Coalition[] {
  if (features < 2) return []
  return features <= 20 && 2 ** features - 2 <= samples
    ? allCoalitions(features)
    : drawnCoalitions(features, samples, seed)
}

function allCoalitions(features: number): Coalition[] {
  return Array.from({ length: 2 ** features - 2 }, (_, index) => {
    const present = Array.from({ length: features }, (_bit, bit) => (((index + 1) >> bit) & 1) === 1)
    const size = present.filter(Boolean).length
    return { present, weight: (features - 1) / (binomial(features, size) * size * (features - size)) }
  })
}

function drawnCoalitions(features: number, samples: number, seed: number): Coalition[] {
  const random = seededRandom(seed)
  const sizes = Array.from(
    { length: features - 1 },
    (_, index) => (features - 1) / ((index + 1) * (features - index - 1)),
  )
  const total = sizes.reduce((sum, weight) => sum + weight, 0)
  const counted = new Map<string, { present: boolean[]; weight: number }>()
  const count = (present: boolean[]): void => {
    const key = present.map(Number).join('')
    const known = counted.get(key)
    if (known === undefined) counted.set(key, { present, weight: 1 })
    else known.weight++
  }
  for (let drawn = 0; drawn + 2 <= Math.max(2, samples); drawn += 2) {
    let left = random() * total
    const found = sizes.findIndex(weight => (left -= weight) < 0)
    const size = (found < 0 ? sizes.length - 1 : found) + 1
    const order = Array.from({ length: features }, (_, index) => index)
    for (let at = 0; at < size; at++) {
      const other = at + Math.floor(random() * (features - at))
      ;[order[at], order[other]] = [order[other] as number, order[at] as number]
    }
    const chosen = new Set(order.slice(0, size))
    const present = Array.from({ length: features }, (_, index) => chosen.has(index))
    count(present)
    count(present.map(one => !one))
  }
  return [...counted.values()]
}

function binomial(n: number, k: number): number {
  let result = 1
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i
  return result
}

/**
 * The weighted least squares of the coalitions' predictions, with the values' sum fixed to `full - empty`.
 *
 * @param predictions Of every coalition, in their order: the model's mean over the baseline rows.
 */
export function shapleyValues(
  known: readonly Coalition[],
  predictions: readonly number[],
  ends: { readonly empty: number; readonly full: number; readonly features: number },
): number[] {
  const { empty, full, features } = ends
  if (features === 0) return []
  if (features === 1) return [full - empty]
  // The last value is what the others leave: that takes the constraint into the equations.
  const size = features - 1
  const matrix = Array.from({ length: size }, () => zeros(size))
  const right = zeros(size)
  for (const [index, { present, weight }] of known.entries()) {
    const last = Number(present[size])
    const row = Array.from({ length: size }, (_, at) => Number(present[at]) - last)
    const target = (predictions[index] as number) - empty - last * (full - empty)
    for (let i = 0; i < size; i++) {
      if (row[i] === 0) continue
      const scaled = weight * (row[i] as number)
      right[i] = (right[i] as number) + scaled * target
      const line = matrix[i] as number[]
      for (let j = 0; j < size; j++) line[j] = (line[j] as number) + scaled * (row[j] as number)
    }
  }
  const values = solve(matrix, right)
  return [...values, full - empty - values.reduce((sum, value) => sum + value, 0)]
}

const zeros = (length: number): number[] => Array.from({ length }, () => 0)

/** Gauss's elimination with pivots. A column that nothing determines (too few samples) gets 0. */
function solve(matrix: readonly number[][], right: readonly number[]): number[] {
  const rows = matrix.map((row, index) => [...row, right[index] as number])
  const size = rows.length
  const scale = Math.max(1e-300, ...rows.flatMap(row => row.slice(0, size).map(Math.abs)))
  for (let at = 0; at < size; at++) {
    const pivot = rows.reduce(
      (best, row, index) =>
        index >= at && Math.abs(row[at] as number) > Math.abs(rows[best]?.[at] as number) ? index : best,
      at,
    )
    ;[rows[at], rows[pivot]] = [rows[pivot] as number[], rows[at] as number[]]
    const top = rows[at] as number[]
    if (Math.abs(top[at] as number) <= 1e-12 * scale) {
      top.fill(0)
      top[at] = 1
    }
    for (let below = at + 1; below < size; below++) {
      const row = rows[below] as number[]
      const factor = (row[at] as number) / (top[at] as number)
      if (factor !== 0)
        for (let column = at; column <= size; column++)
          row[column] = (row[column] as number) - factor * (top[column] as number)
    }
  }
  const values = zeros(size)
  for (let at = size - 1; at >= 0; at--) {
    const row = rows[at] as number[]
    const rest = values.reduce((sum, value, index) => (index > at ? sum + value * (row[index] as number) : sum), 0)
    values[at] = ((row[size] as number) - rest) / (row[at] as number)
  }
  return values
}

/** How attributions of many records become one. Source: Developer Guide, "Configure the Analysis", agg_method. */
export const aggregations = {
  mean_abs: values => mean(values.map(Math.abs)),
  mean_sq: values => mean(values.map(value => value ** 2)),
  median: values => {
    const sorted = values.toSorted((a, b) => a - b)
    const middle = sorted.length >> 1
    return sorted.length % 2 === 1
      ? (sorted[middle] as number)
      : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
  },
} satisfies Record<string, (values: readonly number[]) => number>

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * How much of the baseline's ranking of features the current one keeps, 0 to 1: the normalized discounted cumulative gain.
 * Source: Developer Guide, "Monitor Feature Attribution Drift".
 */
export function rankingGain(
  baseline: Readonly<Record<string, number>>,
  current: Readonly<Record<string, number>>,
): number {
  const ranked = (by: Readonly<Record<string, number>>): string[] =>
    Object.keys(baseline).sort((a, b) => (by[b] ?? 0) - (by[a] ?? 0) || (a < b ? -1 : 1))
  const gain = (order: readonly string[]): number =>
    order.reduce((sum, name, index) => sum + (baseline[name] ?? 0) / Math.log2(index + 2), 0)
  const best = gain(ranked(baseline))
  return best === 0 ? 1 : gain(ranked(current)) / best
}
