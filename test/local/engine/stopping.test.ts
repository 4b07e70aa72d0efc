// Responses are read member by member; typing each would repeat the service model.
/* oxlint-disable typescript/no-explicit-any */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type LocalEngine, openLocalEngine, processing, training } from '../../support/local-engine.ts'
import { isRunning } from '../../../local/runtimes/process-group.ts'
import { TestClock } from '../../support/test-clock.ts'

let local: LocalEngine
let clock: TestClock
beforeEach(async () => {
  clock = new TestClock()
  local = await openLocalEngine({ clock })
  local.program(
    'polite',
    `import { writeFileSync } from 'node:fs'
    process.on('SIGTERM', () => { writeFileSync(process.env.SAGEMAKER_BASE_DIR + '/model/state', 'saved'); process.exit(0) })
    console.log('ready'); setInterval(() => {}, 1000)`,
  )
  local.program(
    'stubborn',
    `import { spawn } from 'node:child_process'
    process.on('SIGTERM', () => console.log('ignored'))
    spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("ready " + process.ppid + " " + process.pid)'], { stdio: 'inherit' })
    setInterval(() => {}, 1000)`,
  )
  local.program('ok', '')
})
afterEach(() => local.close())

const jobOf = (steps: Record<string, any>, step: string): string =>
  Object.values<any>(steps[step].Metadata)[0].Arn.split('/').pop()

/** The log of a step's job, once it holds a text. */
async function logWith(arn: string, step: string, text: string): Promise<string> {
  for (;;) {
    const steps = await local.steps(arn)
    const file =
      steps[step]?.['Metadata'] === undefined || Object.keys(steps[step]['Metadata']).length === 0
        ? ''
        : join(local.folder, 'jobs', jobOf(steps, step), 'log.txt')
    if (file !== '' && existsSync(file)) {
      const log = readFileSync(file, 'utf8')
      if (log.includes(text)) return log
    }
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

const isAlive = (pid: number): boolean => isRunning({ pid, started: '' })

test('3.6.7: a stop goes Stopping, then Stopped; a training may save its model and starts no successor', async () => {
  const arn = await local.start([training('Train', 'polite'), processing('After', 'ok', { DependsOn: ['Train'] })])
  await logWith(arn, 'Train', 'ready')
  await local.call('StopPipelineExecution', { PipelineExecutionArn: arn })
  expect(
    (await local.call('DescribePipelineExecution', { PipelineExecutionArn: arn }))['PipelineExecutionStatus'],
  ).toBe('Stopping')
  expect((await local.ended(arn))['PipelineExecutionStatus']).toBe('Stopped')
  const steps = await local.steps(arn)
  expect(Object.keys(steps)).toEqual(['Train'])
  expect(steps['Train']?.['StepStatus']).toBe('Stopped')
  const job = await local.call('DescribeTrainingJob', { TrainingJobName: jobOf(steps, 'Train') })
  expect(job).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'Stopped' })
  expect(await local.keys('models/')).toEqual([`models/Train/${jobOf(steps, 'Train')}/output/model.tar.gz`])
})

test('3.6.7: what ignores SIGTERM gets SIGKILL after 120 seconds, with everything that it started', async () => {
  const arn = await local.start([training('Train', 'stubborn')])
  const pids = (/ready (\d+) (\d+)/.exec(await logWith(arn, 'Train', 'ready')) ?? []).slice(1).map(Number)
  await local.call('StopPipelineExecution', { PipelineExecutionArn: arn })
  await logWith(arn, 'Train', 'ignored')
  clock.advance(119_000)
  expect(pids.map(isAlive)).toEqual([true, true])
  clock.advance(2000)
  await local.ended(arn)
  expect(pids.map(isAlive)).toEqual([false, false])
})

test('5.1.8, 5.2.8: a job that outlives StoppingCondition is stopped and its step fails', async () => {
  const arn = await local.start(
    [
      processing('Slow', 'stubborn', { maxRuntime: 60 }),
      training('Train', 'polite', { arguments: { StoppingCondition: { MaxRuntimeInSeconds: 60 } } }),
    ],
    { maxParallel: 2 },
  )
  await logWith(arn, 'Slow', 'ready')
  await logWith(arn, 'Train', 'ready')
  clock.advance(61_000)
  await logWith(arn, 'Slow', 'ignored')
  clock.advance(121_000)
  await local.ended(arn)
  const steps = await local.steps(arn)
  expect(steps['Slow']).toMatchObject({
    StepStatus: 'Failed',
    FailureReason: expect.stringContaining('exceeded MaxRuntimeInSeconds'),
  })
  expect(await local.call('DescribeTrainingJob', { TrainingJobName: jobOf(steps, 'Train') })).toMatchObject({
    TrainingJobStatus: 'Stopped',
    SecondaryStatus: 'MaxRuntimeExceeded',
  })
})

test('3.6.10: closing the engine ends every child within seconds and leaves the execution Stopped on disk', async () => {
  const arn = await local.start([training('Train', 'stubborn')])
  const pids = (/ready (\d+) (\d+)/.exec(await logWith(arn, 'Train', 'ready')) ?? []).slice(1).map(Number)
  local = await local.reopen()
  expect(pids.map(isAlive)).toEqual([false, false])
  expect(await local.call('DescribePipelineExecution', { PipelineExecutionArn: arn })).toMatchObject({
    PipelineExecutionStatus: 'Stopped',
  })
  expect((await local.steps(arn))['Train']?.['StepStatus']).toBe('Stopped')
})

test('an execution that has ended cannot be stopped', async () => {
  const { arn } = await local.run([processing('A', 'ok')])
  await expect(local.call('StopPipelineExecution', { PipelineExecutionArn: arn })).rejects.toThrow(
    /is Succeeded and cannot be stopped/,
  )
})
