// Compares what the splitter writes with a plain reference, before anybody times it.
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { records } from './data.mjs'

/** Every record of a sample is in the fold that a plain reference deals it to, in order, and nowhere else. */
export function checkOutput(root, name, shape, k, split) {
  const sample = join(root, 'sample')
  const rows = records(shape, 0, 30_000)
  writeFileSync(sample, rows.join(''))
  const output = split(sample)
  const folds = referenceFolds(rows.length, k, 23)
  for (let fold = 0; fold < k; fold++) {
    const side = (folder, wanted) => {
      const path = join(output, folder, String(fold))
      const found = readdirSync(path).map(file => readFileSync(join(path, file), 'utf8'))
      if (found.join('') !== wanted.join('')) throw new Error(`${name}: ${folder}/${fold} differs from the reference`)
    }
    const of = wanted => rows.filter((_, i) => folds[i] === wanted)
    side('validation', of(fold))
    side(
      'train',
      Array.from({ length: k }, (_, i) => i).flatMap(other => (other === fold ? [] : of(other))),
    )
  }
  rmSync(sample)
}

/** Folds of scikit-learn's KFold(k, shuffle=True, random_state=seed), written down without haste. */
function referenceFolds(count, k, seed) {
  const state = [seed]
  for (let i = 1; i < 624; i++) state[i] = Math.imul(1812433253, state[i - 1] ^ (state[i - 1] >>> 30)) + i
  let at = 624
  const next = () => {
    if (at === 624) {
      for (let i = 0; i < 624; i++) {
        const word = (state[i] & 0x80000000) | (state[(i + 1) % 624] & 0x7fffffff)
        state[i] = state[(i + 397) % 624] ^ (word >>> 1) ^ (word & 1 ? 0x9908b0df : 0)
      }
      at = 0
    }
    let word = state[at++]
    word ^= word >>> 11
    word ^= (word << 7) & 0x9d2c5680
    word ^= (word << 15) & 0xefc60000
    return (word ^ (word >>> 18)) >>> 0
  }
  const order = Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const mask = 0xffffffff >>> Math.clz32(i)
    let j = (next() & mask) >>> 0
    while (j > i) j = (next() & mask) >>> 0
    ;[order[i], order[j]] = [order[j], order[i]]
  }
  const folds = []
  order.forEach((record, rank) => {
    const large = count % k
    const size = Math.floor(count / k)
    folds[record] = rank < large * (size + 1) ? Math.floor(rank / (size + 1)) : Math.floor((rank - large) / size)
  })
  return folds
}
