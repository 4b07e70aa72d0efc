import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parseExpireAfter } from '../../../local/engine/expire-after.ts'
import {
  bucket,
  condition,
  equals,
  get,
  type LocalEngine,
  openLocalEngine,
  processing,
  processingInput,
  processingOutput,
} from '../../support/local-engine.ts'
import { TestClock } from '../../support/test-clock.ts'

let local: LocalEngine
let clock: TestClock
beforeEach(async () => {
  clock = new TestClock()
  local = await openLocalEngine({ clock })
  local.program(
    'out',
    `import { writeFileSync } from 'node:fs'
    writeFileSync(process.env.SAGEMAKER_BASE_DIR + '/processing/output/o/time', String(Date.now()))`,
  )
  local.program('ok', '')
  await local.put('in/data', 'one')
})
afterEach(() => local.close())

const output = { 'Std:Join': { On: '/', Values: [`s3://${bucket}/out`, get('Execution.PipelineExecutionId')] } }
const cached = (ExpireAfter = 'P1D', Enabled = true): object =>
  processing('Make', 'out', {
    environment: { A: get('Parameters.A') },
    inputs: [processingInput('data', `s3://${bucket}/in/`)],
    outputs: [processingOutput('o', output)],
    CacheConfig: { Enabled, ExpireAfter },
  })
const parameters = [{ Name: 'A', Type: 'String', DefaultValue: 'x' }]

async function again(
  name: string,
  values: Readonly<Record<string, string>> = {},
): Promise<{ arn: string; make: Record<string, unknown>; why: string }> {
  const started = await local.call('StartPipelineExecution', {
    PipelineName: name,
    PipelineParameters: Object.entries(values).map(([Name, Value]) => ({ Name, Value })),
  })
  const arn = started['PipelineExecutionArn'] as string
  await local.ended(arn)
  const journal = readFileSync(
    join(local.folder, 'executions', arn.split('/').pop() as string, 'journal.jsonl'),
    'utf8',
  )
  const finished = journal
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
    .find(event => event.type === 'step-finished' && event.step === 'Make')
  return { arn, make: (await local.steps(arn))['Make'] ?? {}, why: finished.cache.explanation }
}

test('3.8.1, 3.8.2, 3.8.3: the same step with the same key is taken over, with the source’s metadata; outputs and instances do not count', async () => {
  const first = await local.run([cached()], { name: 'Cache', parameters })
  const second = await again('Cache')
  expect(second.make).toMatchObject({
    StepStatus: 'Succeeded',
    CacheHitResult: { SourcePipelineExecutionArn: first.arn },
    Metadata: first.steps['Make']?.['Metadata'],
  })
  expect(second.why).toMatch(/^hit: the run in .* had the same arguments$/)
  expect(await local.keys('out/')).toHaveLength(1)
})

test('3.8.2, 3.8.5: a changed member of the key is a miss that names it', async () => {
  const first = await local.run([cached()], { name: 'Changed', parameters })
  const other = await again('Changed', { A: 'y' })
  expect(other.make).not.toHaveProperty('CacheHitResult')
  expect(other.why).toBe(`miss: Environment differ from the run in ${first.arn}`)
})

test('3.8.1: a run older than ExpireAfter is not taken over, nor is any when caching is off', async () => {
  await local.run([cached('PT1H')], { name: 'Old', parameters })
  clock.advance(3_601_000)
  expect((await again('Old')).why).toMatch(/is older than PT1H/)
  expect((await again('Old')).why).toMatch(/^hit/)
  await local.run([cached('P1D', false)], { name: 'Off', parameters })
  expect((await again('Off')).why).toMatch(/caching is not enabled/)
})

test('3.8.5: contents are not looked at, but a hit on changed contents says so; runs survive a restart', async () => {
  await local.run([cached()], { name: 'Stale', parameters })
  await local.put('in/data', 'two')
  local = await local.reopen()
  const stale = await again('Stale')
  expect(stale.make).toHaveProperty('CacheHitResult')
  expect(stale.why).toMatch(/warning: the URIs are the same, but the contents of the inputs have changed since/)
})

test('3.8.1: failed runs and runs of other pipelines are not taken over', async () => {
  await local.run([cached()], { name: 'One', parameters })
  const { arn } = await local.run([cached()], { name: 'Other', parameters })
  expect((await local.steps(arn))['Make']).not.toHaveProperty('CacheHitResult')
})

test.each([
  ['P30D', 2_592_000],
  ['30d', 2_592_000],
  ['p30d', 2_592_000],
  ['5y', 157_680_000],
  ['T16m', 960],
  ['30dT5h', 2_610_000],
  ['T12H', 43_200],
  ['PT1H', 3600],
  ['1w', 604_800],
  ['P1Y2M3W4DT5H6M', 31_536_000 + 2 * 2_592_000 + 3 * 604_800 + 4 * 86_400 + 5 * 3600 + 360],
  ['yesterday', undefined],
  ['', undefined],
  ['P', undefined],
  ['PT5S', undefined],
  ['30', undefined],
])('3.8.4: ExpireAfter %j is %s seconds', (text, seconds) => {
  expect(parseExpireAfter(text)).toBe(seconds)
})

const chain = [
  processing('A', 'out', { outputs: [processingOutput('o', output)] }),
  processing('B', 'ok', { DependsOn: ['A'] }),
  processing('C', 'ok', { DependsOn: ['B'] }),
  processing('D', 'ok', { DependsOn: ['C'] }),
]
const select = (name: string, source: string | undefined, ...steps: string[]): Promise<Record<string, unknown>> =>
  local.call('StartPipelineExecution', {
    PipelineName: name,
    SelectiveExecutionConfig: {
      ...(source === undefined ? {} : { SourcePipelineExecutionArn: source }),
      SelectedSteps: steps.map(StepName => ({ StepName })),
    },
  })

test('3.9.3: selected steps run, steps in front are taken over from the source, steps behind do not run', async () => {
  const { arn } = await local.run(chain, { name: 'Select' })
  const started = await select('Select', arn, 'B', 'C')
  const execution = await local.ended(started['PipelineExecutionArn'] as string)
  expect(execution).toMatchObject({
    PipelineExecutionStatus: 'Succeeded',
    SelectiveExecutionConfig: { SourcePipelineExecutionArn: arn },
  })
  const steps = await local.steps(started['PipelineExecutionArn'] as string)
  expect(Object.keys(steps).sort()).toEqual(['A', 'B', 'C'])
  expect(steps['A']).toMatchObject({
    StepStatus: 'Succeeded',
    SelectiveExecutionResult: { SourcePipelineExecutionArn: arn },
  })
  expect(steps['B']).not.toHaveProperty('SelectiveExecutionResult')
})

test('3.9.3: a missing source, unknown steps and a gap between selected steps are refused', async () => {
  const { arn } = await local.run(chain, { name: 'Refuse' })
  await expect(select('Refuse', undefined, 'B')).rejects.toThrow(
    'Invalid SourcePipelineExecutionArn: null. The selected steps [B] have dependencies on [A]',
  )
  await expect(select('Refuse', arn, 'Z')).rejects.toThrow(/selected step Z is not in the pipeline/)
  await expect(select('Refuse', arn, 'B', 'D')).rejects.toThrow(/not connected: C lies between/)
})

test('3.9.3: a step in a branch that the source did not take is refused unless its condition is selected, too', async () => {
  const { arn } = await local.run(
    [condition('Gate', [equals(1, 2)], [processing('Yes', 'ok')], [processing('No', 'ok')])],
    { name: 'Branch' },
  )
  await expect(select('Branch', arn, 'Yes')).rejects.toThrow(/branch of Gate that was not taken/)
  const started = await select('Branch', arn, 'No')
  await local.ended(started['PipelineExecutionArn'] as string)
  expect(Object.keys(await local.steps(started['PipelineExecutionArn'] as string)).sort()).toEqual(['Gate', 'No'])
})
