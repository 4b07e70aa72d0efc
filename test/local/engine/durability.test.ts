// Responses are read member by member; typing each would repeat the service model.
/* oxlint-disable typescript/no-explicit-any */
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFolderStore } from '../../../local/storage/folder-store.ts'
import { openJournal } from '../../../local/engine/journal.ts'
import { lockState } from '../../../local/engine/state-lock.ts'
import {
  bucket,
  condition,
  fail,
  get,
  joined,
  type LocalEngine,
  openLocalEngine,
  processing,
  processingOutput,
  training,
} from '../../support/local-engine.ts'

const folders: string[] = []
const temporary = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'foldwise-durable-'))
  folders.push(folder)
  return folder
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const folds = 3
const steps: readonly object[] = [
  processing('Split', 'count', { arguments: ['split'], outputs: [processingOutput('out', `s3://${bucket}/split`)] }),
  ...Array.from({ length: folds }, (_, fold) =>
    training(`Fold-${fold}`, 'train', {
      DependsOn: ['Split'],
      hyperparameters: { fold: String(fold) },
      metrics: [{ Name: 'a', Regex: 'a=([0-9.]+)' }],
    }),
  ),
  condition(
    'Gate',
    Array.from({ length: folds }, (_, fold) => ({
      Type: 'GreaterThan',
      LeftValue: get(`Steps.Fold-${fold}.FinalMetricDataList['a'].Value`),
      RightValue: 0.5,
    })),
    [
      {
        Name: 'Register',
        Type: 'RegisterModel',
        Arguments: {
          ModelPackageGroupName: 'Durable',
          InferenceSpecification: {
            Containers: [{ Image: 'x', ModelDataUrl: get('Steps.Fold-0.ModelArtifacts.S3ModelArtifacts') }],
          },
        },
      },
    ],
    [fail('Reject', joined('no'))],
  ),
]

function programs(local: LocalEngine, milliseconds: number): void {
  local.program(
    'count',
    `import { writeFileSync } from 'node:fs'
    setTimeout(() => writeFileSync(process.env.SAGEMAKER_BASE_DIR + '/processing/output/out/done', 'yes'), ${milliseconds})`,
  )
  local.program(
    'train',
    `import { writeFileSync } from 'node:fs'
    setTimeout(() => { writeFileSync(process.env.SAGEMAKER_BASE_DIR + '/model/m', 'model'); console.log('a=0.98') }, ${milliseconds})`,
  )
}

/** What must not depend on whether, when and how often the engine died. */
async function outcome(local: LocalEngine, arn: string): Promise<object> {
  const execution = await local.ended(arn)
  const rows = await local.steps(arn)
  const { ModelPackageSummaryList } = await local.call('ListModelPackages', { ModelPackageGroupName: 'Durable' })
  const { TrainingJobSummaries } = await local.call('ListTrainingJobs', { MaxResults: 100 })
  return {
    status: execution['PipelineExecutionStatus'],
    steps: Object.values(rows)
      .map((row: any) => [row.StepName, row.StepStatus, row.AttemptCount])
      .sort(),
    packages: ModelPackageSummaryList.length,
    trainings: TrainingJobSummaries.map((job: any) => job.TrainingJobStatus),
    objects: (await local.keys()).map(key => key.replace(/pipelines-[a-z0-9]{12}-(Fold-\d)-\w{10}/, '$1')),
  }
}

const expected = {
  status: 'Succeeded',
  steps: [
    ['Fold-0', 'Succeeded', 1],
    ['Fold-1', 'Succeeded', 1],
    ['Fold-2', 'Succeeded', 1],
    ['Gate', 'Succeeded', 1],
    ['Register', 'Succeeded', 1],
    ['Split', 'Succeeded', 1],
  ],
  packages: 1,
  trainings: ['Completed', 'Completed', 'Completed'],
  objects: [0, 1, 2].map(fold => `models/Fold-${fold}/Fold-${fold}/output/model.tar.gz`).concat('split/done'),
}

test('a journal that ends anywhere, also within a line, leads to the same outcome; what had finished is not run again', {
  timeout: 120_000,
}, async () => {
  const origin = await openLocalEngine({}, temporary())
  programs(origin, 0)
  const arn = await origin.start(steps)
  expect(await outcome(origin, arn)).toEqual(expected)
  await origin.engine.close()
  const file = join('executions', arn.split('/').pop() as string, 'journal.jsonl')
  const lines = readFileSync(join(origin.folder, file), 'utf8').trimEnd().split('\n')
  for (let kept = 1; kept <= lines.length; kept++) {
    const folder = temporary()
    cpSync(origin.folder, folder, { recursive: true })
    rmSync(join(folder, 'executions', arn.split('/').pop() as string, 'summary.json'))
    const torn = kept % 2 === 0 ? (lines[kept] ?? '').slice(0, 20) : ''
    writeFileSync(join(folder, file), `${lines.slice(0, kept).join('\n')}\n${torn}`)
    const local = await openLocalEngine({}, folder)
    expect(await outcome(local, arn), `after ${kept} lines`).toEqual(expected)
    await local.engine.close()
    const after = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n')
    expect(after.slice(0, kept)).toEqual(lines.slice(0, kept))
    const finishedBefore = lines
      .slice(0, kept)
      .map(line => JSON.parse(line))
      .filter(event => event.type === 'step-finished')
      .map(event => event.step)
    const startedAfter = after
      .slice(kept)
      .map(line => JSON.parse(line))
      .filter(event => event.type === 'step-started')
      .map(event => event.step)
    expect(startedAfter.filter(step => finishedBefore.includes(step))).toEqual([])
  }
})

test('with the switch interrupted: fail, an interrupted execution is Failed, and a retry goes on where it was', async () => {
  const origin = await openLocalEngine({}, temporary())
  programs(origin, 0)
  const arn = await origin.start(steps)
  await origin.ended(arn)
  await origin.engine.close()
  const id = arn.split('/').pop() as string
  const file = join(origin.folder, 'executions', id, 'journal.jsonl')
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  const cut = lines.findIndex(line => line.includes('"step-finished"') && line.includes('"Split"')) + 1
  rmSync(join(origin.folder, 'executions', id, 'summary.json'))
  writeFileSync(file, `${lines.slice(0, cut + 2).join('\n')}\n`)
  const local = await openLocalEngine({ switches: { interrupted: 'fail' } }, origin.folder)
  expect(await local.call('DescribePipelineExecution', { PipelineExecutionArn: arn })).toMatchObject({
    PipelineExecutionStatus: 'Failed',
    FailureReason: expect.stringContaining('Retry the execution'),
  })
  const split = (await local.steps(arn))['Split']
  await local.call('RetryPipelineExecution', { PipelineExecutionArn: arn })
  expect((await local.ended(arn))['PipelineExecutionStatus']).toBe('Succeeded')
  expect((await local.steps(arn))['Split']).toEqual(split)
  await local.engine.close()
})

test('a step that waited for a place when another one failed runs, with or without a kill in between', async () => {
  const origin = await openLocalEngine({ maxParallelJobs: 1 }, temporary())
  origin.program('bad', 'process.exit(1)')
  origin.program('good', '')
  const arn = await origin.start([processing('A', 'bad'), processing('B', 'good'), processing('C', 'good')])
  const statuses = async (local: LocalEngine) => {
    await local.ended(arn)
    return Object.fromEntries(Object.entries(await local.steps(arn)).map(([name, row]) => [name, row['StepStatus']]))
  }
  expect(await statuses(origin)).toEqual({ A: 'Failed', B: 'Succeeded', C: 'Succeeded' })
  await origin.engine.close()
  const id = arn.split('/').pop() as string
  const file = join(origin.folder, 'executions', id, 'journal.jsonl')
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  const cut = lines.findIndex(line => line.includes('"step-finished"') && line.includes('"A"')) + 1
  expect(cut).toBeGreaterThan(0)
  rmSync(join(origin.folder, 'executions', id, 'summary.json'))
  writeFileSync(file, `${lines.slice(0, cut).join('\n')}\n`)
  const local = await openLocalEngine({ maxParallelJobs: 1 }, origin.folder)
  expect(await statuses(local)).toEqual({ A: 'Failed', B: 'Succeeded', C: 'Succeeded' })
  await local.engine.close()
})

test('a state folder has one engine at a time; the lock of a process that is gone counts for nothing', async () => {
  const folder = temporary()
  const unlock = await lockState(folder)
  await expect(lockState(folder)).rejects.toThrow(/the state folder is in use by process \d+/)
  await unlock()
  writeFileSync(join(folder, 'engine.lock'), JSON.stringify({ pid: process.pid, started: '1' }))
  await (await lockState(folder))()
  writeFileSync(join(folder, 'engine.lock'), '{"pi')
  await (await lockState(folder))()
})

test('a damaged journal is named, not guessed at', async () => {
  const local = await openLocalEngine({}, temporary())
  const { arn } = await local.run([fail('A')])
  await local.engine.close()
  const id = arn.split('/').pop() as string
  rmSync(join(local.folder, 'executions', id, 'summary.json'))
  writeFileSync(join(local.folder, 'executions', id, 'journal.jsonl'), 'rubbish\n')
  await expect(openLocalEngine({}, local.folder)).rejects.toThrow(/journal\.jsonl:1: the journal is damaged/)
})

const host = join(temporary(), 'host.mjs')
beforeAll(async () => {
  await build({
    entryPoints: [new URL('../../support/engine-host.ts', import.meta.url).pathname],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: host,
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  })
})

/** Starts an engine in a process of its own that runs the execution; resolves when it is ready. */
async function startHost(folder: string, document: string): Promise<{ child: ChildProcess; arn: string }> {
  const child = spawn(process.execPath, [host, folder, document], { stdio: ['ignore', 'pipe', 'inherit'] })
  const arn = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', chunk => {
      text += String(chunk)
      const found = /^arn:\S+/m.exec(text)
      if (found !== null) resolve(found[0])
    })
    child.once('exit', code => reject(new Error(`the host ended with ${code}`)))
  })
  return { child, arn }
}

test('kill -9 at any moment, again and again: the outcome is the same, nothing is lost or doubled, no child is left', {
  timeout: 120_000,
}, async () => {
  const kills = 12
  const folder = temporary()
  const seedEngine = await openLocalEngine({}, folder)
  programs(seedEngine, 60)
  await seedEngine.engine.close()
  const document = JSON.stringify({ Version: '2020-12-01', Steps: steps })
  let arn = ''
  let seed = 23
  for (let kill = 0; kill < kills; kill++) {
    const started = await startHost(folder, document)
    arn = started.arn
    seed = (seed * 48271) % 2147483647
    await new Promise(resolve => setTimeout(resolve, seed % 160))
    started.child.removeAllListeners('exit')
    const gone = new Promise(resolve => started.child.once('exit', resolve))
    started.child.kill('SIGKILL')
    await gone
  }
  const local = await openLocalEngine({}, folder)
  expect(await outcome(local, arn)).toEqual(expected)
  await local.engine.close()
  const temporaries = readdirSync(join(folder, 'executions', arn.split('/').pop() as string)).filter(name =>
    name.endsWith('.tmp'),
  )
  expect(temporaries).toEqual([])
  expect(existsSync(join(folder, 'engine.lock'))).toBe(false)
})

test('lines of the journal are flushed after the objects that they tell of', async () => {
  const folder = temporary()
  const store = await createFolderStore(join(folder, 's3'))
  const done: string[] = []
  const local = await openLocalEngine(
    {
      store: {
        ...store,
        putFile: async (...at) => {
          const info = await store.putFile(...at)
          done.push(`put ${at[1]}`)
          return info
        },
        flush: async () => {
          await store.flush()
          done.push('flush')
        },
      },
    },
    folder,
  )
  local.program(
    'count',
    `import { writeFileSync } from 'node:fs'
    writeFileSync(process.env.SAGEMAKER_BASE_DIR + '/processing/output/out/x', 'x')`,
  )
  const { execution } = await local.run([
    processing('Split', 'count', { outputs: [processingOutput('out', `s3://${bucket}/split`)] }),
  ])
  await local.engine.close()
  expect(execution['PipelineExecutionStatus']).toBe('Succeeded')
  expect(done.slice(done.indexOf('put split/x'))).toContain('flush')
  await local.close()

  const order: string[] = []
  const journal = openJournal<object>(join(temporary(), 'journal.jsonl'), {
    before: async () => {
      await new Promise(resolve => setTimeout(resolve, 20))
      order.push('objects')
    },
    sync: async () => {
      order.push('journal')
    },
  })
  journal.append({ a: 1 })
  await journal.durable()
  expect(order).toEqual(['objects', 'journal'])
  await journal.durable()
  expect(order).toEqual(['objects', 'journal'])
  journal.append({ a: 2 })
  await journal.close()
  expect(order).toEqual(['objects', 'journal', 'objects', 'journal'])
})
