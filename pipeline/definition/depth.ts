/** No definition nests deeper; what does is not judged further, so that rules may recurse. */
export const MAX_DEPTH = 200

/** From so many objects on one level, those that occur twice are looked at once. */
const MANY = 100_000

/** True for a value that nests deeper than {@link MAX_DEPTH}. Level by level, so that depth itself is no danger. */
export function isTooDeep(value: unknown): boolean {
  let level: object[] = isObject(value) ? [value] : []
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true
    const next: object[] = []
    for (const owner of level) {
      for (const child of Array.isArray(owner) ? owner : Object.values(owner)) if (isObject(child)) next.push(child)
    }
    // A value that holds itself many times grows from level to level without end; one that was parsed holds nothing twice.
    level = next.length > MANY ? [...new Set(next)] : next
  }
  return false
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
