/** Longest piece of a foreign value that a message repeats. */
const MAX_SHOWN = 120

/** A value as a message shows it: short, on one line, whatever it is. */
export function show(value: unknown): string {
  if (typeof value === 'string') {
    return value.length <= MAX_SHOWN
      ? JSON.stringify(value)
      : `${JSON.stringify(value.slice(0, MAX_SHOWN))}… (${value.length} characters)`
  }
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value)
    if (keys.length === 0) return 'an empty object'
    return `an object with ${keys
      .slice(0, 3)
      .map(key => show(key))
      .join(', ')}${keys.length > 3 ? ', …' : ''}`
  }
  return value === undefined ? 'missing' : String(value)
}

/** `a, b or c`; of many the first ones. */
export function oneOf(values: readonly string[], most = 8): string {
  const shown = values.slice(0, most)
  if (values.length > most) return `${shown.join(', ')}, … (${values.length} in all)`
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`
}
