// Data for the benchmark of the splitter: no two records are the same, because copies cost the splitter work of their own.
import { closeSync, openSync, writeSync } from 'node:fs'

const number = (i, digits) => (((i * 7919) % 10007) / 1000).toFixed(digits)
const numbers = (i, count, digits) => Array.from({ length: count }, (_, j) => number(i + j, digits))

/** A record is a text of `i`, with `#` where its serial number goes. */
export const shapes = {
  '25-byte rows': { format: 'csv', row: i => `${numbers(i, 3, 2).join(',')},${i % 3},#` },
  '200-byte rows': { format: 'csv', row: i => `${numbers(i, 24, 5).join(',')},#` },
  'quoted rows': {
    format: 'csv',
    quoted: true,
    row: i => `#,"text, ""${i}""",${number(i, 3)},"${i % 7 === 0 ? 'a\nb' : 'z'}"`,
  },
  'JSON Lines': {
    format: 'jsonl',
    row: i =>
      `{"id":#,"class":${i % 3},"features":[${numbers(i, 25, 4).map(Number).join(',')}],"text":"lorem ipsum dolor"}`,
  },
}

/** Records number `from` to `to`, each with its line end. */
export function records({ row }, from, to) {
  return Array.from({ length: to - from }, (_, i) => `${row((from + i) % PATTERNS).replace('#', FIRST + from + i)}\n`)
}

const FIRST = 1_000_000
const PATTERNS = 10_000

/** Writes at least `bytes` bytes of records; returns how many records. */
export function writeData(path, { row }, bytes) {
  const patterns = Array.from({ length: PATTERNS }, (_, i) => row(i).split('#'))
  const fd = openSync(path, 'w')
  let serial = FIRST
  for (let written = 0; written < bytes; ) {
    let text = ''
    for (const [before, after] of patterns) text += `${before}${serial++}${after}\n`
    written += writeSync(fd, text)
  }
  closeSync(fd)
  return serial - FIRST
}
