/* oxlint-disable no-loss-of-precision -- these are u64 literals of AssemblyScript */
// Equal records, by 64 bits of hash of their bytes, line end aside. An entry is the hash (u64) and the record's index (u32).
// Entries go to 32 partitions by the upper bits of their hash, so that all of them need not fit in memory. Of more than 32
// places that are written in turn, a processor forgets the addresses.

const ENTRY: usize = 12
const PRIME_A: u64 = 0x9e3779b185ebca87
const PRIME_B: u64 = 0xc2b2ae3d27d4eb4f
const PRIME_C: u64 = 0x165667b19e3779f9

function endHash(hash: u64): u64 {
  hash ^= hash >> 33
  hash *= PRIME_B
  hash ^= hash >> 29
  hash *= PRIME_C
  return hash ^ (hash >> 32)
}

function startHash(length: usize): u64 {
  return 0x27d4eb2f165667c5 ^ (<u64>length * PRIME_C)
}

function mixLane(lane: u64, at: usize): u64 {
  return rotl(lane ^ load<u64>(at), 23) * PRIME_A
}

/**
 * Of 16 bytes and more the last ones are read again in whole words, so that the length decides nothing that a processor has to
 * guess; four lanes, because one alone waits for its multiplications. Reads up to seven bytes beyond `end`.
 */
function hashBytes(at: usize, end: usize): u64 {
  const length = end - at
  let hash = startHash(length)
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
  return endHash(hash)
}

/** The same of 16 to 32 bytes, without a branch. */
function hashFew(at: usize, end: usize): u64 {
  const hash = startHash(end - at)
  const a = mixLane(hash + PRIME_A, at)
  const b = mixLane(hash ^ PRIME_B, at + 8)
  const c = mixLane(hash, end - 16)
  const d = mixLane(hash - PRIME_A, end - 8)
  return endHash(rotl(a, 1) + rotl(b, 7) + rotl(c, 12) + rotl(d, 18))
}

/** The end of a record without its line end. */
function withoutLineEnd(begin: usize, end: usize): usize {
  if (end > begin && load<u8>(end - 1) === 10) end--
  if (end > begin && load<u8>(end - 1) === 13) end--
  return end
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
      const end = block + stop
      const lineEnd = <u32>load<u16>(end - 2)
      const isFew = lineEnd >> 8 === 10 && (lineEnd & 255) !== 13 && stop - start - 17 <= 16
      store<u64>(target, isFew ? hashFew(begin, end - 1) : hashBytes(begin, withoutLineEnd(begin, end)))
      start = stop
    }
    for (let source = hashes; i < some; i++, index++, source += 8) {
      const hash = load<u64>(source)
      const partition = (<usize>(hash >> 59)) << 2
      const filled = load<u32>(used + partition)
      if (filled === room) {
        store<u32>(used, <u32>partition >> 2, 128)
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

/** Of entries whose hash has the bits `wanted` of `subset`, from bit 40 on. */
function isWanted(hash: u64, subset: u32, wanted: u32): bool {
  return (<u32>(hash >> 40) & subset) === wanted
}

/**
 * A sieve has two bits for each of its places: seen, and seen again. A word of u64 has those of 32 places, `mask` + 1 is the
 * number of words, and the first 21 bits of a hash say which place is its own. An entry that has no equal is in a place that
 * was seen once, most of the time, and that is found in the processor's cache.
 */
function sieveWord(sieve: usize, mask: u32, hash: u64): usize {
  return sieve + ((<usize>((<u32>hash >> 5) & mask)) << 3)
}

/** Marks the places of `count` entries, of those in the subset; returns how many places were seen again for the first time. */
export function sieveHashes(entries: usize, count: u32, subset: u32, wanted: u32, sieve: usize, mask: u32): u32 {
  let places: u32 = 0
  for (let entry = entries; entry < entries + <usize>count * ENTRY; entry += ENTRY) {
    const hash = load<u64>(entry)
    if (!isWanted(hash, subset, wanted)) continue
    const at = sieveWord(sieve, mask, hash)
    const word = load<u64>(at)
    const bit = (<u64>1) << (hash & 31)
    const again = (word & bit) << 32
    store<u64>(at, word | bit | again)
    places += <u32>((again & ~word) !== 0)
  }
  return places
}

/** Copies the entries of the subset whose places were seen again to `target`, of `count` + 1 entries; returns how many. */
export function takeSieved(
  entries: usize,
  count: u32,
  subset: u32,
  wanted: u32,
  sieve: usize,
  mask: u32,
  target: usize,
): u32 {
  let end = target
  for (let entry = entries; entry < entries + <usize>count * ENTRY; entry += ENTRY) {
    const hash = load<u64>(entry)
    if (!isWanted(hash, subset, wanted)) continue
    // Stored in any case, and kept by going on: a processor cannot guess which.
    store<u64>(end, hash)
    store<u32>(end, load<u32>(entry, 8), 8)
    end += ENTRY * <usize>((load<u64>(sieveWord(sieve, mask, hash)) >> (32 + (hash & 31))) & 1)
  }
  return <u32>((end - target) / ENTRY)
}

/**
 * Compares entries with those that were kept and keeps what is new. `table` starts as zeros and has `mask` + 1 places of u32.
 * For every entry that is a copy, `pairs` gets the place of the kept one and the copy's record (u32 each); their number goes to
 * `found`. Returns how many are kept.
 */
export function findCopies(
  entries: usize,
  count: u32,
  kept: usize,
  keptCount: u32,
  table: usize,
  mask: u32,
  pairs: usize,
  found: usize,
): u32 {
  let pair = pairs
  for (let entry = entries; entry < entries + <usize>count * ENTRY; entry += ENTRY) {
    const hash = load<u64>(entry)
    let slot = <u32>(hash >> 21) & mask
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
  store<u32>(found, <u32>((pair - pairs) >> 3))
  return keptCount
}
