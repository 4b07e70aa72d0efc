import { spawn } from 'node:child_process'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Spawn } from '../../../local/runtimes/process-group.ts'
import { fail, type LocalEngine, openLocalEngine, processing, training } from '../../support/local-engine.ts'
import { TestClock } from '../../support/test-clock.ts'

let local: LocalEngine
let clock: TestClock
/** How many of the next starts of a process the machine refuses. */
let refusals = 0
beforeEach(async () => {
  clock = new TestClock()
  refusals = 0
  const refusing = ((...args: Parameters<typeof spawn>) => {
    if (refusals-- > 0) throw Object.assign(new Error('spawn EAGAIN'), { code: 'EAGAIN' })
    return spawn(...args)
  }) as Spawn
  local = await openLocalEngine({ clock, spawn: refusing })
  local.program('ok', '')
  local.program(
    'once',
    `import { existsSync, writeFileSync } from 'node:fs'
    if (existsSync(process.argv[2])) process.exit(0); writeFileSync(process.argv[2], ''); process.exit(1)`,
  )
})
afterEach(() => local.close())

const policy = (more: object): object => ({ RetryPolicies: [{ ExceptionType: ['SageMaker.CAPACITY_ERROR'], ...more }] })

/** Waits until one sleeper longer than half a second is there, and tells how long it sleeps, in seconds. */
async function nextDelay(): Promise<number> {
  for (;;) {
    const delay = clock.waiting().find(milliseconds => milliseconds < 80_000_000)
    if (delay !== undefined) return Math.round(delay / 1000)
    await new Promise(resolve => setTimeout(resolve, 2))
  }
}

test('3.7.2: the delay before attempt n + 1 is IntervalSeconds × BackoffRate^(n - 1), and AttemptCount counts', async () => {
  refusals = 3
  const arn = await local.start([
    processing('A', 'ok', policy({ IntervalSeconds: 10, BackoffRate: 3, MaxAttempts: 4 })),
  ])
  const delays: number[] = []
  for (let retry = 0; retry < 3; retry++) {
    delays.push(await nextDelay())
    expect((await local.steps(arn))['A']).toMatchObject({ StepStatus: 'Starting', AttemptCount: retry + 1 })
    clock.advance((delays.at(-1) ?? 0) * 1000 + 10)
  }
  expect(delays).toEqual([10, 30, 90])
  expect((await local.ended(arn))['PipelineExecutionStatus']).toBe('Succeeded')
  expect((await local.steps(arn))['A']).toMatchObject({ StepStatus: 'Succeeded', AttemptCount: 4 })
})

test('3.7.1, 3.7.2: after MaxAttempts retries the step fails; 0 means never', async () => {
  refusals = 100
  const arn = await local.start([processing('A', 'ok', policy({ MaxAttempts: 1 }))])
  clock.advance((await nextDelay()) * 1000 + 10)
  await local.ended(arn)
  expect((await local.steps(arn))['A']).toMatchObject({
    StepStatus: 'Failed',
    AttemptCount: 2,
    FailureReason: expect.stringContaining('CapacityError'),
  })
  const never = await local.run([processing('A', 'ok', policy({ MaxAttempts: 0 }))])
  expect(never.steps['A']).toMatchObject({ StepStatus: 'Failed', AttemptCount: 1 })
})

test('3.7.1, 3.7.2: ExpireAfterMin bounds the time since the first attempt instead of the count', async () => {
  refusals = 100
  const arn = await local.start([
    processing('A', 'ok', policy({ IntervalSeconds: 20, BackoffRate: 1, ExpireAfterMin: 1 })),
  ])
  // A third wait of 20 seconds would end after the minute.
  for (let retry = 0; retry < 2; retry++) clock.advance((await nextDelay()) * 1000 + 10)
  await local.ended(arn)
  expect((await local.steps(arn))['A']).toMatchObject({ StepStatus: 'Failed', AttemptCount: 3 })
})

test('3.7.3: an algorithm’s own failure is retried by no policy, nor a capacity error without one', async () => {
  local.program('bad', 'process.exit(1)')
  const { steps } = await local.run([training('A', 'bad', policy({ MaxAttempts: 5 }))])
  expect(steps['A']).toMatchObject({ StepStatus: 'Failed', AttemptCount: 1 })
  refusals = 1
  const without = await local.run([processing('A', 'ok')])
  expect(without.steps['A']).toMatchObject({ StepStatus: 'Failed', AttemptCount: 1 })
})

test('a step that waits for its next attempt can be stopped', async () => {
  refusals = 100
  const arn = await local.start([processing('A', 'ok', policy({ IntervalSeconds: 3600 }))])
  await nextDelay()
  await local.call('StopPipelineExecution', { PipelineExecutionArn: arn })
  expect((await local.ended(arn))['PipelineExecutionStatus']).toBe('Stopped')
  expect((await local.steps(arn))['A']).toMatchObject({ StepStatus: 'Stopped' })
})

test('3.6.9: RetryPipelineExecution goes on at the failed step, under the same ARN; what had succeeded keeps its result', async () => {
  const marker = `${local.folder}/marker`
  const { arn, execution, steps } = await local.run([
    processing('A', 'ok'),
    processing('B', 'once', { arguments: [marker], DependsOn: ['A'] }),
    processing('C', 'ok', { DependsOn: ['B'] }),
  ])
  expect(execution['PipelineExecutionStatus']).toBe('Failed')
  await local.call('RetryPipelineExecution', { PipelineExecutionArn: arn })
  expect((await local.ended(arn))['PipelineExecutionStatus']).toBe('Succeeded')
  const after = await local.steps(arn)
  expect(after['A']).toEqual(steps['A'])
  expect(after['B']).toMatchObject({ StepStatus: 'Succeeded' })
  expect(after['B']?.['Metadata']).not.toEqual(steps['B']?.['Metadata'])
  expect(after['C']).toMatchObject({ StepStatus: 'Succeeded' })
  await expect(local.call('RetryPipelineExecution', { PipelineExecutionArn: arn })).rejects.toThrow(/it is Succeeded/)
})

test('3.6.9: an execution that ended with a Fail step cannot be retried', async () => {
  const { arn } = await local.run([fail('End')])
  await expect(local.call('RetryPipelineExecution', { PipelineExecutionArn: arn })).rejects.toThrow(
    /ended with the Fail step End/,
  )
})

test('two retries at once start the execution once', async () => {
  local.program('bad', 'process.exit(1)')
  const { arn } = await local.run([processing('A', 'bad')])
  const retries = await Promise.allSettled(
    [1, 2].map(() => local.call('RetryPipelineExecution', { PipelineExecutionArn: arn })),
  )
  expect(retries.map(retry => retry.status).sort()).toEqual(['fulfilled', 'rejected'])
  await local.ended(arn)
})
