/* oxlint-disable no-loss-of-precision -- these are u64 literals of AssemblyScript */
// Equal records, by 64 bits of hash of their bytes, line end aside. An entry is the hash (u64) and the record's index (u32).
// Entries go to 128 partitions by the upper bits of their hash, so that each fits the processor's cache when its copies are
// looked for, and all of them need not fit in memory.

const ENTRY: usize = 12
const PRIME_A: u64 = 0x9e3779b185ebca87
const PRIME_B: u64 = 0xc2b2ae3d27d4eb4f
const PRIME_C: u64 = 0x165667b19e3779f9

function mixLane(lane: u64, at: usize): u64 {
  return rotl(lane ^ load<u64>(at), 23) * PRIME_A
}

/**
 * Of 16 bytes and more the last ones are read again in whole words, so that the length decides nothing that a processor has to
 * guess; four lanes, because one alone waits for its multiplications. Reads up to seven bytes beyond `end`.
 */
function hashBytes(at: usize, end: usize): u64 {
  const length = end - at
  let hash: u64 = 0x27d4eb2f165667c5 ^ (<u64>length * PRIME_C)
  if (length >= 16) {
    let a = hash + PRIME_A
    let b = hash ^ PRIME_B
    let c = hash
    let d = hash - PRIME_A
    for (; at + 32 < end; at += 32) {
      a = mixLane(a, at)
      b = mixLane(b, at + 8)
      c = mixLane(c, at + 16)
      d = mixLane(d, at + 24)
    }
    const first = length > 32 ? end - 32 : at
    a = mixLane(a, first)
    b = mixLane(b, first + 8)
    c = mixLane(c, end - 16)
    d = mixLane(d, end - 8)
    hash = rotl(a, 1) + rotl(b, 7) + rotl(c, 12) + rotl(d, 18)
  } else {
    const word = load<u64>(at)
    if (length >= 8) hash = mixLane(mixLane(hash, at), end - 8)
    else hash = rotl(hash ^ (word & (((<u64>1) << ((<u64>length) << 3)) - 1)), 23) * PRIME_A
  }
  hash ^= hash >> 33
  hash *= PRIME_B
  hash ^= hash >> 29
  hash *= PRIME_C
  return hash ^ (hash >> 32)
}

/** Bytes before `used` that belong to `noteRecords`: the hashes of 256 records. */
const HASHES: usize = 2048

/**
 * Makes entries of the records `from` to `to` of a block; `index` is the number of the first of them. `chunks` has the
 * address of each partition's chunk, `used` the bytes that it holds, at most `room`. Stops at a record whose chunk is full:
 * writes its partition after the last of `used` and returns its place in the block; else returns `to`.
 */
export function noteRecords(
  block: usize,
  start: u32,
  ends: usize,
  from: u32,
  to: u32,
  index: u32,
  chunks: usize,
  used: usize,
  room: u32,
): u32 {
  const hashes = used - HASHES
  // Hashing and dealing take turns: what is dealt waits for memory, and hashing would wait with it.
  for (let i = from; i < to; ) {
    const some = min(to, i + 256)
    for (let target = hashes, j = i; j < some; j++, target += 8) {
      const stop = load<u32>(ends + ((<usize>j) << 2))
      const begin = block + start
      let end = block + stop
      if (end > begin && load<u8>(end - 1) === 10) end--
      if (end > begin && load<u8>(end - 1) === 13) end--
      store<u64>(target, hashBytes(begin, end))
      start = stop
    }
    for (let source = hashes; i < some; i++, index++, source += 8) {
      const hash = load<u64>(source)
      const partition = (<usize>(hash >> 57)) << 2
      const filled = load<u32>(used + partition)
      if (filled === room) {
        store<u32>(used, <u32>partition >> 2, 512)
        return i
      }
      const entry = <usize>load<u32>(chunks + partition) + filled
      store<u64>(entry, hash)
      store<u32>(entry, index, 8)
      store<u32>(used + partition, filled + <u32>ENTRY)
    }
  }
  return to
}

/**
 * Compares entries with those that were kept and keeps what is new; of `count` entries only those whose hash has the bits
 * `wanted` of `subset`, from bit 40 on. `table` starts as zeros and has `mask` + 1 places of u32. For every entry that is a
 * copy, `pairs` gets the place of the kept one and the copy's record (u32 each); their number comes after `table`. Returns
 * how many are kept.
 */
export function findCopies(
  entries: usize,
  count: u32,
  subset: u32,
  wanted: u32,
  kept: usize,
  keptCount: u32,
  table: usize,
  mask: u32,
  pairs: usize,
): u32 {
  let pair = pairs
  for (let entry = entries; entry < entries + <usize>count * ENTRY; entry += ENTRY) {
    const hash = load<u64>(entry)
    if ((<u32>(hash >> 40) & subset) !== wanted) continue
    let slot = <u32>(hash >> 16) & mask
    for (;;) {
      const place = table + ((<usize>slot) << 2)
      const known = load<u32>(place)
      if (known === 0) {
        const target = kept + <usize>keptCount * ENTRY
        store<u64>(target, hash)
        store<u32>(target, load<u32>(entry, 8), 8)
        keptCount++
        store<u32>(place, keptCount)
        break
      }
      if (load<u64>(kept + <usize>(known - 1) * ENTRY) === hash) {
        store<u32>(pair, known - 1)
        store<u32>(pair, load<u32>(entry, 8), 4)
        pair += 8
        break
      }
      slot = (slot + 1) & mask
    }
  }
  store<u32>(table + ((<usize>(mask + 1)) << 2), <u32>((pair - pairs) >> 3))
  return keptCount
}
