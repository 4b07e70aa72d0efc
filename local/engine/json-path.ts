/** A step into a JSON value: a member or an index. */
export type JsonStep = string | number

const pattern = /\.?([^.[\]'"*?@()\s]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y

/**
 * Reads the part of JsonPath that `Std:JsonGet` is used with: names, `['key']`, `[n]`, with or without `$` in front.
 *
 * Wildcards, filters and slices give several values, for which no source says what the service does; they are refused.
 *
 * @returns undefined for what is not such a path.
 */
export function parseJsonPath(path: string): JsonStep[] | undefined {
  const start = path.startsWith('$') ? 1 : 0
  const steps: JsonStep[] = []
  pattern.lastIndex = start
  while (pattern.lastIndex < path.length) {
    const at = pattern.lastIndex
    const match = pattern.exec(path)
    if (match === null) return undefined
    const [whole, name, index, single, double] = match
    // A name needs a dot before it, except at the very start.
    if (name !== undefined && !whole.startsWith('.') && at !== 0) return undefined
    steps.push(name ?? (index === undefined ? (single ?? double ?? '').replace(/\\(.)/g, '$1') : Number(index)))
  }
  return steps.length === 0 && start === 0 ? undefined : steps
}

/** The value at a path; `found` is false when a member or an element is missing. */
export function readJsonPath(
  value: unknown,
  steps: readonly JsonStep[],
): { readonly found: true; readonly value: unknown } | { readonly found: false } {
  let current = value
  for (const step of steps) {
    if (typeof current !== 'object' || current === null) return { found: false }
    if (Array.isArray(current) ? typeof step !== 'number' : !Object.hasOwn(current, step)) return { found: false }
    current = (current as Record<string, unknown>)[step]
    if (current === undefined) return { found: false }
  }
  return { found: true, value: current }
}
