/** BLAKE3 straight from its specification, chunk by chunk and recursively: slow, and nothing shared with the kernel. */
export function blake3(input: Uint8Array): string {
  return Buffer.from(Uint32Array.from(node(input, 0, ROOT)).buffer).toString('hex')
}

const CHUNK_START = 1
const CHUNK_END = 2
const PARENT = 4
const ROOT = 8
const INITIAL = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
] as const
const PERMUTATION = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8]

/** Chaining value of the subtree over `bytes`, whose first chunk is number `counter`. */
function node(bytes: Uint8Array, counter: number, flags: number): number[] {
  if (bytes.length <= 1024) return chunk(bytes, counter, flags)
  let left = 1024
  while (2 * left < bytes.length) left *= 2
  const values = [...node(bytes.subarray(0, left), counter, 0), ...node(bytes.subarray(left), counter + left / 1024, 0)]
  return compress(INITIAL, values, 64, 0, PARENT | flags)
}

function chunk(bytes: Uint8Array, counter: number, flags: number): number[] {
  let value: readonly number[] = INITIAL
  const blocks = Math.max(1, Math.ceil(bytes.length / 64))
  for (let i = 0; i < blocks; i++) {
    const part = bytes.subarray(64 * i, 64 * i + 64)
    const block = Buffer.alloc(64)
    block.set(part)
    const words = Array.from({ length: 16 }, (_, word) => block.readUInt32LE(4 * word))
    const flag = (i === 0 ? CHUNK_START : 0) | (i === blocks - 1 ? CHUNK_END | flags : 0)
    value = compress(value, words, part.length, counter, flag)
  }
  return [...value]
}

function compress(
  value: readonly number[],
  block: readonly number[],
  length: number,
  counter: number,
  flags: number,
): number[] {
  const v = [...value, ...INITIAL.slice(0, 4), counter, 0, length, flags]
  let m = block
  const mix = (a: number, b: number, c: number, d: number, x: number, y: number) => {
    const at = (i: number) => v[i] as number
    v[a] = (at(a) + at(b) + x) >>> 0
    v[d] = rotate(at(d) ^ at(a), 16)
    v[c] = (at(c) + at(d)) >>> 0
    v[b] = rotate(at(b) ^ at(c), 12)
    v[a] = (at(a) + at(b) + y) >>> 0
    v[d] = rotate(at(d) ^ at(a), 8)
    v[c] = (at(c) + at(d)) >>> 0
    v[b] = rotate(at(b) ^ at(c), 7)
  }
  for (let round = 0; round < 7; round++) {
    for (let i = 0; i < 4; i++) mix(i, 4 + i, 8 + i, 12 + i, m[2 * i] as number, m[2 * i + 1] as number)
    for (let i = 0; i < 4; i++) {
      const [b, c, d] = [4 + ((i + 1) % 4), 8 + ((i + 2) % 4), 12 + ((i + 3) % 4)]
      mix(i, b, c, d, m[8 + 2 * i] as number, m[9 + 2 * i] as number)
    }
    m = PERMUTATION.map(i => m[i] as number)
  }
  return Array.from({ length: 8 }, (_, i) => ((v[i] as number) ^ (v[8 + i] as number)) >>> 0)
}

function rotate(word: number, bits: number): number {
  return ((word >>> bits) | (word << (32 - bits))) >>> 0
}
