// BLAKE3 (https://github.com/BLAKE3-team/BLAKE3-specs), unkeyed, four chunks at a time, up to 4 TiB. A hasher is a piece of
// zeroed memory of HASHER_BYTES: chunks done (u32), bytes held (u32), height of the stack (u32); at 64 the stack of chaining
// values, at 2048 the bytes held, which are hashed when more come because the last ones are hashed differently; then room for
// work. A line stands for the rounds that blake3-rounds.mjs writes out.

const STACK: usize = 64
const HELD: usize = 2048
/** Chunks of 1024 bytes that become one subtree. */
const UNIT_CHUNKS: u32 = 16
const UNIT: u32 = UNIT_CHUNKS * 1024
const VALUES: usize = HELD + UNIT
const MESSAGE: usize = VALUES + 512
/** Of one hasher; `Blake3` in processing/formats/blake3.ts knows it too. */
export const HASHER_BYTES: i32 = 2048 + 16384 + 512 + 256

const CHUNK_START: u32 = 1
const CHUNK_END: u32 = 2
const PARENT: u32 = 4
const ROOT: u32 = 8

const initial = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
])

/** For each of the seven rounds, the places of its sixteen message words. */
const schedule = memory.data<u8>([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8, 3, 4, 10,
  12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1, 10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6, 12, 13, 9, 11, 15,
  10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4, 9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7, 11, 15, 5, 0, 1, 9, 8, 6, 14,
  10, 2, 12, 3, 4, 7, 13,
])

export function right16(x: v128): v128 {
  return i8x16.shuffle(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)
}

export function right12(x: v128): v128 {
  return v128.or(i32x4.shr_u(x, 12), i32x4.shl(x, 20))
}

/** Faster by shifts: V8 has instructions for the shuffle of `right16`, and none for this one. */
export function right8(x: v128): v128 {
  return v128.or(i32x4.shr_u(x, 8), i32x4.shl(x, 24))
}

export function right7(x: v128): v128 {
  return v128.or(i32x4.shr_u(x, 7), i32x4.shl(x, 25))
}

/** Writes words 4q to 4q + 3 of four blocks to `message`, one vector per word. */
function transpose(a: usize, b: usize, c: usize, d: usize, message: usize): void {
  const w = v128.load(a)
  const x = v128.load(b)
  const y = v128.load(c)
  const z = v128.load(d)
  const lowAB = i8x16.shuffle(w, x, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23)
  const highAB = i8x16.shuffle(w, x, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31)
  const lowCD = i8x16.shuffle(y, z, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23)
  const highCD = i8x16.shuffle(y, z, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31)
  v128.store(message, i8x16.shuffle(lowAB, lowCD, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23))
  v128.store(message, i8x16.shuffle(lowAB, lowCD, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31), 16)
  v128.store(message, i8x16.shuffle(highAB, highCD, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23), 32)
  v128.store(message, i8x16.shuffle(highAB, highCD, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31), 48)
}

/**
 * Chaining values of four nodes, `stride` bytes apart, of `blocks` full blocks each, to `out`. Chunks have the counters
 * from `counter` on, parents (`step` 0) all have 0.
 */
function hashFour(
  input: usize,
  stride: usize,
  blocks: u32,
  counter: u32,
  step: u32,
  flags: u32,
  firstFlag: u32,
  lastFlag: u32,
  out: usize,
  message: usize,
): void {
  let h0 = i32x4.splat(load<u32>(initial))
  let h1 = i32x4.splat(load<u32>(initial, 4))
  let h2 = i32x4.splat(load<u32>(initial, 8))
  let h3 = i32x4.splat(load<u32>(initial, 12))
  let h4 = i32x4.splat(load<u32>(initial, 16))
  let h5 = i32x4.splat(load<u32>(initial, 20))
  let h6 = i32x4.splat(load<u32>(initial, 24))
  let h7 = i32x4.splat(load<u32>(initial, 28))
  const counters = i32x4.add(i32x4.splat(counter), i32x4.mul(i32x4.splat(step), i32x4(0, 1, 2, 3)))
  for (let block: u32 = 0; block < blocks; block++) {
    const a = input + ((<usize>block) << 6)
    const b = a + stride
    const c = b + stride
    const d = c + stride
    transpose(a, b, c, d, message)
    transpose(a + 16, b + 16, c + 16, d + 16, message + 64)
    transpose(a + 32, b + 32, c + 32, d + 32, message + 128)
    transpose(a + 48, b + 48, c + 48, d + 48, message + 192)
    let flag = flags
    if (block === 0) flag |= firstFlag
    if (block === blocks - 1) flag |= lastFlag
    let v0 = h0
    let v1 = h1
    let v2 = h2
    let v3 = h3
    let v4 = h4
    let v5 = h5
    let v6 = h6
    let v7 = h7
    let v8 = i32x4.splat(0x6a09e667)
    let v9 = i32x4.splat(0xbb67ae85)
    let va = i32x4.splat(0x3c6ef372)
    let vb = i32x4.splat(0xa54ff53a)
    let vc = counters
    let vd = i32x4.splat(0)
    let ve = i32x4.splat(64)
    let vf = i32x4.splat(flag)
    sevenRounds()
    h0 = v128.xor(v0, v8)
    h1 = v128.xor(v1, v9)
    h2 = v128.xor(v2, va)
    h3 = v128.xor(v3, vb)
    h4 = v128.xor(v4, vc)
    h5 = v128.xor(v5, vd)
    h6 = v128.xor(v6, ve)
    h7 = v128.xor(v7, vf)
  }
  v128.store(message, h0)
  v128.store(message, h1, 16)
  v128.store(message, h2, 32)
  v128.store(message, h3, 48)
  v128.store(message, h4, 64)
  v128.store(message, h5, 80)
  v128.store(message, h6, 96)
  v128.store(message, h7, 112)
  for (let lane: usize = 0; lane < 4; lane++)
    for (let i: usize = 0; i < 8; i++)
      store<u32>(out + (lane << 5) + (i << 2), load<u32>(message + (i << 4) + (lane << 2)))
}

function mix(v: usize, a: usize, b: usize, c: usize, d: usize, x: u32, y: u32): void {
  let va = load<u32>(v + (a << 2)) + load<u32>(v + (b << 2)) + x
  let vd = rotr(load<u32>(v + (d << 2)) ^ va, 16)
  let vc = load<u32>(v + (c << 2)) + vd
  let vb = rotr(load<u32>(v + (b << 2)) ^ vc, 12)
  va = va + vb + y
  vd = rotr(vd ^ va, 8)
  vc = vc + vd
  vb = rotr(vb ^ vc, 7)
  store<u32>(v + (a << 2), va)
  store<u32>(v + (b << 2), vb)
  store<u32>(v + (c << 2), vc)
  store<u32>(v + (d << 2), vd)
}

/** One compression: the chaining value at `value` with a block of 64 bytes, of which `length` are meant, to `out`. */
function compress(value: usize, block: usize, length: u32, counter: u32, flags: u32, out: usize, v: usize): void {
  memory.copy(v, value, 32)
  memory.copy(v + 32, initial, 16)
  store<u32>(v, counter, 48)
  store<u32>(v, 0, 52)
  store<u32>(v, length, 56)
  store<u32>(v, flags, 60)
  for (let order = schedule; order < schedule + 112; order += 16)
    for (let i: usize = 0; i < 8; i++) {
      const x = load<u32>(block + ((<usize>load<u8>(order + 2 * i)) << 2))
      const y = load<u32>(block + ((<usize>load<u8>(order + 2 * i + 1)) << 2))
      if (i < 4) mix(v, i, 4 + i, 8 + i, 12 + i, x, y)
      else mix(v, i & 3, 4 + ((i + 1) & 3), 8 + ((i + 2) & 3), 12 + ((i + 3) & 3), x, y)
    }
  for (let i: usize = 0; i < 8; i++) store<u32>(out + (i << 2), load<u32>(v + (i << 2)) ^ load<u32>(v + 32 + (i << 2)))
}

/** Chaining value of one chunk of at most 1024 bytes, which 64 writable bytes follow; `flags` are added to its last block. */
function hashChunk(input: usize, length: u32, counter: u32, flags: u32, out: usize, work: usize): void {
  memory.copy(out, initial, 32)
  memory.fill(input + length, 0, (64 - (length & 63)) & 63)
  if (length === 0) memory.fill(input, 0, 64)
  const blocks: u32 = length === 0 ? 1 : (length + 63) >> 6
  for (let block: u32 = 0; block < blocks; block++) {
    let flag: u32 = block === 0 ? CHUNK_START : 0
    if (block === blocks - 1) flag |= CHUNK_END | flags
    const size = min<u32>(64, length - (block << 6))
    compress(out, input + ((<usize>block) << 6), size, counter, flag, out, work)
  }
}

/** Puts the chaining value at `hasher + VALUES` on the stack, as that of subtree number `count`, from 1 on, of its size. */
function push(hasher: usize, count: u32): void {
  const value = hasher + VALUES
  let height = load<u32>(hasher, 8)
  for (; (count & 1) === 0; count >>= 1) {
    height--
    const left = hasher + STACK + ((<usize>height) << 5)
    memory.copy(left + 32, value, 32)
    hashFour(left, 0, 1, 0, 0, PARENT, 0, 0, value, hasher + MESSAGE)
  }
  memory.copy(hasher + STACK + ((<usize>height) << 5), value, 32)
  store<u32>(hasher, height + 1, 8)
}

/** Hashes a unit of whole chunks that are not the last. */
function hashUnit(hasher: usize, input: usize): void {
  const values = hasher + VALUES
  const message = hasher + MESSAGE
  const counter = load<u32>(hasher)
  for (let i: u32 = 0; i < UNIT_CHUNKS; i += 4)
    hashFour(
      input + ((<usize>i) << 10),
      1024,
      16,
      counter + i,
      1,
      0,
      CHUNK_START,
      CHUNK_END,
      values + ((<usize>i) << 5),
      message,
    )
  // The last parents too: four lanes of which two mean nothing take half the time of `compress`.
  for (let nodes = UNIT_CHUNKS / 2; nodes > 0; nodes >>= 1)
    for (let i: u32 = 0; i < nodes; i += 4)
      hashFour(values + ((<usize>i) << 6), 64, 1, 0, 0, PARENT, 0, 0, values + ((<usize>i) << 5), message)
  store<u32>(hasher, counter + UNIT_CHUNKS)
  push(hasher, counter / UNIT_CHUNKS + 1)
}

/** Hashes `length` more bytes. */
export function hashMore(hasher: usize, input: usize, length: u32): void {
  let held = load<u32>(hasher, 4)
  while (length > 0) {
    if (held === UNIT) {
      hashUnit(hasher, hasher + HELD)
      held = 0
    }
    if (held === 0) for (; length > UNIT; length -= UNIT, input += UNIT) hashUnit(hasher, input)
    const taken = min(length, UNIT - held)
    memory.copy(hasher + HELD + held, input, taken)
    held += taken
    input += taken
    length -= taken
  }
  store<u32>(hasher, held, 4)
}

/** Writes the digest of 32 bytes to `out`. The hasher has to be zeroed before its next use. */
export function hashEnd(hasher: usize, out: usize): void {
  const value = hasher + VALUES
  const work = hasher + MESSAGE
  let input = hasher + HELD
  let held = load<u32>(hasher, 4)
  let counter = load<u32>(hasher)
  for (; held > 1024; held -= 1024, input += 1024) {
    hashChunk(input, 1024, counter++, 0, value, work)
    push(hasher, counter)
  }
  let height = load<u32>(hasher, 8)
  hashChunk(input, held, counter, height === 0 ? ROOT : 0, value, work)
  while (height > 0) {
    height--
    const left = hasher + STACK + ((<usize>height) << 5)
    memory.copy(left + 32, value, 32)
    compress(initial, left, 64, 0, height === 0 ? PARENT | ROOT : PARENT, value, work)
  }
  memory.copy(out, value, 32)
}
