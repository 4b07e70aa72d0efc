import { Kernel } from '../formats/kernel.ts'
import { Mt19937 } from './mt19937.ts'
import type { RandomWords } from './mt19937.ts'
import { compactArray, permutation } from './shuffle.ts'
import type { IndexArray } from './shuffle.ts'

/** Swaps that are drawn and undone at a time: 1 MiB of them stays in the cache, and drawing twice costs less than leaving it. */
const PIECE = 1 << 18
/** Up to so many records the partners of all swaps are kept, in 32 MiB. */
const KEPT_RECORDS = 1 << 23
/** Memory of the kernel's generator: the saved state, then the words that it draws from, at 2560. */
const STATE_BYTES = 2560 + 2496
/** Below this, starting the kernel costs more than it saves. */
const KERNEL_RECORDS = 1 << 12

/**
 * Deals values to `count` records: the record at place r of numpy's permutation gets what `fill` wrote to place r.
 *
 * In place, for a byte per record and no permutation in memory: undoing the swaps of the shuffle, the last one first,
 * carries every value to its record. The partners of the swaps come the first one first, so of very many all but the last piece
 * are drawn twice: once to note the generator's state at every piece, then piece by piece from the end.
 *
 * @param limit Values are below it.
 */
export function unpermute(
  random: RandomWords,
  count: number,
  limit: number,
  fill: (byRank: IndexArray) => void,
): IndexArray {
  if (random instanceof Mt19937 && limit <= 256 && count >= KERNEL_RECORDS) return unpermuteBytes(random, count, fill)
  const byRank = compactArray(count, limit)
  fill(byRank)
  return unpermuteByIndex(random, byRank)
}

function unpermuteByIndex(random: RandomWords, byRank: IndexArray): IndexArray {
  const order = permutation(random, byRank.length)
  const values = byRank.slice()
  for (let rank = 0; rank < order.length; rank++) values[order[rank] as number] = byRank[rank] as number
  return values
}

function unpermuteBytes(random: Mt19937, count: number, fill: (byRank: Uint8Array) => void): Uint8Array {
  const kernel = new Kernel()
  const keepsAll = count <= KEPT_RECORDS
  const partners = kernel.reserve(4 * (keepsAll ? count : Math.min(PIECE, count)))
  const stateAt = kernel.reserve(STATE_BYTES)
  const valuesAt = kernel.reserve(count)
  const values = kernel.bytes(valuesAt, count)
  fill(values)
  const first = random.save()
  const state = kernel.words(stateAt, first.length)
  state.set(first)
  const pieces: Piece[] = []
  for (let high = count - 1; high > 0; ) {
    const low = Math.max(1, high - PIECE + 1)
    const at = keepsAll ? partners + 4 * low : partners
    pieces.push({ high, low, at, state: keepsAll ? null : state.slice() })
    kernel.run.drawPartners(stateAt, high, low, at)
    high = low - 1
  }
  random.restore(state)
  const last = pieces.at(-1)
  for (const piece of pieces.toReversed()) {
    if (piece.state !== null && piece !== last) {
      state.set(piece.state)
      kernel.run.drawPartners(stateAt, piece.high, piece.low, piece.at)
    }
    kernel.run.unswapBytes(valuesAt, piece.low, piece.high, piece.at)
  }
  // The values alone, so that the memory of the partners can go.
  return keepsAll ? values.slice() : values
}

/** Swaps of records `low` to `high`, and where their partners lie. */
interface Piece {
  readonly high: number
  readonly low: number
  readonly at: number
  /** Of the generator before they are drawn; null when they need not be drawn again. */
  readonly state: Uint32Array | null
}
