/** P(|T| > |t|) for Student's t with `df` degrees of freedom. */
export function twoSidedP(t: number, df: number): number {
  const square = t * t
  // Of the two equal forms the one whose argument does not lose the digits of a small t.
  if (square < df) return 1 - regularizedBeta(square / (df + square), 0.5, df / 2)
  return regularizedBeta(df / (df + square), df / 2, 0.5)
}

/**
 * The t with P(|T| <= t) = `confidence`, such as 0.95, for any df > 0: the root of {@link twoSidedP} by bisection,
 * which ends when the two neighbours are adjacent numbers.
 */
export function tQuantile(confidence: number, df: number): number {
  const tail = 1 - confidence
  let low = 0
  let high = 1
  while (twoSidedP(high, df) > tail) high *= 2
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return middle
    if (twoSidedP(middle, df) > tail) low = middle
    else high = middle
  }
}

/** The regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22). */
export function regularizedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  // The fraction converges fast below the mean of the distribution; beyond it the symmetry is used.
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(1 - x, b, a)
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) / a
  return front * betaFraction(x, a, b)
}

/** Modified Lentz evaluation. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300
  const guarded = (value: number) => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / guarded(1 - ((a + b) * x) / (a + 1))
  let result = d
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / guarded(1 + even * d)
    c = guarded(1 + even / c)
    result *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / guarded(1 + odd * d)
    c = guarded(1 + odd / c)
    const step = d * c
    result *= step
    if (Math.abs(step - 1) < 1e-16) break
  }
  return result
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b)
}

/** ln Γ(x) for x > 0: Stirling's series after raising x above 15 by the recurrence. */
function logGamma(x: number): number {
  let shift = 0
  let z = x
  while (z < 15) {
    shift += Math.log(z)
    z += 1
  }
  const inverse = 1 / z
  const square = inverse * inverse
  const series =
    inverse *
    (1 / 12 -
      square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188 - (square * 691) / 360360)))))
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift
}
