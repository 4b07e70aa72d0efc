// JSON (RFC 8259) of one line, checked to the last byte, and where the values of wanted top-level members lie. What is legal
// but hard to hand on as bytes (escapes, numbers that are not plain whole ones, nesting deeper than 64) is left to the caller.

/** Of one wanted member in the table of keys: what it is (u32), the length of its name (u32), the name. */
const KEY_BYTES: usize = 256
/** What it is from here on: no value to hand on, but one of these members must be a string. */
const EITHER: u32 = 128

const FIRST_KEY: u32 = 0
const KEY: u32 = 1
const VALUE: u32 = 2
const FIRST_ELEMENT: u32 = 3
const AFTER_VALUE: u32 = 4

/** What the last string had an escape, or the last number was no plain whole one. */
let awkward: bool = false

/** The closing quote of a string whose first character is at `at`; 0 when it is malformed. */
function stringEnd(at: usize, end: usize): usize {
  const quotes = i8x16.splat(34)
  const backslashes = i8x16.splat(92)
  const printable = i8x16.splat(32)
  awkward = false
  while (at < end) {
    const bytes = v128.load(at)
    const special = v128.or(
      i8x16.eq(bytes, quotes),
      v128.or(i8x16.eq(bytes, backslashes), i8x16.lt_u(bytes, printable)),
    )
    const bits = i8x16.bitmask(special)
    if (bits === 0) {
      at += 16
      continue
    }
    at += ctz(bits)
    if (at >= end) return 0
    const byte = load<u8>(at)
    if (byte === 34) return at
    if (byte !== 92) return 0
    awkward = true
    const escape = load<u8>(at, 1)
    if (escape === 117) {
      for (let i: usize = 2; i < 6; i++) if (!isHex(load<u8>(at + i))) return 0
      at += 6
    } else {
      if (
        escape !== 34 &&
        escape !== 92 &&
        escape !== 47 &&
        escape !== 98 &&
        escape !== 102 &&
        escape !== 110 &&
        escape !== 114 &&
        escape !== 116
      )
        return 0
      at += 2
    }
  }
  return 0
}

function isNumberStart(byte: u32): bool {
  return byte - 48 < 10 || byte === 45
}

function isHex(byte: u32): bool {
  return byte - 48 < 10 || (byte | 32) - 97 < 6
}

function digitsEnd(at: usize): usize {
  while (<u32>load<u8>(at) - 48 < 10) at++
  return at
}

/** Bits of those of the 16 bytes at `at` that are no digits, and one more bit. */
function otherBits(at: usize): u32 {
  return <u32>i8x16.bitmask(i8x16.gt_u(i8x16.sub(v128.load(at), i8x16.splat(48)), i8x16.splat(9))) | 0x10000
}

/** The end of the number at `at`; 0 when it is malformed. Short ones without exponent are settled by one look at 16 bytes. */
function numberEnd(at: usize): usize {
  const start = at + <usize>(load<u8>(at) === 45)
  const others = otherBits(start)
  const whole = <u32>ctz(others)
  const rest = others & (others - 1)
  const isFraction = whole < 15 && load<u8>(start + whole) === 46
  const length = isFraction ? <u32>ctz(rest) : whole
  const least = isFraction ? whole + 1 : 0
  if (length >= 16 || (load<u8>(start + length) | 32) === 101) return longNumberEnd(at)
  awkward = isFraction || (load<u8>(start) === 48 && start !== at)
  return whole === 0 || length === least || (whole > 1 && load<u8>(start) === 48) ? 0 : start + length
}

function longNumberEnd(at: usize): usize {
  awkward = false
  if (load<u8>(at) === 45) at++
  const first = load<u8>(at)
  const start = at
  at = digitsEnd(at)
  if (at === start || (first === 48 && at - start > 1)) return 0
  if (at - start > 15 || (first === 48 && load<u8>(start - 1) === 45)) awkward = true
  if (load<u8>(at) === 46) {
    awkward = true
    const fraction = at + 1
    at = digitsEnd(fraction)
    if (at === fraction) return 0
  }
  if ((load<u8>(at) | 32) === 101) {
    awkward = true
    at++
    const sign = load<u8>(at)
    if (sign === 43 || sign === 45) at++
    const exponent = at
    at = digitsEnd(exponent)
    if (at === exponent) return 0
  }
  return at
}

/** Of the bytes from `,` to `9`, from the highest bit on: digit, comma, dot, minus, zero. Of all others no bit. */
const numberClasses = memory.data<u8>([
  0x40, 0x10, 0x20, 0, 0x88, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0,
])

/**
 * The end of the numbers of a list, the first of which is at `at`, up to the last comma or the bracket within 64 bytes; of the
 * first number alone where that cannot be told; 0 when it is malformed. Bit i stands for byte i: a number starts after a comma,
 * and to add its first digit to all digits carries a bit to the place behind them, which is a dot or an end.
 */
function numbersEnd(at: usize): usize {
  const classes = v128.load(numberClasses)
  const first = i8x16.swizzle(classes, i8x16.sub(v128.load(at), i8x16.splat(44)))
  const second = i8x16.swizzle(classes, i8x16.sub(v128.load(at, 16), i8x16.splat(44)))
  const third = i8x16.swizzle(classes, i8x16.sub(v128.load(at, 32), i8x16.splat(44)))
  const fourth = i8x16.swizzle(classes, i8x16.sub(v128.load(at, 48), i8x16.splat(44)))
  const digits = classBits(first, second, third, fourth, 0)
  const commas = classBits(first, second, third, fourth, 1)
  const dots = classBits(first, second, third, fourth, 2)
  const minuses = classBits(first, second, third, fourth, 3)
  const zeros = classBits(first, second, third, fourth, 4)
  const other = <u32>ctz(~(commas | dots | minuses | digits))
  let last = other
  if (other === 64 || load<u8>(at + <usize>other) !== 93) {
    const before = commas & validBits(other)
    if (before === 0) return numberEnd(at)
    last = 63 - <u32>clz(before)
  }
  const inside = validBits(last)
  const ends = (commas & inside) | ((<u64>1) << last)
  const starts = 1 | ((commas & inside) << 1)
  const firsts = (starts & ~minuses) | ((starts & minuses) << 1)
  const behind = (firsts + (digits & inside)) & ~(digits & inside)
  const fractions = (behind & dots) << 1
  const behindFractions = (fractions + (digits & inside)) & ~(digits & inside)
  const wrong =
    (minuses & inside & ~starts) |
    ((firsts | fractions) & ~(digits & inside)) |
    (((firsts & zeros) << 1) & digits) |
    (dots & inside & ~behind) |
    (behind & ~dots & ~ends) |
    (behindFractions & ~ends)
  return wrong === 0 ? at + <usize>last : numberEnd(at)
}

/** Bit `number` from the top of each of 64 bytes. */
function classBits(a: v128, b: v128, c: v128, d: v128, number: i32): u64 {
  return (
    <u64>i8x16.bitmask(i64x2.shl(a, number)) |
    ((<u64>i8x16.bitmask(i64x2.shl(b, number))) << 16) |
    ((<u64>i8x16.bitmask(i64x2.shl(c, number))) << 32) |
    ((<u64>i8x16.bitmask(i64x2.shl(d, number))) << 48)
  )
}

/** The end of `true`, `false` or `null` at `at`; 0 when it is none. */
function wordEnd(at: usize): usize {
  const word = load<u32>(at)
  if (word === 0x65757274 || word === 0x6c6c756e) return at + 4
  return word === 0x736c6166 && load<u8>(at, 4) === 101 ? at + 5 : 0
}

function sameBytes(a: usize, b: usize, length: usize): bool {
  for (let i: usize = 0; i < length; i++) if (load<u8>(a + i) !== load<u8>(b + i)) return false
  return true
}

/** Bit i says that the key at `at` is number i of the table. */
function matchKeys(at: usize, length: usize, keys: usize, keyCount: u32): u32 {
  let matches: u32 = 0
  for (let i: u32 = 0; i < keyCount; i++) {
    const key = keys + <usize>i * KEY_BYTES
    if (load<u32>(key, 4) === <u32>length && sameBytes(at, key + 8, length)) matches |= 1 << i
  }
  return matches
}

/** Whether `[at, end)` is an object with all wanted members; their bounds are written to entry `record` of their slots. */
function checkObject(
  block: usize,
  at: usize,
  end: usize,
  keys: usize,
  keyCount: u32,
  starts: usize,
  stops: usize,
  record: u32,
  capacity: u32,
): bool {
  let depth: u32 = 0
  /** Bit d: what opened at depth d is an object. */
  let objects: u64 = 0
  let state: u32 = VALUE
  let wanted: u32 = 0
  let found: u32 = 0
  // A line feed is at `end`, which is neither space nor token.
  for (;;) {
    let byte = load<u8>(at)
    while (byte === 32 || byte === 9 || byte === 13) byte = load<u8>(++at)
    if (state === AFTER_VALUE) {
      if (depth === 0) break
      const inObject = ((objects >> (depth - 1)) & 1) !== 0
      if (byte === 44) state = inObject ? KEY : VALUE
      else if (byte === (inObject ? 125 : 93)) depth--
      else return false
      at++
      continue
    }
    if (state <= KEY) {
      if (byte === 125 && state === FIRST_KEY) {
        depth--
        state = AFTER_VALUE
        at++
        continue
      }
      if (byte !== 34) return false
      const close = stringEnd(at + 1, end)
      if (close === 0) return false
      wanted = 0
      if (depth === 1 && keyCount > 0) {
        if (awkward) return false
        wanted = matchKeys(at + 1, close - at - 1, keys, keyCount)
      }
      at = close + 1
      while (load<u8>(at) === 32 || load<u8>(at) === 9 || load<u8>(at) === 13) at++
      if (load<u8>(at) !== 58) return false
      at++
      state = VALUE
      continue
    }
    if (byte === 93 && state === FIRST_ELEMENT) {
      depth--
      state = AFTER_VALUE
      at++
      continue
    }
    if (byte === 123 || byte === 91) {
      if (depth === 64 || (depth === 0 && byte === 91)) return false
      if (wanted !== 0 && !isIgnored(wanted, keys, keyCount)) return false
      found &= ~wanted
      wanted = 0
      const bit = (<u64>1) << depth
      objects = byte === 123 ? objects | bit : objects & ~bit
      depth++
      state = byte === 123 ? FIRST_KEY : FIRST_ELEMENT
      at++
      continue
    }
    if (depth === 0) return false
    let valueStart = at
    let stop: usize
    const isString = byte === 34
    if (isString) {
      valueStart = at + 1
      stop = stringEnd(valueStart, end)
      at = stop + 1
    } else if (byte === 45 || <u32>byte - 48 < 10) {
      if (wanted === 0 && ((objects >> (depth - 1)) & 1) === 0) {
        // Most numbers are in lists of them.
        stop = numbersEnd(at)
        while (stop !== 0 && load<u8>(stop) === 44 && isNumberStart(load<u8>(stop, 1))) stop = numbersEnd(stop + 1)
      } else stop = numberEnd(at)
      at = stop
    } else {
      awkward = byte === 110
      stop = wordEnd(at)
      at = stop
    }
    if (stop === 0 || stop > end) return false
    for (let i: u32 = 0; wanted !== 0; i++, wanted >>= 1) {
      if ((wanted & 1) === 0) continue
      const slot = load<u32>(keys + <usize>i * KEY_BYTES)
      if (slot >= EITHER) {
        found = isString ? found | (1 << i) : found & ~(1 << i)
        continue
      }
      if (awkward) return false
      const entry = (<usize>(slot * capacity + record)) << 2
      store<u32>(starts + entry, <u32>(valueStart - block))
      store<u32>(stops + entry, <u32>(stop - block))
      found |= 1 << i
    }
    state = AFTER_VALUE
  }
  if (at !== end) return false
  let either: bool = true
  for (let i: u32 = 0; i < keyCount; i++) {
    const isFound = ((found >> i) & 1) !== 0
    if (load<u32>(keys + <usize>i * KEY_BYTES) < EITHER) {
      if (!isFound) return false
    } else if (isFound) return true
    else either = false
  }
  return either
}

/** Whether none of the keys wants a value. */
function isIgnored(wanted: u32, keys: usize, keyCount: u32): bool {
  for (let i: u32 = 0; i < keyCount; i++)
    if (((wanted >> i) & 1) !== 0 && load<u32>(keys + <usize>i * KEY_BYTES) < EITHER) return false
  return true
}

/** Line ends as `scanLines`, and of every line whether it is such an object; the table of keys has the values' slots first. */
export function scanObjects(
  block: usize,
  start: u32,
  length: u32,
  keys: usize,
  keyCount: u32,
  ends: usize,
  irregular: usize,
  starts: usize,
  stops: usize,
  capacity: u32,
): u32 {
  const count = scanLines(block, length, ends, capacity)
  for (let i: u32 = 0; i < count; i++) {
    const stop = load<u32>(ends + ((<usize>i) << 2))
    const good = checkObject(block, block + start, block + stop - 1, keys, keyCount, starts, stops, i, capacity)
    store<u8>(irregular + i, good ? 0 : 1)
    start = stop
  }
  return count
}
