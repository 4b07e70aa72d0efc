// The inner loops of the splitter, in AssemblyScript (WebAssembly with SIMD). All memory belongs to the caller, who passes
// addresses; blocks must be followed by 64 readable bytes, destinations of copies by 64 writable ones.

/** Bits of the 64 bytes at `at` that equal `byte`. */
function equalBits(at: usize, byte: v128): u64 {
  const a = <u64>i8x16.bitmask(i8x16.eq(v128.load(at), byte))
  const b = <u64>i8x16.bitmask(i8x16.eq(v128.load(at, 16), byte))
  const c = <u64>i8x16.bitmask(i8x16.eq(v128.load(at, 32), byte))
  const d = <u64>i8x16.bitmask(i8x16.eq(v128.load(at, 48), byte))
  return (a & 0xffff) | ((b & 0xffff) << 16) | ((c & 0xffff) << 32) | ((d & 0xffff) << 48)
}

/** Whether `one`, `other` or NUL is among the 64 bytes at `at`. */
function hasAny(at: usize, one: v128, other: v128): bool {
  const a = v128.load(at)
  const b = v128.load(at, 16)
  const c = v128.load(at, 32)
  const d = v128.load(at, 48)
  const ones = v128.or(v128.or(i8x16.eq(a, one), i8x16.eq(b, one)), v128.or(i8x16.eq(c, one), i8x16.eq(d, one)))
  const others = v128.or(
    v128.or(i8x16.eq(a, other), i8x16.eq(b, other)),
    v128.or(i8x16.eq(c, other), i8x16.eq(d, other)),
  )
  const least = i8x16.min_u(i8x16.min_u(a, b), i8x16.min_u(c, d))
  return v128.any_true(v128.or(v128.or(ones, others), i8x16.eq(least, i8x16.splat(0))))
}

/** Bit i of the result is the parity of bits 0 to i. */
function prefixXor(bits: u64): u64 {
  bits ^= bits << 1
  bits ^= bits << 2
  bits ^= bits << 4
  bits ^= bits << 8
  bits ^= bits << 16
  bits ^= bits << 32
  return bits
}

/** Bits of the bytes below `left`, when fewer than 64 are left. */
function validBits(left: u32): u64 {
  return left >= 64 ? u64.MAX_VALUE : ((<u64>1) << left) - 1
}

/** Offsets after each LF; returns how many, at most `capacity`. */
export function scanLines(block: usize, length: u32, ends: usize, capacity: u32): u32 {
  const lf = i8x16.splat(10)
  let count: u32 = 0
  for (let base: u32 = 0; base < length; base += 64) {
    let lines = equalBits(block + base, lf) & validBits(length - base)
    while (lines !== 0) {
      if (count === capacity) return count
      store<u32>(ends + ((<usize>count) << 2), base + <u32>ctz(lines) + 1)
      count++
      lines &= lines - 1
    }
  }
  return count
}

/** The same outside of double quotes. */
export function scanQuotedLines(block: usize, length: u32, ends: usize, capacity: u32): u32 {
  const lf = i8x16.splat(10)
  const quote = i8x16.splat(34)
  let count: u32 = 0
  let inside: u64 = 0
  for (let base: u32 = 0; base < length; base += 64) {
    const valid = validBits(length - base)
    let lines = equalBits(block + base, lf) & valid
    const quotes = equalBits(block + base, quote) & valid
    if ((quotes | inside) !== 0) {
      const quoted = prefixXor(quotes) ^ inside
      lines &= ~quoted
      inside = <u64>(<i64>quoted >> 63)
    }
    while (lines !== 0) {
      if (count === capacity) return count
      store<u32>(ends + ((<usize>count) << 2), base + <u32>ctz(lines) + 1)
      count++
      lines &= lines - 1
    }
  }
  return count
}

/**
 * Record ends as above, and of every record whether it is regular: well quoted, without NUL or stray CR, not empty, with
 * `expected` fields. `slots` tells for every field whether its bounds are wanted (255: no), and they are written to
 * `starts` and `stops`, `capacity` entries per slot.
 */
export function scanRecords(
  block: usize,
  start: u32,
  length: u32,
  delimiter: u32,
  expected: u32,
  slots: usize,
  wantsFields: bool,
  ends: usize,
  irregular: usize,
  starts: usize,
  stops: usize,
  capacity: u32,
): u32 {
  const lfs = i8x16.splat(10)
  const crs = i8x16.splat(13)
  const nuls = i8x16.splat(0)
  const quoteBytes = i8x16.splat(34)
  const delimiters = i8x16.splat(<i8>delimiter)
  let count: u32 = 0
  let inside: u64 = 0
  let fields: u32 = 0
  let recordStart = start
  let fieldStart = start
  let bad: bool = false
  // What the byte before this piece was: the start of the data counts as a border.
  let afterBorder: u64 = 1
  let afterClose: u64 = 0
  let afterCr: u64 = 0
  for (let base: u32 = start & ~63; base < length; base += 64) {
    let valid = validBits(length - base)
    if (base < start) valid &= ~validBits(start - base)
    const at = block + base
    let lines = equalBits(at, lfs) & valid
    const rawLines = lines
    let borders = equalBits(at, delimiters) & valid
    // Most pieces have none of these three; one look for all of them is cheaper than three.
    let quotes: u64 = 0
    let cr: u64 = 0
    let wrong: u64 = 0
    const special = hasAny(at, quoteBytes, crs)
    if (!special && !wantsFields && !bad && (inside | afterClose | afterCr) === 0 && count + 64 <= capacity) {
      // Neither may a record be empty nor the piece be cut: what follows is for records of nothing but fields.
      const empty = lines & ((lines << 1) | <u64>(recordStart === base))
      if (empty === 0 && base >= start && base + 64 <= length) {
        afterBorder = (borders | lines) >> 63
        while (lines !== 0) {
          const upTo = lines ^ (lines - 1)
          const found = fields + 1 + <u32>popcnt(borders & upTo)
          recordStart = base + <u32>popcnt(upTo)
          store<u8>(irregular + count, <u32>(found !== expected))
          store<u32>(ends + ((<usize>count) << 2), recordStart)
          borders &= ~upTo
          fields = 0
          count++
          lines &= lines - 1
        }
        fields += <u32>popcnt(borders)
        continue
      }
    }
    if (special) {
      quotes = equalBits(at, quoteBytes) & valid
      cr = equalBits(at, crs) & valid
      wrong = equalBits(at, nuls) & valid
    }
    let bareCr = cr
    if (base < start) {
      afterBorder = (<u64>1) << (start - base)
    }
    if ((quotes | inside | afterClose) !== 0) {
      const quoted = prefixXor(quotes) ^ inside
      lines &= ~quoted
      borders &= ~quoted
      bareCr &= ~quoted
      const opens = quotes & quoted
      const closes = quotes & ~quoted
      wrong |= opens & ~(((borders | lines | closes) << 1) | afterBorder | afterClose)
      wrong |= ((closes << 1) | afterClose) & valid & ~(borders | lines | cr | quotes)
      inside = <u64>(<i64>quoted >> 63)
      afterClose = closes >> 63
    }
    wrong |= ((bareCr << 1) | afterCr) & valid & ~rawLines
    afterCr = bareCr >> 63
    afterBorder = (borders | lines) >> 63
    if (wantsFields) {
      let events = borders | lines
      while (events !== 0) {
        const bit = <u32>ctz(events)
        const position = base + bit
        const flag = (<u64>1) << bit
        events &= events - 1
        if (fields < expected) {
          const slot = <u32>load<u8>(slots + fields)
          if (slot !== 255) {
            const entry = (<usize>(slot * capacity + count)) << 2
            let stop = position
            if ((lines & flag) !== 0 && stop > fieldStart && load<u8>(block + stop - 1) === 13) stop--
            store<u32>(starts + entry, fieldStart)
            store<u32>(stops + entry, stop)
          }
        }
        fields++
        fieldStart = position + 1
        if ((lines & flag) === 0) continue
        if ((wrong & (flag | (flag - 1))) !== 0) bad = true
        wrong &= ~(flag | (flag - 1))
        endRecord(block, recordStart, position, fields === expected && !bad, ends, irregular, count)
        count++
        bad = false
        fields = 0
        recordStart = position + 1
        if (count === capacity) return count
      }
    } else {
      let rest = borders
      while (lines !== 0) {
        const bit = <u32>ctz(lines)
        const position = base + bit
        const flag = (<u64>1) << bit
        lines &= lines - 1
        fields += 1 + <u32>popcnt(rest & (flag - 1))
        rest &= ~(flag - 1)
        if ((wrong & (flag | (flag - 1))) !== 0) bad = true
        wrong &= ~(flag | (flag - 1))
        endRecord(block, recordStart, position, fields === expected && !bad, ends, irregular, count)
        count++
        bad = false
        fields = 0
        recordStart = position + 1
        if (count === capacity) return count
      }
      fields += <u32>popcnt(rest)
    }
    if (wrong !== 0) bad = true
  }
  return count
}

function endRecord(block: usize, start: u32, lf: u32, good: bool, ends: usize, irregular: usize, count: u32): void {
  const content = lf > start && load<u8>(block + lf - 1) === 13 ? lf - 1 : lf
  store<u8>(irregular + count, !good || content === start ? 1 : 0)
  store<u32>(ends + ((<usize>count) << 2), lf + 1)
}

/**
 * Copies records `from` to `count` to the buffers of their cells, one after the other. A cell's buffer starts at
 * `buffers + cell * stride` and takes `room` bytes, which 64 more follow. Stops at a record that does not fit and returns
 * its index.
 */
export function copyRecords(
  block: usize,
  start: u32,
  ends: usize,
  from: u32,
  count: u32,
  cells: usize,
  buffers: usize,
  stride: u32,
  room: u32,
  used: usize,
  records: usize,
): u32 {
  for (let i = from; i < count; i++) {
    const stop = load<u32>(ends + ((<usize>i) << 2))
    const cell = <usize>load<u8>(cells + i)
    const length = stop - start
    const at = used + (cell << 2)
    const filled = load<u32>(at)
    if (filled + length > room) return i
    copyBytes(block + start, buffers + cell * <usize>stride + filled, length)
    store<u32>(at, filled + length)
    const counter = records + (cell << 2)
    store<u32>(counter, load<u32>(counter) + 1)
    start = stop
  }
  return count
}

/** The same with cells of u32, of which 0xffffffff says that the record goes to none. */
export function copyChosen(
  block: usize,
  start: u32,
  ends: usize,
  from: u32,
  count: u32,
  cells: usize,
  buffers: usize,
  stride: u32,
  room: u32,
  used: usize,
  records: usize,
): u32 {
  for (let i = from; i < count; i++) {
    const stop = load<u32>(ends + ((<usize>i) << 2))
    const cell = load<u32>(cells + ((<usize>i) << 2))
    if (cell !== 0xffffffff) {
      const length = stop - start
      const at = used + ((<usize>cell) << 2)
      const filled = load<u32>(at)
      if (filled + length > room) return i
      copyBytes(block + start, buffers + <usize>cell * <usize>stride + filled, length)
      store<u32>(at, filled + length)
      const counter = records + ((<usize>cell) << 2)
      store<u32>(counter, load<u32>(counter) + 1)
    }
    start = stop
  }
  return count
}

/** Copies 32 bytes at least. */
function copyBytes(source: usize, target: usize, length: u32): void {
  v128.store(target, v128.load(source))
  v128.store(target, v128.load(source, 16), 16)
  for (let done: u32 = 32; done < length; done += 32) {
    v128.store(target + done, v128.load(source + done))
    v128.store(target + done, v128.load(source + done, 16), 16)
  }
}
