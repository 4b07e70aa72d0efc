import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import {
  conditionStep,
  continuous,
  equals,
  integer,
  join,
  maximize,
  pipeline,
  processingStep,
  scikitLearn,
  scriptTraining,
  string,
  trainingStep,
  tuningStep,
} from 'foldwise'
import { startLocalSageMaker } from '../../local/index.ts'
import { diffDefinitions, isEmptyDifference, renderDefinition } from '../../pipeline/definition/index.ts'
import { createClients, describePipeline, upsertPipeline } from '../../pipeline/service/index.ts'
import { validateDefinition } from '../../pipeline/validate/index.ts'
import { bucket, openLocalEngine, processing, training } from '../support/local-engine.ts'

const folders: string[] = []
const temporary = (): string => {
  const folder = mkdtempSync(joinPath(tmpdir(), 'foldwise-museum-'))
  folders.push(folder)
  return folder
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const job = { image: 'test-node:1', instance: 'ml.m5.large', role: 'arn:aws:iam::000000000000:role/r' } as const
const scripts = (source: string) =>
  scriptTraining({
    framework: scikitLearn({ version: '1.2-1' }),
    region: 'us-west-2',
    source,
    entryPoint: 'train.py',
    code: { bucket: 'code-bucket' },
  }).stepOptions({ role: job.role, output: 's3://bucket/models', channels: { train: 's3://bucket/train/' } })
const cached = { cache: { expireAfter: 'P30D' } }

/** A program with two steps that run a script, one of them in a branch, and one that does not. */
const twoScripts = (source: string) =>
  pipeline('Scripts', { parameters: { Mode: string('deep') } }, p => [
    trainingStep('Train', { ...scripts(source), ...cached }),
    processingStep('Plain', { ...job, ...cached, entrypoint: ['node', '/programs/plain.mjs'] }),
    conditionStep('Gate', {
      conditions: equals(p.Mode, 'deep'),
      ifSteps: [trainingStep('TrainDeep', { ...scripts(source), ...cached })],
    }),
  ])

const sources = () => {
  const folder = temporary()
  cpSync(joinPath(import.meta.dirname, '../fixtures/algorithms/train-src'), folder, { recursive: true })
  return folder
}

describe('the issue museum, where only a run or a program shows it', () => {
  it('cv-sample-1: a number that is joined into a container argument arrives as its digits', async () => {
    const local = await openLocalEngine()
    try {
      local.program(
        'argv',
        `import { mkdirSync, writeFileSync } from 'node:fs'
const out = process.env.SAGEMAKER_BASE_DIR + '/processing/output/o'
mkdirSync(out, { recursive: true })
writeFileSync(out + '/argv.json', JSON.stringify(process.argv.slice(2)))
`,
      )
      const { document } = pipeline('P', { parameters: { K: integer(3) } }, p =>
        processingStep('Argv', {
          ...job,
          entrypoint: ['node', '/programs/argv.mjs'],
          containerArguments: ['-k', join`${p.K}`],
          outputs: { o: { path: '/opt/ml/processing/output/o', uri: `s3://${bucket}/argv` } },
        }),
      )
      expect(validateDefinition(document).filter(({ severity }) => severity === 'error')).toEqual([])
      const { steps } = await local.run(document.Steps, { parameters: [...(document.Parameters ?? [])] })
      expect(steps['Argv']).toMatchObject({ StepStatus: 'Succeeded' })
      expect(JSON.parse((await local.text('argv/argv.json')) ?? '')).toEqual(['-k', '3'])
    } finally {
      await local.close()
    }
  })

  it('sdk-2736, 3070, 4142: a program gives the same bytes twice, also with its script inside a branch', () => {
    const [first, second] = [twoScripts(sources()), twoScripts(sources())]
    expect(renderDefinition(first.document)).toBe(renderDefinition(second.document))
    expect(first.assets.map(({ key }) => key)).toEqual(second.assets.map(({ key }) => key))
  })

  it('sdk-3384, 4374: one byte of a script is a new cache key of exactly the steps that run it', () => {
    const changed = sources()
    writeFileSync(joinPath(changed, 'train.py'), '# one more line\n', { flag: 'a' })
    const { steps } = diffDefinitions(twoScripts(sources()).document, twoScripts(changed).document)
    expect(steps.map(({ name, cacheKeyChanged }) => [name, cacheKeyChanged])).toEqual([
      ['Train', true],
      ['TrainDeep', true],
    ])
  })

  it('tf-38259: a definition that travels through S3 is the same one when it comes back', async () => {
    const server = await startLocalSageMaker({ stateDir: temporary() })
    const clients = await createClients({ local: server.endpoint })
    try {
      const stop = { Name: 'Stop', Type: 'Fail', Arguments: { ErrorMessage: '' } }
      const small = { Version: '2020-12-01', Metadata: { note: 'x' }, Steps: [stop] }
      const large = { ...small, Metadata: { note: 'x'.repeat(120_000) } }
      const wish = (document: object) => ({
        name: 'Moves',
        definition: JSON.stringify(document),
        roleArn: job.role,
        bucket: 'definitions',
      })
      await upsertPipeline(clients, wish(small))
      expect(await upsertPipeline(clients, wish(large))).toMatchObject({ action: 'updated', changes: ['definition'] })
      expect(await upsertPipeline(clients, wish(large))).toMatchObject({ action: 'unchanged' })
      const deployed = JSON.parse((await describePipeline(clients, 'Moves'))?.PipelineDefinition ?? '') as never
      expect(isEmptyDifference(diffDefinitions(deployed, large as never))).toBe(true)
    } finally {
      clients.close()
      await server.close()
    }
  })

  it('sdk-5031: the role of one step stands in the record of its job', async () => {
    const local = await openLocalEngine()
    try {
      local.program('none', '')
      const own = 'arn:aws:iam::000000000000:role/other'
      const { steps } = await local.run([
        training('Usual', 'none'),
        training('Own', 'none', { arguments: { RoleArn: own } }),
      ])
      const roleOf = async (step: string): Promise<unknown> => {
        const name = String(steps[step]?.['Metadata']?.TrainingJob?.Arn).split('/').at(-1)
        return (await local.call('DescribeTrainingJob', { TrainingJobName: name }))['RoleArn']
      }
      expect(await roleOf('Own')).toBe(own)
      expect(await roleOf('Usual')).not.toBe(own)
    } finally {
      await local.close()
    }
  })

  it('sdk-5584: a tuning keeps the spot flags of its training', () => {
    const { document } = pipeline('P', {}, () =>
      tuningStep('Tune', {
        training: {
          ...job,
          output: 's3://bucket/models',
          maxRuntimeInSeconds: 600,
          spot: { maxWaitTimeInSeconds: 1200 },
          checkpoints: 's3://bucket/checkpoints/',
        },
        ranges: { eta: continuous(0.1, 1) },
        objective: maximize('auc'),
        limits: { jobs: 3, parallel: 1 },
      }),
    )
    expect(document.Steps[0]?.Arguments).toMatchObject({
      TrainingJobDefinition: {
        EnableManagedSpotTraining: true,
        StoppingCondition: { MaxRuntimeInSeconds: 600, MaxWaitTimeInSeconds: 1200 },
        CheckpointConfig: { S3Uri: 's3://bucket/checkpoints/' },
      },
    })
  })

  it('deepracer-87, 88: five trainings wait for one another when only two may run, and all succeed', async () => {
    const local = await openLocalEngine({ maxParallelJobs: 2 })
    try {
      local.program('wait', 'setTimeout(() => {}, 20)')
      const folds = Array.from({ length: 5 }, (_, index) => training(`TrainFold-${index}`, 'wait'))
      const { execution, steps } = await local.run([
        ...folds,
        processing('Aggregate', 'wait', { DependsOn: folds.map((_, index) => `TrainFold-${index}`) }),
      ])
      expect(execution['PipelineExecutionStatus']).toBe('Succeeded')
      expect(Object.values(steps).map(({ StepStatus }) => StepStatus as string)).toEqual(Array(6).fill('Succeeded'))
    } finally {
      await local.close()
    }
  })
})
