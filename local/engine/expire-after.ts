const pattern = /^p?(?:(\d+)y)?(?:(\d+)m)?(?:(\d+)w)?(?:(\d+)d)?(?:t(?:(\d+)h)?(?:(\d+)m)?)?$/i

const minute = 60
const hour = 60 * minute
const day = 24 * hour
/** Seconds of year, month, week, day, hour, minute; a year of 365 days, a month of 30. */
const units = [365 * day, 30 * day, 7 * day, day, hour, minute]

/**
 * Reads `CacheConfig.ExpireAfter` in seconds: an ISO 8601 duration, also in the looser spellings of the documentation
 * (`30d`, `5y`, `T16m`, `30dT5h`).
 *
 * Source: Developer Guide, "Caching Pipeline Steps".
 *
 * @returns undefined for what is no duration.
 */
export function parseExpireAfter(text: string): number | undefined {
  const match = pattern.exec(text)
  if (match === null || match.slice(1).every(part => part === undefined)) return undefined
  return units.reduce((sum, unit, index) => sum + Number(match[index + 1] ?? 0) * unit, 0)
}
