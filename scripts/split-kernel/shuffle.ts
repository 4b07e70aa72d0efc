// Dealing records to folds: numpy's shuffle, undone on bytes, and how many got which.

// MT19937 as numpy's RandomState: 624 words of state at `state`, the position after them; at RANDOM_WORDS, which belongs to
// `drawPartners`, the same words as they are drawn.

const RANDOM_WORDS: usize = 2560

/** The next 624 words of state. The vectors end before those words that are made of others of the same vector. */
function twist(state: usize): void {
  const high = i32x4.splat(0x80000000)
  const one = i32x4.splat(1)
  const matrix = i32x4.splat(0x9908b0df)
  for (let i: u32 = 0; i < 624; ) {
    const at = state + ((<usize>i) << 2)
    const far: usize = i < 227 ? at + 1588 : at - 908
    if ((i < 224 || i >= 228) && i < 620) {
      const word = v128.bitselect(v128.load(at), v128.load(at, 4), high)
      const odd = i32x4.mul(v128.and(word, one), matrix)
      v128.store(at, v128.xor(v128.xor(v128.load(far), i32x4.shr_u(word, 1)), odd))
      i += 4
    } else {
      const next = load<u32>(i === 623 ? state : at + 4)
      const word = (load<u32>(at) & 0x80000000) | (next & 0x7fffffff)
      store<u32>(at, load<u32>(far) ^ (word >> 1) ^ ((0 - (word & 1)) & 0x9908b0df))
      i++
    }
  }
}

function temper(state: usize): void {
  const words = state + RANDOM_WORDS
  for (let i: usize = 0; i < 2496; i += 16) {
    let word = v128.load(state + i)
    word = v128.xor(word, i32x4.shr_u(word, 11))
    word = v128.xor(word, v128.and(i32x4.shl(word, 7), i32x4.splat(0x9d2c5680)))
    word = v128.xor(word, v128.and(i32x4.shl(word, 15), i32x4.splat(0xefc60000)))
    v128.store(words + i, v128.xor(word, i32x4.shr_u(word, 18)))
  }
}

/**
 * Draws numpy's shuffle partners of elements `high`, `high - 1`, … `low`, from 1 on, and writes that of i to
 * `partners[i - low]`. A third of the words are refused, at random, so the loop stores each and goes on without a branch.
 */
export function drawPartners(state: usize, high: u32, low: u32, partners: usize): void {
  const words = state + RANDOM_WORDS
  let position = load<u32>(state + 2496)
  temper(state)
  let i = high
  while (i >= low) {
    const mask = 0xffffffff >> clz(i)
    // Below it the mask is another one.
    const least = max(low, (mask >> 1) + 1)
    while (i >= least) {
      if (position === 624) {
        twist(state)
        temper(state)
        position = 0
      }
      const tries = min(624 - position, i - least + 1)
      let at = words + ((<usize>position) << 2)
      for (const end = at + ((<usize>tries) << 2); at < end; at += 4) {
        const value = load<u32>(at) & mask
        store<u32>(partners + ((<usize>(i - low)) << 2), value)
        i -= <u32>(value <= i)
      }
      position += tries
    }
  }
  store<u32>(state + 2496, position)
}

/** Undoes the shuffle's swaps of elements `low` to `high` on bytes. */
export function unswapBytes(values: usize, low: u32, high: u32, partners: usize): void {
  for (let i = low; i <= high; i++) {
    const j = load<u32>(partners + ((<usize>(i - low)) << 2))
    const held = load<u8>(values + i)
    store<u8>(values + i, load<u8>(values + j))
    store<u8>(values + j, held)
  }
}

/**
 * Counts `count` bytes, a multiple of four, by their value: four counts of each, 256 after 256, because a processor that counts
 * in one place again and again waits for itself.
 */
export function countBytes(values: usize, count: u32, counts: usize): void {
  for (const end = values + count; values < end; values += 4)
    for (let lane: usize = 0; lane < 4; lane++) {
      const at = counts + (lane << 10) + ((<usize>load<u8>(values + lane)) << 2)
      store<u32>(at, load<u32>(at) + 1)
    }
}
