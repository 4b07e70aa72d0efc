/** Place of the last of some ascending numbers that is not above `value`; -1 when all are. */
export function lastAtMost(ascending: readonly number[], value: number): number {
  let low = 0
  for (let high = ascending.length; low < high; ) {
    const middle = (low + high) >> 1
    if ((ascending[middle] as number) <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}
