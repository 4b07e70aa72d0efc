// What the local engine adds to its jobs, in a 10-fold Iris run: per step the time from the last predecessor's end to the
// child's start plus the time from the child's end to the step's record, and the run's wall time against the best possible
// schedule of the measured child lifetimes on the machine's cores; then what it carries (engine/load.mjs). Usage: node scripts/bench/engine.mjs [runs=5]
import childProcess from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { benchLoad } from './engine/load.mjs'

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'

const runs = Number(process.argv[2] ?? 5)
const k = 10
const cores = availableParallelism()
const root = fileURLToPath(new URL('../..', import.meta.url))
const bucket = 'bench'

/** Start and end of every job's child, by the job's name, in milliseconds of the epoch. */
const children = new Map()
const spawn = childProcess.spawn
childProcess.spawn = (file, args, options) => {
  const life = { start: Date.now(), end: Number.NaN }
  const child = spawn(file, args, options)
  child.once('exit', () => (life.end = Date.now()))
  const { PROCESSING_JOB_NAME, TRAINING_JOB_NAME } = options.env ?? {}
  children.set(PROCESSING_JOB_NAME ?? TRAINING_JOB_NAME, life)
  return child
}
syncBuiltinESMExports()

const dist = name => import(new URL(`../../dist/${name}.mjs`, import.meta.url).href)
const [foldwise, definition, service, local] = await Promise.all(['index', 'definition', 'service', 'local'].map(dist))

const image = name => `111122223333.dkr.ecr.us-east-1.amazonaws.com/foldwise-${name}:1`
const pipeline = foldwise.pipeline(
  'Bench',
  { parameters: { Data: foldwise.string(`s3://${bucket}/iris.csv`), Baseline: foldwise.float(0.9) } },
  p =>
    foldwise.crossValidation({
      data: foldwise.csv(p.Data, { header: true, label: 'species' }),
      folds: foldwise.kFold({ k, shuffle: true, seed: 23 }),
      training: foldwise.nodeSvm({ hyperparameters: { C: 1, kernel: 'linear', gamma: 'scale' } }),
      objective: foldwise.maximize('validation:accuracy'),
      baseline: p.Baseline,
      register: { group: 'Bench' },
      role: 'arn:aws:iam::111122223333:role/Role',
      output: { bucket, prefix: 'runs' },
      images: { processing: image('processing'), training: image('training') },
    }),
)
const graph = definition.buildGraph(pipeline.document)

const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

async function measure() {
  children.clear()
  const stateDir = await mkdtemp(join(tmpdir(), 'foldwise-bench-'))
  const server = await local.startLocalSageMaker({ stateDir })
  try {
    const clients = await service.createClients({ local: server.endpoint })
    await service.uploadFile(clients, join(root, 'examples/iris/iris.csv'), { bucket, key: 'iris.csv' })
    await service.upsertPipeline(clients, {
      name: pipeline.name,
      definition: definition.renderDefinition(pipeline.document),
      roleArn: 'arn:aws:iam::111122223333:role/Role',
    })
    const arn = await service.startExecution(clients, { pipelineName: pipeline.name, parameters: {} })
    clients.close()
    const folder = join(stateDir, 'executions', arn.split('/').at(-1))
    while (!existsSync(join(folder, 'summary.json'))) await new Promise(resolve => setTimeout(resolve, 50))
    return report(readFileSync(join(folder, 'journal.jsonl'), 'utf8').trimEnd().split('\n').map(JSON.parse))
  } finally {
    await server.close()
    await rm(stateDir, { recursive: true, force: true })
  }
}

/** @param events Lines of the journal, in order. */
function report(events) {
  const time = event => Date.parse(event.at)
  const status = events.at(-1)
  if (status.status !== 'Succeeded') throw new Error(`the run ended ${JSON.stringify(status)}`)
  const began = time(events[0])
  const ends = new Map(events.filter(event => event.type === 'step-finished').map(event => [event.step, time(event)]))
  const queued = new Set(events.filter(event => event.type === 'step-queued').map(event => event.step))
  const steps = events
    .filter(event => event.type === 'step-started' && children.has(event.jobName))
    .map(({ step, jobName }) => {
      const { start, end } = children.get(jobName)
      const before = [...graph.predecessors.get(step)].map(name => ends.get(name))
      // A step that waited for a core could start when another one had ended: the last record before its child.
      if (queued.has(step)) before.push(...[...ends.values()].filter(at => at <= start))
      return { step, before: start - Math.max(began, ...before), after: ends.get(step) - end, lifetime: end - start }
    })
  const folds = steps.filter(({ step }) => step.startsWith('TrainFold-')).map(({ lifetime }) => lifetime)
  if (folds.length !== k) throw new Error(`${folds.length} folds were measured, not ${k}`)
  const sum = values => values.reduce((a, b) => a + b, 0)
  // No schedule can be shorter: everything else is a chain in front of the folds and behind them.
  const chain = sum(steps.filter(({ step }) => !step.startsWith('TrainFold-')).map(({ lifetime }) => lifetime))
  const best = chain + Math.max(...folds, sum(folds) / cores)
  return {
    overhead: median(steps.map(({ before, after }) => before + after)),
    before: median(steps.map(({ before }) => before)),
    after: median(steps.map(({ after }) => after)),
    worst: Math.max(...steps.map(({ before, after }) => before + after)),
    wall: time(status) - began,
    best,
    ratio: (time(status) - began) / best,
    steps,
  }
}

await measure()
const results = []
for (let run = 0; run < runs; run++) results.push(await measure())
console.log(
  '| run | overhead per step, median ms | before the child | after it | worst step | wall ms | best schedule ms | ratio |',
)
console.log('|--:|--:|--:|--:|--:|--:|--:|--:|')
for (const [index, { overhead, before, after, worst, wall, best, ratio }] of results.entries()) {
  const cells = [index + 1, overhead, before, after, worst, wall, best.toFixed(0), ratio.toFixed(3)]
  console.log(`| ${cells.join(' | ')} |`)
}
const overhead = median(results.map(result => result.overhead))
const ratio = median(results.map(result => result.ratio))
const verdict = (value, limit) => (value <= limit ? 'met' : 'NOT met')
console.log(
  `\nMedians of ${runs} runs: ${overhead} ms per step (target under 50: ${verdict(overhead, 49.9)}), wall time ${ratio.toFixed(3)} of the best schedule (target 1.25: ${verdict(ratio, 1.25)}).`,
)
await benchLoad({ local, service })
if (process.env['FOLDWISE_BENCH_STEPS']) console.table(results.at(-1).steps)
