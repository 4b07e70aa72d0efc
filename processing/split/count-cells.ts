import type { IndexArray } from './shuffle.ts'

/** Records per cell. */
export function countCells(cellOf: IndexArray, cells: number): Uint32Array {
  if (!(cellOf instanceof Uint8Array)) return countEach(cellOf, cells)
  // Four counts for every cell: to count in one place again and again, a processor waits for itself.
  const counts = new Uint32Array(1024)
  const whole = cellOf.length & ~3
  for (let i = 0; i < whole; i += 4) {
    const a = cellOf[i] as number
    const b = 256 + (cellOf[i + 1] as number)
    const c = 512 + (cellOf[i + 2] as number)
    const d = 768 + (cellOf[i + 3] as number)
    counts[a] = (counts[a] as number) + 1
    counts[b] = (counts[b] as number) + 1
    counts[c] = (counts[c] as number) + 1
    counts[d] = (counts[d] as number) + 1
  }
  const rest = countEach(cellOf.subarray(whole), cells)
  return rest.map((count, cell) =>
    [0, 256, 512, 768].reduce((sum, lane) => sum + (counts[lane + cell] as number), count),
  )
}

function countEach(cellOf: IndexArray, cells: number): Uint32Array {
  const counts = new Uint32Array(cells)
  for (let i = 0; i < cellOf.length; i++) {
    const cell = cellOf[i] as number
    counts[cell] = (counts[cell] as number) + 1
  }
  return counts
}
