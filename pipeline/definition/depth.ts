/** No definition nests deeper; what does is not judged further, so that rules may recurse. */
export const MAX_DEPTH = 200

/** So many objects are looked at one inside the other. */
const MANY = 1_000_000

/** True for a value that nests deeper than {@link MAX_DEPTH}. */
export function isTooDeep(value: unknown): boolean {
  const budget = { objects: MANY }
  return exceeds(value, MAX_DEPTH, budget) || (budget.objects < 0 && isTooDeepByLevels(value))
}

/** True for a value that nests deeper than this; gives up when there is no budget any more. */
function exceeds(value: unknown, depth: number, budget: { objects: number }): boolean {
  if (!isObject(value)) return false
  if (depth < 0) return true
  budget.objects -= 1
  if (budget.objects < 0) return false
  if (Array.isArray(value)) return value.some(child => exceeds(child, depth - 1, budget))
  for (const key in value) {
    const child = (value as Record<string, unknown>)[key]
    if (isObject(child) && exceeds(child, depth - 1, budget)) return true
  }
  return false
}

/** Level by level, and what occurs twice once: for huge values, and for those that hold themselves many times. */
function isTooDeepByLevels(value: unknown): boolean {
  let level: object[] = isObject(value) ? [value] : []
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true
    const next: object[] = []
    for (const owner of level) {
      for (const child of Array.isArray(owner) ? owner : Object.values(owner)) if (isObject(child)) next.push(child)
    }
    level = [...new Set(next)]
  }
  return false
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
