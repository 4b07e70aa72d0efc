/**
 * The candidate that a misspelt word most likely meant, or undefined when none is near.
 *
 * Near is: equal apart from case and separators, or at most a third of the word's characters changed (swapped neighbours count as one
 * change). Words over 100 characters have no neighbours, so that hostile input costs nothing.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length === 0 || word.length > 100) return undefined
  const plain = fold(word)
  const limit = Math.max(1, Math.floor(word.length / 3))
  let best: string | undefined
  let bestDistance = limit + 1
  for (const candidate of candidates) {
    // Separators and case do not count, but they are few.
    if (Math.abs(candidate.length - word.length) > limit + 3) continue
    const folded = fold(candidate)
    if (folded === plain) return candidate
    if (Math.abs(folded.length - plain.length) >= bestDistance) continue
    const distance = editDistance(plain, folded)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** ` Did you mean "x"?`, or nothing: to be put behind a sentence. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const found = nearest(word, candidates)
  return found === undefined ? '' : ` Did you mean "${found}"?`
}

/** {@link didYouMean}, or, when nothing is near, the first of what there is: ` It has a, b, and 3 more.` */
export function didYouMeanOrList(word: string, candidates: Iterable<string>): string {
  const known = [...candidates]
  const found = didYouMean(word, known)
  if (found !== '' || known.length === 0) return found
  const more = known.length - MOST_LISTED
  return ` It has ${known.slice(0, MOST_LISTED).join(', ')}${more > 0 ? `, and ${more} more` : ''}.`
}

const MOST_LISTED = 12

const fold = (word: string): string => word.toLowerCase().replace(/[-_ .]/g, '')

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let cost = Math.min(substitution, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1)
      }
      row.push(cost)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}
