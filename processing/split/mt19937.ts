/** A stream of uniform 32-bit words: what the shuffles draw from. */
export interface RandomWords {
  next32(): number
}

const SIZE = 624
const MIDDLE = 397

/**
 * MT19937 as numpy's legacy `RandomState(seed)` seeds and reads it, so that `random_state=seed` of scikit-learn draws the
 * same words.
 *
 * A class because a generator has identity: consecutive shuffles continue its stream.
 */
export class Mt19937 implements RandomWords {
  private readonly state = new Uint32Array(SIZE)
  private position = SIZE

  /** @param seed 0 to 2^32 - 1. */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff)
      throw new RangeError('Seed must be between 0 and 2**32 - 1')
    const { state } = this
    state[0] = seed
    for (let i = 1; i < SIZE; i++) {
      const previous = state[i - 1] as number
      state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i
    }
  }

  /** State words and position, to go on drawing elsewhere. */
  save(): Uint32Array {
    const saved = new Uint32Array(SIZE + 1)
    saved.set(this.state)
    saved[SIZE] = this.position
    return saved
  }

  restore(saved: Uint32Array): void {
    this.state.set(saved.subarray(0, SIZE))
    this.position = saved[SIZE] as number
  }

  next32(): number {
    if (this.position === SIZE) this.twist()
    let word = this.state[this.position++] as number
    word ^= word >>> 11
    word ^= (word << 7) & 0x9d2c5680
    word ^= (word << 15) & 0xefc60000
    word ^= word >>> 18
    return word >>> 0
  }

  private twist(): void {
    const { state } = this
    for (let i = 0; i < SIZE; i++) {
      const word = ((state[i] as number) & 0x80000000) | ((state[(i + 1) % SIZE] as number) & 0x7fffffff)
      const twisted = (state[(i + MIDDLE) % SIZE] as number) ^ (word >>> 1)
      state[i] = word & 1 ? twisted ^ 0x9908b0df : twisted
    }
    this.position = 0
  }
}
