/** Line ends, found by Node's native search. */
export function findLineEnds(block: Uint8Array, length: number, ends: Uint32Array): number {
  const bytes = Buffer.from(block.buffer, block.byteOffset, length)
  let count = 0
  for (let at = bytes.indexOf(0x0a, 0); at >= 0 && count < ends.length; at = bytes.indexOf(0x0a, at + 1))
    ends[count++] = at + 1
  return count
}

/** The record's end without its line end, 0x0a or CRLF. */
export function contentEnd(bytes: Uint8Array, start: number, end: number): number {
  if (end > start && bytes[end - 1] === 0x0a) end--
  if (end > start && bytes[end - 1] === 0x0d) end--
  return end
}
