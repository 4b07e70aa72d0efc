/** Where the message words of a round were in the round before. */
const PERMUTATION = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8]

/**
 * The seven rounds of BLAKE3 on the vectors v0 to vf as statements, four mixes side by side: written out, so that every
 * message word lies at a constant place, they take four fifths of the time of a loop. `b` is what a mix waits for, so it is
 * added last.
 */
export function blake3Rounds() {
  const lines = []
  let words = PERMUTATION.map((_, i) => i)
  for (let round = 0; round < 7; round++) {
    lines.push(...mixes(0, words.slice(0, 8)), ...mixes(1, words.slice(8)))
    words = PERMUTATION.map(i => words[i])
  }
  return lines.join('\n')
}

/** Four mixes, of the columns (`shift` 0) or of the diagonals (1). */
function mixes(shift, words) {
  const lanes = [0, 1, 2, 3].map(i => [0, 1, 2, 3].map(row => `v${(4 * row + ((i + shift * row) % 4)).toString(16)}`))
  const message = i => `v128.load(message, ${words[i] * 16})`
  return [
    ([a, b], i) => `${a} = i32x4.add(i32x4.add(${a}, ${message(2 * i)}), ${b})`,
    ([a, , , d]) => `${d} = right16(v128.xor(${d}, ${a}))`,
    ([, , c, d]) => `${c} = i32x4.add(${c}, ${d})`,
    ([, b, c]) => `${b} = right12(v128.xor(${b}, ${c}))`,
    ([a, b], i) => `${a} = i32x4.add(i32x4.add(${a}, ${message(2 * i + 1)}), ${b})`,
    ([a, , , d]) => `${d} = right8(v128.xor(${d}, ${a}))`,
    ([, , c, d]) => `${c} = i32x4.add(${c}, ${d})`,
    ([, b, c]) => `${b} = right7(v128.xor(${b}, ${c}))`,
  ].flatMap(statement => lanes.map(statement))
}
