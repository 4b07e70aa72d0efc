/** numpy sorts runs by insertion when their ends are at most this far apart. */
const SMALL = 15

/**
 * `numpy.argsort(values)` of whole numbers, ties included: numpy's quicksort is not stable, so equal values come in an
 * order that only the same algorithm gives (numpy/core/src/npysort/quicksort.cpp, the portable path; processors for
 * which numpy has a vector sort may order ties otherwise).
 */
export function argsort(values: ArrayLike<number>): Uint32Array {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i)
  const value = (position: number) => values[order[position] as number] as number
  const swap = (a: number, b: number) => {
    const held = order[a] as number
    order[a] = order[b] as number
    order[b] = held
  }
  const pending: [number, number, number][] = []
  let low = 0
  let high = values.length - 1
  let depth = values.length === 0 ? 0 : (31 - Math.clz32(values.length)) * 2
  for (;;) {
    let heaped = false
    if (depth < 0) {
      heapSort(order, values, low, high - low + 1)
      heaped = true
    } else
      while (high - low > SMALL) {
        const split = partition(value, swap, low, high)
        depth--
        if (split - low < high - split) {
          pending.push([split + 1, high, depth])
          high = split - 1
        } else {
          pending.push([low, split - 1, depth])
          low = split + 1
        }
      }
    if (!heaped) insertionSort(order, values, low, high)
    const next = pending.pop()
    if (next === undefined) return order
    ;[low, high, depth] = next
  }
}

function partition(
  value: (position: number) => number,
  swap: (a: number, b: number) => void,
  low: number,
  high: number,
): number {
  const middle = low + ((high - low) >> 1)
  if (value(middle) < value(low)) swap(middle, low)
  if (value(high) < value(middle)) swap(high, middle)
  if (value(middle) < value(low)) swap(middle, low)
  const pivot = value(middle)
  let i = low
  let j = high - 1
  swap(middle, j)
  for (;;) {
    do i++
    while (value(i) < pivot)
    do j--
    while (pivot < value(j))
    if (i >= j) break
    swap(i, j)
  }
  swap(i, high - 1)
  return i
}

function insertionSort(order: Uint32Array, values: ArrayLike<number>, low: number, high: number): void {
  for (let i = low + 1; i <= high; i++) {
    const moved = order[i] as number
    let j = i
    for (; j > low && (values[moved] as number) < (values[order[j - 1] as number] as number); j--)
      order[j] = order[j - 1] as number
    order[j] = moved
  }
}

function heapSort(order: Uint32Array, values: ArrayLike<number>, low: number, count: number): void {
  const less = (a: number, b: number) => (values[a] as number) < (values[b] as number)
  const at = (position: number) => order[low + position - 1] as number
  const sift = (root: number, size: number) => {
    const moved = at(root)
    let i = root
    for (let j = 2 * i; j <= size; j = 2 * i) {
      if (j < size && less(at(j), at(j + 1))) j++
      if (!less(moved, at(j))) break
      order[low + i - 1] = at(j)
      i = j
    }
    order[low + i - 1] = moved
  }
  for (let root = count >> 1; root > 0; root--) sift(root, count)
  for (let size = count; size > 1; ) {
    const last = at(size)
    order[low + size - 1] = at(1)
    size--
    order[low] = last
    sift(1, size)
  }
}
