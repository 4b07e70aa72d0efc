// Journals and responses are read member by member; typing each would repeat the service model.
/* oxlint-disable typescript/no-explicit-any */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  bucket,
  condition,
  fail,
  get,
  type LocalEngine,
  openLocalEngine,
  processing,
  processingOutput,
  training,
} from '../support/local-engine.ts'

/** FOLDWISE_KILLS=200 for the whole number. */
const kills = Number(process.env['FOLDWISE_KILLS'] ?? 10)
const k = 10
const recordsPerFold = 15
const group = 'Killed'

const root = mkdtempSync(join(tmpdir(), 'foldwise-kills-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const fold = (index: number): string => `TrainFold-${index}`
const folds = Array.from({ length: k }, (_, index) => index)
const steps: readonly object[] = [
  processing('SplitFolds', 'split', { outputs: [processingOutput('out', `s3://${bucket}/split`)] }),
  ...folds.map(index =>
    training(fold(index), 'train', {
      DependsOn: ['SplitFolds'],
      hyperparameters: { fold: String(index) },
      channels: { fold: { S3Uri: `s3://${bucket}/split/${index}` } },
      metrics: [{ Name: 'a', Regex: 'a=([0-9.]+)' }],
    }),
  ),
  condition(
    'Gate',
    folds.map(index => ({
      Type: 'GreaterThan',
      LeftValue: get(`Steps.${fold(index)}.FinalMetricDataList['a'].Value`),
      RightValue: 0.5,
    })),
    [
      {
        Name: 'Register',
        Type: 'RegisterModel',
        Arguments: {
          ModelPackageGroupName: group,
          InferenceSpecification: {
            Containers: [{ Image: 'x', ModelDataUrl: get(`Steps.${fold(0)}.ModelArtifacts.S3ModelArtifacts`) }],
          },
        },
      },
    ],
    [fail('Reject', 'no')],
  ),
]
const document = JSON.stringify({ Version: '2020-12-01', Steps: steps })

function programs(local: LocalEngine): void {
  local.program(
    'split',
    `import { writeFileSync } from 'node:fs'
    for (let i = 0; i < ${k}; i++) {
      const lines = Array.from({ length: ${recordsPerFold} }, (_, n) => 'record ' + (i * ${recordsPerFold} + n))
      writeFileSync(process.env.SAGEMAKER_BASE_DIR + '/processing/output/out/' + i, lines.join('\\n') + '\\n')
    }`,
  )
  local.program(
    'train',
    `import { readFileSync, writeFileSync } from 'node:fs'
    const ml = process.env.SAGEMAKER_BASE_DIR
    const { fold } = JSON.parse(readFileSync(ml + '/input/config/hyperparameters.json', 'utf8'))
    const records = readFileSync(ml + '/input/data/fold/' + fold, 'utf8')
    setTimeout(() => { writeFileSync(ml + '/model/records', records); console.log('a=0.9' + fold) }, 30)`,
  )
}

const host = join(root, 'host.mjs')
beforeAll(() =>
  build({
    entryPoints: [new URL('../support/engine-host.ts', import.meta.url).pathname],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: host,
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  }),
)

interface Host {
  readonly child: ChildProcess
  readonly ready: Promise<string>
  readonly gone: Promise<unknown>
}

function startHost(folder: string): Host {
  const child = spawn(process.execPath, [host, folder, document], { stdio: ['ignore', 'pipe', 'pipe'] })
  const gone = new Promise(resolve => child.once('exit', resolve))
  let said = ''
  child.stderr.on('data', chunk => (said += String(chunk)))
  const ready = new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', chunk => {
      text += String(chunk)
      const found = /^arn:\S+/m.exec(text)
      if (found !== null) resolve(found[0])
    })
    child.once('exit', (code, signal) => reject(new Error(`the host ended with ${signal ?? code}: ${said}`)))
  })
  ready.catch(() => {})
  return { child, ready, gone }
}

/** Numbers between 0 and 1 that are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}

/** Every object with its digest: a model archive has the same bytes when it was made of the same records. */
async function objectsOf(local: LocalEngine): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for await (const { key, etag } of local.store.list(bucket))
    found[key.replace(/pipelines-[a-z0-9]{12}-(TrainFold-\d)-\w{10}/, '$1')] = etag
  return found
}

/** The records in the split's output, and those in the models that the trainings made of it. */
async function recordsOf(local: LocalEngine): Promise<{ split: string[]; models: string[] }> {
  const split: string[] = []
  const models: string[] = []
  for (const key of await local.keys()) {
    const object = await local.store.get(bucket, key)
    if (object === undefined) throw new Error(`${key} is listed and not there`)
    const content = await buffer(object.body)
    const isModel = key.endsWith('.tar.gz')
    const text = isModel ? gunzipSync(content).toString('latin1') : content.toString()
    ;(isModel ? models : split).push(...(text.match(/record \d+/g) ?? []))
  }
  return { split: split.toSorted(), models: models.toSorted() }
}

/** What must not depend on the kill. */
async function outcome(local: LocalEngine, arn: string): Promise<object> {
  const execution = await local.ended(arn)
  const rows: any[] = Object.values(await local.steps(arn))
  const { ModelPackageSummaryList } = await local.call('ListModelPackages', { ModelPackageGroupName: group })
  const { TrainingJobSummaries } = await local.call('ListTrainingJobs', { MaxResults: 100 })
  const journal = readFileSync(
    join(local.folder, 'executions', arn.split('/').pop() as string, 'journal.jsonl'),
    'utf8',
  )
  const finished = journal
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as { type: string; step: string })
    .filter(event => event.type === 'step-finished')
    .map(event => event.step)
  return {
    status: execution['PipelineExecutionStatus'],
    steps: rows.map(row => [row.StepName, row.StepStatus, row.AttemptCount]).sort(),
    finished: finished.toSorted(),
    packages: ModelPackageSummaryList.length,
    trainings: TrainingJobSummaries.map((job: any) => job.TrainingJobStatus),
    objects: await objectsOf(local),
  }
}

const names = ['Gate', 'Register', 'SplitFolds', ...folds.map(fold)].toSorted()
const expected = {
  status: 'Succeeded',
  steps: names.map(name => [name, 'Succeeded', 1]),
  finished: names,
  packages: 1,
  trainings: folds.map(() => 'Completed'),
}
const objects = [
  ...folds.map(index => `models/${fold(index)}/${fold(index)}/output/model.tar.gz`),
  ...folds.map(index => `split/${index}`),
]
const records = Array.from({ length: k * recordsPerFold }, (_, index) => `record ${index}`).toSorted()

test(`${kills} kills at seeded moments of a ${k}-fold run: ${kills} equal outcomes, nothing lost, doubled or half visible`, {
  timeout: 60_000 + kills * 30_000,
}, async () => {
  const random = seeded(23)
  let whole = 0
  let digests: Record<string, string> | undefined
  for (let kill = 0; kill <= kills; kill++) {
    const folder = join(root, String(kill))
    const prepared = await openLocalEngine({}, mkdtempSync(`${folder}-`))
    programs(prepared)
    await prepared.engine.close()
    const started = startHost(prepared.folder)
    const arn = await started.ready
    const began = performance.now()
    const summary = join(prepared.folder, 'executions', arn.split('/').pop() as string, 'summary.json')
    if (kill === 0) {
      // The first run is left alone: how long it takes is what the moments are drawn from.
      while (!existsSync(summary)) await new Promise(resolve => setTimeout(resolve, 5))
      whole = performance.now() - began
    } else await new Promise(resolve => setTimeout(resolve, random() * whole))
    started.child.kill('SIGKILL')
    await started.gone
    const local = await openLocalEngine({}, prepared.folder)
    // The first run, which is left alone, says what every other has to come to.
    digests ??= await objectsOf(local)
    expect(Object.keys(digests).toSorted()).toEqual(objects.toSorted())
    expect(await outcome(local, arn), `kill ${kill}`).toEqual({ ...expected, objects: digests })
    expect(await recordsOf(local), `kill ${kill}`).toEqual({ split: records, models: records })
    await local.engine.close()
    const left = readdirSync(prepared.folder, { recursive: true, encoding: 'utf8' }).filter(
      path => path.startsWith('executions') && path.endsWith('.tmp'),
    )
    expect(left, `kill ${kill}`).toEqual([])
    rmSync(prepared.folder, { recursive: true, force: true })
  }
})
