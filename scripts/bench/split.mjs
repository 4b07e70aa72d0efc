// Times the splitter against cp and, when gcc is there, a native splitter without shuffle, digests or checks: whole processes,
// interleaved, medians, as ratios. First compares what is written with a plain reference. Usage: node scripts/bench/split.mjs [megabytes=200] [runs=3]
import { execFileSync, spawnSync } from 'node:child_process'
import {
  closeSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

const megabytes = Number(process.argv[2] ?? 200)
const runs = Number(process.argv[3] ?? 3)
const root = mkdtempSync(join(tmpdir(), 'foldwise-bench-'))
const program = join(root, 'split.mjs')
buildSync({
  entryPoints: [fileURLToPath(new URL('../../processing/split/main.ts', import.meta.url))],
  outfile: program,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  minify: true,
  logLevel: 'error',
})

const number = (i, digits) => (((i * 7919) % 10007) / 1000).toFixed(digits)
const shapes = {
  '25-byte rows, k = 5': {
    k: 5,
    format: 'csv',
    row: i => `${number(i, 2)},${number(i + 1, 2)},${number(i + 2, 2)},${number(i + 3, 2)},${i % 3}`,
  },
  '25-byte rows, k = 10': {
    k: 10,
    format: 'csv',
    row: i => `${number(i, 2)},${number(i + 1, 2)},${number(i + 2, 2)},${number(i + 3, 2)},${i % 3}`,
  },
  '200-byte rows, k = 5': {
    k: 5,
    format: 'csv',
    row: i => Array.from({ length: 25 }, (_, j) => number(i + j, 5)).join(','),
  },
  'quoted rows, k = 5': {
    k: 5,
    format: 'csv',
    row: i => `${i},"text, ""${i}""",${number(i, 3)},"${i % 7 ? 'z' : 'a\nb'}"`,
  },
  'JSON Lines, k = 5': {
    k: 5,
    format: 'jsonl',
    row: i =>
      JSON.stringify({
        id: i,
        class: i % 3,
        features: Array.from({ length: 25 }, (_, j) => Number(number(i + j, 4))),
        text: 'lorem ipsum dolor',
      }),
  },
}

const native = compileNative()
const rows = []
for (const [name, { k, format, row }] of Object.entries(shapes)) {
  const data = join(root, 'data')
  checkOutput(name, k, format, row)
  writeData(data, row, format)
  const times = { foldwise: [], copies: [], native: [] }
  for (let i = 0; i < runs; i++) {
    times.foldwise.push(time(() => split(data, k, format)))
    times.copies.push(time(() => copies(data, k + 1)))
    if (native) times.native.push(time(() => nativeSplit(data, k, name.startsWith('quoted'))))
  }
  const [ours, cp, c] = [times.foldwise, times.copies, times.native].map(median)
  rows.push({
    work: name,
    seconds: ours.toFixed(2),
    [`of k + 1 copies`]: (ours / cp).toFixed(2),
    'of native C': native ? (ours / c).toFixed(2) : '-',
  })
}
console.table(rows)
rmSync(root, { recursive: true, force: true })

/** Rows that are all different: the same rows again and again, each time with another number at their end. */
function writeData(path, row, format) {
  const json = format === 'jsonl'
  const rows = Array.from({ length: 10_000 }, (_, i) => (json ? row(i).slice(0, -1) : row(i)))
  const fd = openSync(path, 'w')
  for (let bytes = 0, block = 0; bytes < megabytes * 1e6; block++) {
    const end = json ? `,"block":${block}}\n` : `,${block}\n`
    bytes += writeSync(fd, rows.join(end) + end)
  }
  closeSync(fd)
}

function split(data, k, format) {
  const base = join(root, 'ml')
  mkdirSync(join(base, 'processing/input/data'), { recursive: true })
  linkSync(data, join(base, 'processing/input/data/data'))
  const args = [program, '--strategy', 'kfold', '--k', String(k), '--shuffle', '--seed', '23', '--format', format]
  const { status, stderr } = spawnSync(process.execPath, args, { env: { ...process.env, SAGEMAKER_BASE_DIR: base } })
  if (status !== 0) throw new Error(String(stderr))
  return () => rmSync(base, { recursive: true })
}

/** Every record of a sample is in the fold that a plain reference deals it to, in order, and nowhere else. */
function checkOutput(name, k, format, row) {
  const sample = join(root, 'sample')
  const records = Array.from({ length: 30_000 }, (_, i) => `${row(i)}\n`)
  writeFileSync(sample, records.join(''))
  const cleanUp = split(sample, k, format)
  const folds = referenceFolds(records.length, k, 23)
  for (let fold = 0; fold < k; fold++) {
    const side = (folder, wanted) => {
      const path = join(root, 'ml/processing/output', folder, String(fold))
      const found = readdirSync(path).map(file => readFileSync(join(path, file), 'utf8'))
      if (found.join('') !== wanted.join('')) throw new Error(`${name}: ${folder}/${fold} differs from the reference`)
    }
    const of = wanted => records.filter((_, i) => folds[i] === wanted)
    side('validation', of(fold))
    side(
      'train',
      Array.from({ length: k }, (_, i) => i).flatMap(other => (other === fold ? [] : of(other))),
    )
  }
  cleanUp()
  rmSync(sample)
}

/** Folds of scikit-learn's KFold(k, shuffle=True, random_state=seed), written down without haste. */
function referenceFolds(count, k, seed) {
  const state = [seed]
  for (let i = 1; i < 624; i++) state[i] = Math.imul(1812433253, state[i - 1] ^ (state[i - 1] >>> 30)) + i
  let at = 624
  const next = () => {
    if (at === 624) {
      for (let i = 0; i < 624; i++) {
        const word = (state[i] & 0x80000000) | (state[(i + 1) % 624] & 0x7fffffff)
        state[i] = state[(i + 397) % 624] ^ (word >>> 1) ^ (word & 1 ? 0x9908b0df : 0)
      }
      at = 0
    }
    let word = state[at++]
    word ^= word >>> 11
    word ^= (word << 7) & 0x9d2c5680
    word ^= (word << 15) & 0xefc60000
    return (word ^ (word >>> 18)) >>> 0
  }
  const order = Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const mask = 0xffffffff >>> Math.clz32(i)
    let j = (next() & mask) >>> 0
    while (j > i) j = (next() & mask) >>> 0
    ;[order[i], order[j]] = [order[j], order[i]]
  }
  const folds = []
  order.forEach((record, rank) => {
    const large = count % k
    const size = Math.floor(count / k)
    folds[record] = rank < large * (size + 1) ? Math.floor(rank / (size + 1)) : Math.floor((rank - large) / size)
  })
  return folds
}

function copies(data, count) {
  const targets = Array.from({ length: count }, (_, i) => join(root, `copy-${i}`))
  for (const target of targets) execFileSync('cp', [data, target])
  return () => targets.forEach(target => rmSync(target))
}

function nativeSplit(data, k, quoted) {
  execFileSync(native, [data, join(root, 'native-'), String(k), ...(quoted ? ['quoted'] : [])])
  return () => Array.from({ length: k }, (_, i) => rmSync(join(root, `native-${i}`)))
}

function compileNative() {
  const source = join(root, 'native.c')
  writeFileSync(
    source,
    `#include <stdio.h>
#include <stdlib.h>
#include <stdint.h>
#include <string.h>
int main(int c, char **v) { int k = atoi(v[3]); FILE *in = fopen(v[1], "r"), *out[256]; char name[4096]; char *line = 0; size_t size = 0; ssize_t n; uint64_t s = 23;
for (int i = 0; i < k; i++) { snprintf(name, sizeof name, "%s%d", v[2], i); out[i] = fopen(name, "w"); setvbuf(out[i], malloc(1 << 19), _IOFBF, 1 << 19); }
setvbuf(in, malloc(1 << 20), _IOFBF, 1 << 20);
int quoted = c > 4, inside = 0, cell = 0;
while ((n = getline(&line, &size, in)) > 0) { if (!inside) { s = s * 6364136223846793005u + 1442695040888963407u; cell = (s >> 33) % k; }
if (quoted) for (char *q = memchr(line, '"', n); q; q = memchr(q + 1, '"', line + n - q - 1)) inside ^= 1;
fwrite_unlocked(line, 1, n, out[cell]); }
for (int i = 0; i < k; i++) fclose(out[i]); return 0; }
`,
  )
  const binary = join(root, 'native')
  const { status } = spawnSync(process.env.CC ?? 'gcc', ['-O2', '-D_GNU_SOURCE', '-w', '-o', binary, source])
  return status === 0 ? binary : null
}

/** Seconds of the work; what it returns cleans up and is not timed. */
function time(work) {
  const start = process.hrtime.bigint()
  const cleanUp = work()
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  cleanUp()
  return seconds
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}
