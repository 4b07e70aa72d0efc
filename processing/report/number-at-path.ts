/** What a JSON file says at a dotted path: a finite number, or why there is none. */
export type NumberAtPath = { readonly value: number } | { readonly missing: string }

const MAX_NAMED = 12

/**
 * The number at `path` (`validation.accuracy`; an array index is a number) of a JSON text. A member whose own name has
 * dots is found too. Python's `NaN` and `Infinity`, which JSON does not have, are understood, to be named.
 */
export function numberAtPath(text: string, path: string): NumberAtPath {
  let document: unknown
  try {
    document = parsePythonJson(text)
  } catch (error) {
    return { missing: `is not JSON (${error instanceof Error ? error.message : String(error)})` }
  }
  const value = lookUp(document, path)
  if (typeof value === 'number' && Number.isFinite(value)) return { value }
  if (value === undefined) {
    const paths = numberPaths(document, '')
    const named = paths.slice(0, MAX_NAMED).join(', ') + (paths.length > MAX_NAMED ? ', …' : '')
    return { missing: `has no number at "${path}"; it has ${named === '' ? 'no numbers at all' : named}` }
  }
  const shown = typeof value === 'string' && nonFinite.test(value) ? value : JSON.stringify(value)
  return { missing: `has ${shown.slice(0, 80)} at "${path}", which is not a finite number` }
}

const nonFinite = /^-?(NaN|Infinity)$/

function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const quoted = text.replace(/(?<=[:[,]\s*)-?(NaN|Infinity)(?=\s*[,\]}])/g, '"$&"')
    if (quoted === text) throw error
    return JSON.parse(quoted)
  }
}

function lookUp(document: unknown, path: string): unknown {
  if (typeof document !== 'object' || document === null) return undefined
  const members = document as Readonly<Record<string, unknown>>
  if (Object.hasOwn(members, path)) return members[path]
  const dots = [...path.matchAll(/\./g)].map(match => match.index)
  for (const dot of dots) {
    const name = path.slice(0, dot)
    const found = Object.hasOwn(members, name) ? lookUp(members[name], path.slice(dot + 1)) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

function numberPaths(document: unknown, prefix: string): string[] {
  if (typeof document === 'number') return [prefix]
  if (typeof document !== 'object' || document === null) return []
  return Object.entries(document).flatMap(([name, value]) =>
    numberPaths(value, prefix === '' ? name : `${prefix}.${name}`),
  )
}
