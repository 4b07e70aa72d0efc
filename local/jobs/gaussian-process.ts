/**
 * A Gaussian process on the unit cube: what a tuning has learnt about its objective from the trainings so far.
 *
 * Written here because the registry has no kept library with one: `ml-matrix` would bring a matrix class for the twenty lines
 * of a Cholesky decomposition and none of the rest. It stays small: Matérn 5/2 kernel with a length per coordinate, noise,
 * and both fitted by maximum a posteriori over a coarse grid. Source of the method: Rasmussen and
 * Williams, "Gaussian Processes for Machine Learning", algorithm 2.1 and chapter 5; lengths per coordinate as in Snoek,
 * Larochelle and Adams, "Practical Bayesian Optimization of Machine Learning Algorithms".
 */
export interface GaussianProcess {
  /** Mean and standard deviation of the noise-free value at a place. */
  predict(place: readonly number[]): { readonly mean: number; readonly deviation: number }
  /** The same process after values were added; the lengths and the noise stay. */
  with(places: readonly (readonly number[])[], values: readonly number[]): GaussianProcess
}

interface Kernel {
  readonly lengths: readonly number[]
  /** Variance of the noise; the values are standardised, so their own variance is 1. */
  readonly noise: number
}

/** Fitting costs the cube of the values' number: of more, the last ones are fitted to. */
const fittedValues = 80
const noises = [1e-6, 1e-4, 1e-2, 1e-1]
const typicalLength = 0.5

/**
 * @param places Coordinates from 0 to 1.
 * @param values Standardised: mean 0, variance 1.
 */
export function fitGaussianProcess(places: readonly (readonly number[])[], values: readonly number[]): GaussianProcess {
  const width = places[0]?.length ?? 0
  const some = { places: places.slice(-fittedValues), values: values.slice(-fittedValues) }
  let kernel: Kernel = { lengths: Array.from({ length: width }, () => typicalLength), noise: 1e-2 }
  let best = posterior(some.places, some.values, kernel)
  const consider = (candidate: Kernel): void => {
    const density = posterior(some.places, some.values, candidate)
    if (density <= best) return
    best = density
    kernel = candidate
  }
  for (let pass = 0; pass < 3; pass++) {
    for (const noise of noises) consider({ ...kernel, noise })
    for (let coordinate = 0; coordinate < width; coordinate++) {
      for (const factor of [0.4, 0.7, 1.5, 3]) {
        const length = Math.min(20, Math.max(0.03, (kernel.lengths[coordinate] as number) * factor))
        consider({ ...kernel, lengths: kernel.lengths.with(coordinate, length) })
      }
    }
  }
  return condition(places, values, kernel)
}

function condition(places: readonly (readonly number[])[], values: readonly number[], kernel: Kernel): GaussianProcess {
  const factor = cholesky(covariances(places, kernel))
  const weights = backward(factor, forward(factor, values))
  return {
    predict: place => {
      const near = places.map(other => matern(place, other, kernel.lengths))
      const mean = near.reduce((sum, covariance, index) => sum + covariance * (weights[index] as number), 0)
      const explained = forward(factor, near).reduce((sum, value) => sum + value * value, 0)
      return { mean, deviation: Math.sqrt(Math.max(1e-12, 1 - explained)) }
    },
    with: (more, moreValues) => condition([...places, ...more], [...values, ...moreValues], kernel),
  }
}

/** Logarithm of the posterior density of a kernel, up to a constant: likelihood of the values and a broad prior on the lengths. */
function posterior(places: readonly (readonly number[])[], values: readonly number[], kernel: Kernel): number {
  const factor = cholesky(covariances(places, kernel))
  const white = forward(factor, values)
  let density = 0
  for (let i = 0; i < values.length; i++) density -= (white[i] as number) ** 2 / 2 + Math.log(at(factor, i, i))
  for (const length of kernel.lengths) density -= Math.log(length / typicalLength) ** 2 / 2
  return density
}

function matern(a: readonly number[], b: readonly number[], lengths: readonly number[]): number {
  let squared = 0
  for (let i = 0; i < a.length; i++) {
    const distance = ((a[i] as number) - (b[i] as number)) / (lengths[i] as number)
    squared += distance * distance
  }
  const distance = Math.sqrt(5 * squared)
  return (1 + distance + (5 * squared) / 3) * Math.exp(-distance)
}

/** Rows of a lower triangle. */
type Triangle = readonly Float64Array[]

const at = (triangle: Triangle, row: number, column: number): number =>
  (triangle[row] as Float64Array)[column] as number

function covariances(places: readonly (readonly number[])[], { lengths, noise }: Kernel): Triangle {
  return places.map((place, row) =>
    // The last term keeps equal places apart that a small noise would not.
    Float64Array.from({ length: row + 1 }, (_, column) =>
      column === row ? 1 + noise + 1e-9 : matern(place, places[column] as readonly number[], lengths),
    ),
  )
}

/** In place of the covariances; both triangles have the same rows. */
function cholesky(matrix: Triangle): Triangle {
  for (const [i, row] of matrix.entries()) {
    for (let j = 0; j <= i; j++) {
      const other = matrix[j] as Float64Array
      let sum = row[j] as number
      for (let k = 0; k < j; k++) sum -= (row[k] as number) * (other[k] as number)
      row[j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (other[j] as number)
    }
  }
  return matrix
}

/** Solves `L x = b`. */
function forward(factor: Triangle, b: readonly number[]): number[] {
  const x: number[] = []
  for (const [i, row] of factor.entries()) {
    let sum = b[i] as number
    for (let k = 0; k < i; k++) sum -= (row[k] as number) * (x[k] as number)
    x.push(sum / (row[i] as number))
  }
  return x
}

/** Solves `Lᵀ x = b`. */
function backward(factor: Triangle, b: readonly number[]): number[] {
  const x = [...b]
  for (let i = factor.length - 1; i >= 0; i--) {
    const row = factor[i] as Float64Array
    x[i] = (x[i] as number) / (row[i] as number)
    for (let k = 0; k < i; k++) x[k] = (x[k] as number) - (row[k] as number) * (x[i] as number)
  }
  return x
}
