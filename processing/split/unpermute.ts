import { Kernel } from '../formats/kernel.ts'
import { Mt19937 } from './mt19937.ts'
import type { RandomWords } from './mt19937.ts'
import { permutation } from './shuffle.ts'
import type { IndexArray } from './shuffle.ts'

/** Swaps that are drawn and undone at a time: 1 MiB of them stays in the cache, and drawing twice costs less than leaving it. */
const PIECE = 1 << 18
/** Memory of the kernel's generator: the saved state, then the words that it draws from, at 2560. */
const STATE_BYTES = 2560 + 2496
/** Below this, starting the kernel costs more than it saves. */
const KERNEL_RECORDS = 1 << 16

/**
 * Deals `byRank` to the records: the record at place r of numpy's permutation gets `byRank[r]`. May reuse `byRank`.
 *
 * In place, for a byte per record and no permutation in memory: undoing the swaps of the shuffle, the last one first,
 * carries every value to its record. The partners of the swaps come the first one first, so all but the last piece of them
 * are drawn twice: once to note the generator's state at every piece, then piece by piece from the end.
 */
export function unpermute(random: RandomWords, byRank: IndexArray): IndexArray {
  const kernelled = random instanceof Mt19937 && byRank instanceof Uint8Array && byRank.length >= KERNEL_RECORDS
  return kernelled ? unpermuteBytes(random, byRank) : unpermuteByIndex(random, byRank)
}

function unpermuteByIndex(random: RandomWords, byRank: IndexArray): IndexArray {
  const order = permutation(random, byRank.length)
  const values = byRank.slice()
  for (let rank = 0; rank < order.length; rank++) values[order[rank] as number] = byRank[rank] as number
  return values
}

function unpermuteBytes(random: Mt19937, byRank: Uint8Array): Uint8Array {
  const kernel = new Kernel()
  const count = byRank.length
  const partners = kernel.reserve(4 * Math.min(PIECE, count))
  const valuesAt = kernel.reserve(count)
  const first = random.save()
  const stateAt = kernel.reserve(STATE_BYTES)
  kernel.bytes(valuesAt, count).set(byRank)
  const state = kernel.words(stateAt, first.length)
  state.set(first)
  const pieces: { high: number; low: number; state: Uint32Array }[] = []
  for (let high = count - 1; high > 0; ) {
    const low = Math.max(1, high - PIECE + 1)
    pieces.push({ high, low, state: state.slice() })
    kernel.run.drawPartners(stateAt, high, low, partners)
    high = low - 1
  }
  random.restore(state)
  const last = pieces.at(-1)
  for (const piece of pieces.toReversed()) {
    if (piece !== last) {
      state.set(piece.state)
      kernel.run.drawPartners(stateAt, piece.high, piece.low, partners)
    }
    kernel.run.unswapBytes(valuesAt, piece.low, piece.high, partners)
  }
  return kernel.bytes(valuesAt, count)
}
