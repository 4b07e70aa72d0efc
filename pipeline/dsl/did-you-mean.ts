/** ` Did you mean "gamma"?` when one of `names` is near to `name`, else the first few of them; nothing for no names. */
export function didYouMean(name: string, names: Iterable<string>): string {
  const known = [...names]
  const near = nearName(name, known)
  if (near !== '' || known.length === 0) return near
  const shown = known.slice(0, 12).join(', ')
  return ` It has ${shown}${known.length > 12 ? `, and ${known.length - 12} more` : ''}.`
}

/** ` Did you mean "gamma"?` when one of `names` is near to `name`, else nothing. */
export function nearName(name: string, names: Iterable<string>): string {
  const ranked = [...names]
    .map(candidate => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  const best = ranked[0]
  if (best === undefined || best.distance > Math.max(1, Math.floor(name.length / 3))) return ''
  return ` Did you mean "${best.candidate}"?`
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(before, j - 2) + 1 : replaced
      next.push(Math.min(at(row, j) + 1, at(next, j - 1) + 1, replaced, swapped))
    }
    before = row
    row = next
  }
  return at(row, b.length)
}

const at = (row: readonly number[], index: number): number => row[index] ?? Number.POSITIVE_INFINITY
