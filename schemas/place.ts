/** A member or an element of something; written out only when somebody wants to read it. */
export interface Place {
  readonly above: Place | undefined
  readonly key: string | number
}

/** The place at the end of a way from the outside in, below `above` when there is something. */
export function placeOf(trail: readonly (string | number)[], above?: Place): Place | undefined {
  let place = above
  for (const key of trail) place = { above: place, key }
  return place
}

/** `Arguments.InputDataConfig[0]`: the place as people read it, below the place `path`. */
export function formatPlace(place: Place | undefined, path = ''): string {
  let below = ''
  for (let next = place; next !== undefined; next = next.above) below = segment(next.key) + below
  return path === '' && below.startsWith('.') ? below.slice(1) : path + below
}

/** `a` and `B` give `a.B`; a key that is no identifier is written `a["B c"]`. */
export function joinPath(path: string, key: string): string {
  return formatPlace({ above: undefined, key }, path)
}

/** The members of requests are few, and each is written thousands of times for a large document. */
const written = new Map<string, string>()
const MAX_WRITTEN = 10_000

function segment(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`
  const known = written.get(key)
  if (known !== undefined) return known
  const text = /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
  if (key.length < 100 && written.size < MAX_WRITTEN) written.set(key, text)
  return text
}
