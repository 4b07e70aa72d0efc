import { Kernel } from '../formats/kernel.ts'
import type { IndexArray } from './shuffle.ts'

/** Below this, starting the kernel costs more than it saves. */
const KERNEL_RECORDS = 1 << 12
const PIECE = 1 << 20
/** The kernel's counts of one cell lie so many words apart. */
const LANE = 256

/** Records per cell. */
export function countCells(cellOf: IndexArray, cells: number): Uint32Array {
  const counts = new Uint32Array(cells)
  let counted = 0
  if (cellOf instanceof Uint8Array && cellOf.length >= KERNEL_RECORDS) {
    counted = cellOf.length & ~3
    const lanes = countInKernel(cellOf.subarray(0, counted))
    for (let i = 0; i < lanes.length; i++) if (i % LANE < cells) add(counts, i % LANE, lanes[i] as number)
  }
  for (; counted < cellOf.length; counted++) add(counts, cellOf[counted] as number, 1)
  return counts
}

function add(counts: Uint32Array, cell: number, count: number): void {
  counts[cell] = (counts[cell] as number) + count
}

function countInKernel(cellOf: Uint8Array): Uint32Array {
  const kernel = new Kernel()
  const pieceAt = kernel.reserve(PIECE)
  const countsAt = kernel.reserve(4 * 4 * LANE)
  for (let at = 0; at < cellOf.length; at += PIECE) {
    const piece = cellOf.subarray(at, at + PIECE)
    kernel.bytes(pieceAt, piece.length).set(piece)
    kernel.run.countBytes(pieceAt, piece.length, countsAt)
  }
  return kernel.words(countsAt, 4 * LANE)
}
