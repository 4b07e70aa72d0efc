// A cold `foldwise synth` of the Iris example beside the import of the SageMaker Python SDK alone: whole processes, in turn,
// medians. FOLDWISE_PYTHON names a virtual environment that has the SDK (test/conformance/requirements.txt). Usage: node scripts/bench/synth.mjs [runs=5]
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const runs = Number(process.argv[2] ?? 5)
const root = fileURLToPath(new URL('../..', import.meta.url))
const environment = process.env['FOLDWISE_PYTHON']
const python = environment && join(environment, 'bin', 'python')

const commands = {
  'node -e 0': [process.execPath, ['-e', '0']],
  'foldwise --help': [process.execPath, ['dist/cli.mjs', '--help']],
  'foldwise synth': [process.execPath, ['dist/cli.mjs', 'synth', 'examples/iris/pipeline.ts', '--stdout']],
  'foldwise validate': [process.execPath, ['dist/cli.mjs', 'validate', 'examples/iris/pipeline.ts']],
  ...(python && {
    'import sagemaker (Python SDK)': [python, ['-c', 'from sagemaker.workflow.pipeline import Pipeline']],
  }),
}

/** Where it is set, Node reads all certificates of the machine at every start, which takes as long as Node itself. */
const { NODE_EXTRA_CA_CERTS: _certificates, ...env } = process.env

/** Milliseconds of one whole process. */
function time([command, args]) {
  const started = performance.now()
  const { status, stderr } = spawnSync(command, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`)
  return performance.now() - started
}

const times = Object.fromEntries(Object.keys(commands).map(name => [name, []]))
for (const command of Object.values(commands)) time(command)
for (let run = 0; run < runs; run++)
  for (const [name, command] of Object.entries(commands)) times[name].push(time(command))

const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
const base = median(times['foldwise synth'])
console.log('| whole process | median ms | against foldwise synth |\n|---|--:|--:|')
for (const [name, values] of Object.entries(times)) {
  console.log(`| ${name} | ${median(values).toFixed(0)} | ${(median(values) / base).toFixed(2)} |`)
}
if (!python) console.log('\nThe Python SDK was not timed: set FOLDWISE_PYTHON to a virtual environment that has it.')
