/* oxlint-disable no-loss-of-precision -- these are u64 literals of AssemblyScript */
// Equal records, by 64 bits of hash of their bytes, line end aside. Entries are in the order of the records: the hash (u64),
// the record's index and the entry that first had the hash (u32 each). A table of entry numbers + 1 finds them.

function hashBytes(at: usize, end: usize): u64 {
  const prime: u64 = 0x9e3779b185ebca87
  let hash: u64 = 0x27d4eb2f165667c5 ^ <u64>(end - at)
  for (; at + 8 <= end; at += 8) hash = rotl(hash + load<u64>(at) * 0xc2b2ae3d27d4eb4f, 31) * prime
  for (; at < end; at++) hash = rotl(hash ^ (<u64>load<u8>(at) * 0x165667b19e3779f9), 11) * prime
  hash ^= hash >> 33
  hash *= 0xc2b2ae3d27d4eb4f
  hash ^= hash >> 29
  hash *= 0x165667b19e3779f9
  return hash ^ (hash >> 32)
}

/** The entry that first had `hash`, which becomes `entry` when there is none. */
function firstEntry(hash: u64, entry: u32, hashes: usize, table: usize, mask: u32): u32 {
  let slot = <u32>(hash >> 32) & mask
  let known = load<u32>(table + ((<usize>slot) << 2))
  while (known !== 0) {
    if (load<u64>(hashes + ((<usize>(known - 1)) << 3)) === hash) return known - 1
    slot = (slot + 1) & mask
    known = load<u32>(table + ((<usize>slot) << 2))
  }
  store<u32>(table + ((<usize>slot) << 2), entry + 1)
  return entry
}

/**
 * Makes entries of the records `from` to `to` of a block whose hash has no bit of `skipped`; `index` is the number of the
 * first of them, `entries` how many there are already. Returns how many there are then; the caller has room for all.
 */
export function noteRecords(
  block: usize,
  start: u32,
  ends: usize,
  from: u32,
  to: u32,
  index: u32,
  entries: u32,
  skipped: u32,
  hashes: usize,
  records: usize,
  firsts: usize,
  table: usize,
  mask: u32,
): u32 {
  for (let i = from; i < to; i++, index++) {
    const stop = load<u32>(ends + ((<usize>i) << 2))
    let end = block + stop
    if (end > block + start && load<u8>(end - 1) === 10) end--
    if (end > block + start && load<u8>(end - 1) === 13) end--
    const hash = hashBytes(block + start, end)
    start = stop
    if ((<u32>hash & skipped) !== 0) continue
    store<u64>(hashes + ((<usize>entries) << 3), hash)
    store<u32>(records + ((<usize>entries) << 2), index)
    store<u32>(firsts + ((<usize>entries) << 2), firstEntry(hash, entries, hashes, table, mask))
    entries++
  }
  return entries
}

/** Keeps the entries whose hash has no bit of `skipped`, and fills the zeroed table anew. Returns how many are left. */
export function thinEntries(
  entries: u32,
  skipped: u32,
  hashes: usize,
  records: usize,
  firsts: usize,
  table: usize,
  mask: u32,
): u32 {
  let kept: u32 = 0
  for (let i: u32 = 0; i < entries; i++) {
    const hash = load<u64>(hashes + ((<usize>i) << 3))
    if ((<u32>hash & skipped) !== 0) continue
    store<u64>(hashes + ((<usize>kept) << 3), hash)
    store<u32>(records + ((<usize>kept) << 2), load<u32>(records + ((<usize>i) << 2)))
    store<u32>(firsts + ((<usize>kept) << 2), firstEntry(hash, kept, hashes, table, mask))
    kept++
  }
  return kept
}
