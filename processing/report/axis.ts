/** A linear axis: where values lie, and round values to label. */
export interface Axis {
  /** Position of a value in the units of the drawing. */
  at(value: number): number
  readonly ticks: readonly { readonly value: number; readonly label: string }[]
}

/** An axis from `from` to `to` (drawing units) that holds all `values`, its ends on round numbers. */
export function linearAxis(values: readonly number[], from: number, to: number, wantedTicks = 5): Axis {
  const low = Math.min(...values)
  const high = Math.max(...values)
  const middle = (low + high) / 2
  // Equal values still need an axis, one that shows how large they are; so do values that only rounding tells apart.
  const span = Math.max(high - low, Math.abs(middle) * (high > low ? 1e-9 : 0.02), 1e-9)
  const step = roundStep(span / wantedTicks)
  const start = Math.floor(Math.min(low, middle - span / 2) / step)
  const end = Math.ceil(Math.max(high, middle + span / 2) / step)
  const decimals = Math.min(12, Math.max(0, -Math.floor(Math.log10(step))))
  const ticks = Array.from({ length: end - start + 1 }, (_, index) => {
    const value = Number(((start + index) * step).toFixed(12))
    return { value, label: tickLabel(value, decimals) }
  })
  return { at: value => from + ((value - start * step) / ((end - start) * step)) * (to - from), ticks }
}

/** 1, 2 or 5 times a power of ten, not below `raw`. */
function roundStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw))
  const factor = [1, 2, 5, 10].find(candidate => candidate * power >= raw * (1 - 1e-9)) ?? 10
  return factor * power
}

function tickLabel(value: number, decimals: number): string {
  const text = Math.abs(value) >= 1e6 ? value.toExponential(1) : value.toFixed(decimals)
  return text.replace('-', '−')
}
