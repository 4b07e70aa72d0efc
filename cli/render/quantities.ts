/** A number with up to six significant digits, as people compare results: `0.966667`, `1`. */
export const formatValue = (value: number): string => String(Number(value.toPrecision(6)))

/** A duration: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

/** A point in time for tables: `2025-11-21 02:29:05`, in UTC; empty when there is none. */
export const formatTime = (date: Date | undefined): string =>
  date === undefined ? '' : date.toISOString().slice(0, 19).replace('T', ' ')

/** Seconds between two times; null while one of them is missing. */
export const secondsBetween = (start: Date | undefined, end: Date | undefined): number | null =>
  start === undefined || end === undefined ? null : (end.getTime() - start.getTime()) / 1000
