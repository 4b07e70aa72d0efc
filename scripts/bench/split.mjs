// The splitter beside what else splits or copies data: whole processes, in turn, medians, as ratios of clock time (and of
// processor time, which says more on a busy machine). First compares what is written with a plain reference.
// FOLDWISE_BENCH_PYTHON names a Python that has duckdb, numpy and scikit-learn; without it those rows are left out.
// Usage: node scripts/bench/split.mjs [--megabytes=200] [--rounds=3] [--memory] [--shuffle=1e8]
//   --megabytes=1000 is the second size of the table; --memory splits 100 MB, 1 GB and 10 GB and needs 20 GB of disk.
import { spawnSync } from 'node:child_process'
import { linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildSync } from 'esbuild'
import { checkOutput } from './split/check-output.mjs'
import { shapes, writeData } from './split/data.mjs'
import { interleave, run } from './split/measure.mjs'

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '3' },
    memory: { type: 'boolean', default: false },
    shuffle: { type: 'string', default: '1e8' },
  },
})
const bytes = Number(values.megabytes) * 1e6
const rounds = Number(values.rounds)
const python = process.env.FOLDWISE_BENCH_PYTHON
const root = mkdtempSync(join(process.env.FOLDWISE_BENCH_FOLDER ?? tmpdir(), 'foldwise-bench-'))
process.once('exit', () => rmSync(root, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130))

const script = name => fileURLToPath(new URL(`split/${name}`, import.meta.url))
const program = fileURLToPath(new URL('../../dist/containers/split.mjs', import.meta.url))
const native = compile(script('native-splitter.c'))
const missing = python === undefined ? 'FOLDWISE_BENCH_PYTHON is not set' : missingModules(python)
if (native === null) console.log('There is no C compiler: the native splitter is left out.')
if (missing !== null) console.log(`Python's contenders are left out: ${missing}.`)

const data = join(root, 'data')
const table = []
for (const [name, k, limits] of [
  ['25-byte rows', 5, { copies: 0.8, native: 1, duckdb: 1 / 8 }],
  ['25-byte rows', 10, { copies: 0.3 }],
  ['200-byte rows', 5, { copies: 0.5, native: 2, duckdb: 1 / 8 }],
  ['quoted rows', 5, { copies: 0.8, native: 1 }],
  ['JSON Lines', 5, { duckdb: 1 / 4 }],
]) {
  const shape = shapes[name]
  checkOutput(root, name, shape, k, sample => split(sample, k, shape.format).output)
  writeData(data, shape, bytes)
  const times = interleave(
    {
      foldwise: () => split(data, k, shape.format),
      copies: () => copies(k + 1),
      ...(native && { native: () => nativeSplit(k, shape.quoted) }),
      ...(missing === null && 'duckdb' in limits && { duckdb: () => duckdbCopy(k, shape.format) }),
    },
    rounds,
  )
  for (const [peer, limit] of Object.entries(limits)) addRow(`${name}, k = ${k}`, peer, times, limit)
}
console.log(`\n${values.megabytes} MB, ${rounds} rounds`)
console.table(table.splice(0))

if (missing === null) {
  for (const name of ['25-byte rows', '200-byte rows']) {
    writeData(data, shapes[name], 10e6)
    const times = interleave(
      {
        foldwise: () => split(data, 5, 'csv'),
        numpy: () => pythonSplit('numpy_folds.py', 5),
        lines: () => pythonSplit('line_folds.py', 5),
      },
      rounds,
    )
    addRow(`${name}, 10 MB`, 'numpy', times, 1 / 50)
    addRow(`${name}, 10 MB`, 'lines', times, 1 / 2)
  }
  console.table(table.splice(0))
}
rmSync(data)

shuffleRows(values.shuffle)
if (values.memory) for (const megabytes of [100, 1000, 10_000]) measureMemory(megabytes)

/** One line of the table: how long the splitter takes of what the peer takes, and what it may take. */
function addRow(work, peer, times, limit) {
  const [ours, other] = [times.foldwise, times[peer]]
  if (other === undefined) return
  const line = {
    work,
    of: { copies: 'k + 1 copies', native: 'native C', duckdb: 'DuckDB', numpy: 'numpy script', lines: 'lines script' }[
      peer
    ],
    seconds: ours.seconds.toFixed(2),
    theirs: other.seconds.toFixed(2),
    ratio: (ours.seconds / other.seconds).toFixed(3),
    'of CPU': (ours.cpu / other.cpu).toFixed(2),
    wanted: limit.toFixed(3),
  }
  table.push(line)
  // A table comes at the end; whoever cannot wait sees it grow.
  console.error(Object.values(line).join('  '))
}

/** Splits as the container does. Gives the output folder too, which the next call removes. */
function split(input, k, format, node = []) {
  const base = join(root, 'ml')
  rmSync(base, { recursive: true, force: true })
  mkdirSync(join(base, 'processing/input/data'), { recursive: true })
  linkSync(input, join(base, 'processing/input/data/data'))
  const words = ['--strategy', 'kfold', '--k', String(k), '--shuffle', '--seed', '23', '--format', format]
  // Certificates of a proxy take Node a third of its start, and nothing here talks to anybody.
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
  const used = run([[process.execPath, ...node, program, ...words]], { ...env, SAGEMAKER_BASE_DIR: base })
  return { ...used, output: join(base, 'processing/output') }
}

function copies(count) {
  const targets = Array.from({ length: count }, (_, i) => join(root, `copy-${i}`))
  const used = run(targets.map(target => ['cp', data, target]))
  for (const target of targets) rmSync(target)
  return used
}

function nativeSplit(k, quoted) {
  const used = run([[native, data, join(root, 'native-'), String(k), ...(quoted ? ['quoted'] : [])]])
  for (let i = 0; i < k; i++) rmSync(join(root, `native-${i}`))
  return used
}

function duckdbCopy(k, format) {
  const folder = join(root, 'duckdb')
  const used = run([[python, script('duckdb_copy.py'), data, folder, String(k), format]])
  rmSync(folder, { recursive: true })
  return used
}

function pythonSplit(name, k) {
  const folder = join(root, 'python')
  mkdirSync(folder)
  const used = run([[python, script(name), data, folder, String(k)]])
  rmSync(folder, { recursive: true })
  return used
}

/** Rows to fold ids, as many as can be had, beside scikit-learn's; both must deal the same. */
function shuffleRows(rows) {
  const dealer = bundle('split/deal-rows.mjs', 'deal-rows.mjs')
  const ours = run([[process.execPath, dealer, rows, '5']])
  const [memory, ...sample] = ours.stdout.trim().split(' ')
  const line = { rows: Number(rows), seconds: ours.seconds.toFixed(1), MB: Math.round(Number(memory) / 1024) }
  if (missing !== null) return console.table([line])
  const theirs = run([[python, script('sklearn_shuffle.py'), rows, '5']])
  const [theirMemory, ...theirSample] = theirs.stdout.trim().split(' ')
  if (sample.join() !== theirSample.join()) throw new Error(`dealt to ${sample}, scikit-learn deals to ${theirSample}`)
  console.table([
    {
      ...line,
      "scikit-learn's": theirs.seconds.toFixed(1),
      ratio: (ours.seconds / theirs.seconds).toFixed(2),
      wanted: 0.2,
      'their MB': Math.round(Number(theirMemory) / 1024),
      'of memory': (Number(memory) / Number(theirMemory)).toFixed(3),
      'memory wanted': 0.1,
    },
  ])
}

/** The peak of the splitter's memory, which the program tells when it ends. */
function measureMemory(megabytes) {
  const hook = join(root, 'tell-memory.cjs')
  const told = "process.on('exit', () => console.log('peak', process.resourceUsage().maxRSS))"
  writeFileSync(hook, told)
  const count = writeData(data, shapes['200-byte rows'], megabytes * 1e6)
  const { seconds, stdout } = split(data, 5, 'csv', ['--require', hook])
  const peak = Number(/peak (\d+)/.exec(stdout)?.[1]) / 1024
  console.log(
    `${megabytes} MB, ${count} records: ${seconds.toFixed(1)} s, ${Math.round(peak)} MiB resident (wanted: under 150)`,
  )
  rmSync(join(root, 'ml'), { recursive: true })
  rmSync(data)
}

function bundle(source, name) {
  const outfile = join(root, name)
  buildSync({
    entryPoints: [fileURLToPath(new URL(source, import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  })
  return outfile
}

function compile(source) {
  const binary = join(root, 'native')
  const { status } = spawnSync(process.env.CC ?? 'cc', ['-O2', '-D_GNU_SOURCE', '-o', binary, source])
  return status === 0 ? binary : null
}

function missingModules(path) {
  const { status, stderr } = spawnSync(path, ['-c', 'import duckdb, numpy, sklearn'], { encoding: 'utf8' })
  return status === 0 ? null : (stderr?.trim().split('\n').at(-1) ?? `${path} cannot be run`)
}
