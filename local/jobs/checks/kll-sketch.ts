import { seededRandom } from './seeded-random.ts'

/** A quantile sketch: level h holds values that stand for 2^h values each. */
export interface KllSketch {
  readonly parameters: { readonly c: number; readonly k: number }
  readonly data: readonly (readonly number[])[]
}

/** Parameters of Model Monitor's own sketches. */
const defaults = { c: 0.64, k: 2048 }

const smallestCapacity = 2

/**
 * Builds a sketch of Karnin, Lang and Liberty ("Optimal Quantile Approximation in Streams", 2016): a level that is full is
 * sorted and every second value goes up. With at most k values it holds all of them.
 */
export function sketchOf(values: Iterable<number>, parameters: KllSketch['parameters'] = defaults): KllSketch {
  const random = seededRandom(1)
  const levels: number[][] = [[]]
  let held = 0
  const capacity = (level: number): number =>
    Math.max(smallestCapacity, Math.ceil(parameters.k * parameters.c ** (levels.length - 1 - level)))
  const room = (): number => levels.reduce((sum, _, level) => sum + capacity(level), 0)
  const isFull = (): boolean => held > limit
  let limit = room()
  const compact = (): void => {
    const level = levels.findIndex((held, index) => held.length >= capacity(index))
    const full = levels[level]
    if (full === undefined) return
    if (level + 1 === levels.length) levels.push([])
    const sorted = full.toSorted((a, b) => a - b)
    const odd = sorted.length % 2 === 1 ? sorted.splice(-1, 1) : []
    const offset = random() < 0.5 ? 0 : 1
    const kept = sorted.filter((_, index) => index % 2 === offset)
    levels[level] = odd
    ;(levels[level + 1] as number[]).push(...kept)
    held -= sorted.length - kept.length
    limit = room()
  }
  for (const value of values) {
    ;(levels[0] as number[]).push(value)
    held++
    while (isFull()) compact()
  }
  return { parameters, data: levels }
}

/** The sketch's values in order with the share of all values at or below each. */
export function cumulative(sketch: Pick<KllSketch, 'data'>): { readonly value: number; readonly share: number }[] {
  const weighted = sketch.data.flatMap((level, height) => level.map(value => ({ value, weight: 2 ** height })))
  weighted.sort((a, b) => a.value - b.value)
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0)
  const points: { value: number; share: number }[] = []
  let sum = 0
  for (const [index, { value, weight }] of weighted.entries()) {
    sum += weight
    if (weighted[index + 1]?.value !== value) points.push({ value, share: sum / total })
  }
  return points
}

/** The largest distance of the distribution functions of two sketches, 0 to 1 (Kolmogorov and Smirnov's). */
export function largestDistance(one: Pick<KllSketch, 'data'>, other: Pick<KllSketch, 'data'>): number {
  const [a, b] = [cumulative(one), cumulative(other)]
  let [i, j, shareA, shareB, distance] = [0, 0, 0, 0, 0]
  while (i < a.length || j < b.length) {
    const value = Math.min(a[i]?.value ?? Number.POSITIVE_INFINITY, b[j]?.value ?? Number.POSITIVE_INFINITY)
    if (a[i]?.value === value) shareA = a[i++]?.share as number
    if (b[j]?.value === value) shareB = b[j++]?.share as number
    distance = Math.max(distance, Math.abs(shareA - shareB))
  }
  return distance
}

/** Ten buckets of equal width from the smallest to the largest value, the last one closed; counts sum up to `count`. */
export function bucketsOf(sketch: KllSketch, range: { min: number; max: number; count: number }): object[] {
  const points = cumulative(sketch)
  const below = (bound: number): number => points.findLast(({ value }) => value < bound)?.share ?? 0
  const width = (range.max - range.min) / 10
  return Array.from({ length: 10 }, (_, index) => {
    const lower = range.min + width * index
    const upper = index === 9 ? range.max : range.min + width * (index + 1)
    const share = (index === 9 ? 1 : below(upper)) - (index === 0 ? 0 : below(lower))
    return { lower_bound: lower, upper_bound: upper, count: Math.round(share * range.count) }
  })
}
