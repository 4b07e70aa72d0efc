/** A member or an element of something; written out only when somebody wants to read it. */
export interface Place {
  readonly above: Place | undefined
  readonly key: string | number
}

/** `Arguments.InputDataConfig[0]`: the place as people read it, below the place `path`. */
export function formatPlace(place: Place | undefined, path = ''): string {
  const keys: (string | number)[] = []
  for (let next = place; next !== undefined; next = next.above) keys.push(next.key)
  return keys.reduceRight<string>(
    (above, key) => (typeof key === 'number' ? `${above}[${key}]` : joinPath(above, key)),
    path,
  )
}

/** `a` and `B` give `a.B`; a key that is no identifier is written `a["B c"]`. */
export function joinPath(path: string, key: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`
  return path === '' ? key : `${path}.${key}`
}
