/** ` Did you mean "gamma"?` when one of `names` is near to `name`; else the first few of them, or nothing. */
export function didYouMean(name: string, names: Iterable<string>): string {
  const known = [...names]
  const ranked = known
    .map(candidate => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  const best = ranked[0]
  if (best === undefined) return ''
  if (best.distance <= Math.max(1, Math.floor(name.length / 3))) return ` Did you mean "${best.candidate}"?`
  const shown = known.slice(0, 12).join(', ')
  return ` It has ${shown}${known.length > 12 ? `, and ${known.length - 12} more` : ''}.`
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution))
    }
    row = next
  }
  return row[b.length] ?? 0
}
