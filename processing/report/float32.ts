/**
 * The number that was meant by a metric which SageMaker kept as float32.
 *
 * A proportion of the fold's `records` comes back exactly (29/30, not 0.9666666388511658); else the shortest decimal
 * that has the same float32 (0.98, not 0.9800000190734863). The result always has the float32 of `reported`. A value
 * that was never rounded to float32 (more digits than a float32 needs, and not one) is left as it is.
 */
export function repairFloat32(reported: number, records?: number): number {
  const single = Math.fround(reported)
  if (!Number.isFinite(single) || !looksLikeFloat32(reported)) return reported
  const proportion = records === undefined || records < 1 ? Number.NaN : Math.round(reported * records) / records
  return Math.fround(proportion) === single ? proportion : shortestDecimal(single)
}

/** Digits that tell any two float32 apart. */
const FLOAT32_DIGITS = 9

function looksLikeFloat32(value: number): boolean {
  // All digits of the float32, also when they were written with 15 of them, or the few that tell it apart.
  const sameDigits = Math.fround(value).toPrecision(15) === value.toPrecision(15)
  return sameDigits || Number(value.toPrecision(FLOAT32_DIGITS)) === value
}

function shortestDecimal(single: number): number {
  for (let digits = 1; digits < FLOAT32_DIGITS; digits++) {
    const decimal = Number(single.toPrecision(digits))
    if (Math.fround(decimal) === single) return decimal
  }
  return Number(single.toPrecision(FLOAT32_DIGITS))
}
