import type { Hyperparameters } from './hyperparameters.ts'

/** The number behind `gamma`, as scikit-learn's SVC resolves it on its training data. */
export function resolveGamma(gamma: Hyperparameters['gamma'], rows: readonly (readonly number[])[]): number {
  const features = rows[0]?.length ?? 1
  if (gamma === 'auto') return 1 / features
  if (gamma !== 'scale') return gamma
  const variance = populationVariance(rows.flat())
  return variance === 0 ? 1 : 1 / (features * variance)
}

/** numpy's `X.var()`, to the bit: the order of a floating-point sum is part of its result. */
function populationVariance(values: readonly number[]): number {
  const mean = pairwiseSum(values, 0, values.length) / values.length
  const squares = values.map(value => (value - mean) * (value - mean))
  return pairwiseSum(squares, 0, squares.length) / squares.length
}

/** Pairwise summation with numpy's blocks: below 8 one by one, to 128 in eight lanes, above that in halves. */
function pairwiseSum(values: readonly number[], start: number, length: number): number {
  const at = (index: number) => values[start + index] ?? 0
  if (length < 8) {
    let sum = -0
    for (let i = 0; i < length; i++) sum += at(i)
    return sum
  }
  if (length > 128) {
    const half = Math.floor(length / 2)
    const left = half - (half % 8)
    return pairwiseSum(values, start, left) + pairwiseSum(values, start + left, length - left)
  }
  const lanes = Array.from({ length: 8 }, (_, lane) => at(lane))
  const whole = length - (length % 8)
  for (let i = 8; i < whole; i += 8) {
    for (let lane = 0; lane < 8; lane++) lanes[lane] = (lanes[lane] ?? 0) + at(i + lane)
  }
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = lanes
  let sum = a + b + (c + d) + (e + f + (g + h))
  for (let i = whole; i < length; i++) sum += at(i)
  return sum
}
