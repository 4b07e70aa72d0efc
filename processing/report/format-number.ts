/** Decimals that show a mean with its spread: two digits of the spread, at least 2 and at most 6 decimals. */
export function decimalsFor(mean: number, spread: number): number {
  const scale = spread > 0 ? spread : Math.abs(mean)
  if (scale === 0) return 2
  return Math.min(6, Math.max(2, 2 - Math.floor(Math.log10(scale))))
}

/** Fixed decimals with a true minus sign; very large and very small numbers in powers of ten. */
export function formatNumber(value: number, decimals: number): string {
  const size = Math.abs(value)
  const text =
    size !== 0 && (size >= 1e9 || size < 10 ** -decimals / 2) ? value.toExponential(3) : value.toFixed(decimals)
  return text.replace('-', '−')
}

/** `1234567` as `1,234,567`. */
export function formatCount(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** Bytes in the unit that keeps the number short. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`
}
