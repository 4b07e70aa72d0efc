// Responses and journals are read member by member; typing each would repeat the service model.
/* oxlint-disable typescript/no-explicit-any */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isRunning, type Spawn } from '../../../local/runtimes/process-group.ts'
import { createFolderStore } from '../../../local/storage/folder-store.ts'
import { bucket, openLocalEngine, processing, processingOutput, training } from '../../support/local-engine.ts'
import { TestClock } from '../../support/test-clock.ts'

/** FOLDWISE_FAULTS=500 for a long night. */
const schedules = Number(process.env['FOLDWISE_FAULTS'] ?? 8)

/** What happens to a step. `times` is how often, `retries` how often its policy lets it try again. */
type Fault =
  | { readonly kind: 'none' }
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'crash'; readonly signal: 'SIGKILL' | 'SIGSEGV' | 'SIGABRT' }
  | { readonly kind: 'hang'; readonly isStubborn: boolean }
  | { readonly kind: 'no-process' | 'disk-full'; readonly times: number; readonly retries: number }

interface PlannedStep {
  readonly isTraining: boolean
  readonly fault: Fault
  /** Steps in front of it, as a choice among the earlier ones. */
  readonly after: readonly number[]
}

const often = { times: fc.integer({ min: 1, max: 3 }), retries: fc.integer({ min: 0, max: 3 }) }
const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'none' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('exit' as const), code: fc.integer({ min: 1, max: 125 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('crash' as const),
      signal: fc.constantFrom('SIGKILL' as const, 'SIGSEGV' as const, 'SIGABRT' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hang' as const), isStubborn: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('no-process' as const), ...often }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('disk-full' as const), ...often }) },
)
const schedule = fc.record({
  steps: fc.array(fc.record({ isTraining: fc.boolean(), fault, after: fc.array(fc.nat(9), { maxLength: 2 }) }), {
    minLength: 3,
    maxLength: 7,
  }),
  /** Hours by which the clock jumps in the middle, forwards or backwards. */
  jumpHours: fc.constantFrom(0, 0, 2, -2),
})

const nameOf = (index: number): string => `S${index}`
const before = (step: PlannedStep, index: number): string[] =>
  index === 0 ? [] : [...new Set(step.after.map(choice => nameOf(choice % index)))]

const retryOf: Partial<Record<Fault['kind'], string>> = {
  'no-process': 'SageMaker.CAPACITY_ERROR',
  'disk-full': 'SageMaker.JOB_INTERNAL_ERROR',
}
const interval = 7
const backoff = 3
const signalCodes = { SIGKILL: 137, SIGSEGV: 139, SIGABRT: 134 }

function stepOf(planned: PlannedStep, index: number): object {
  const { fault: what } = planned
  const exceptions = retryOf[what.kind]
  const common = {
    DependsOn: before(planned, index),
    ...('retries' in what && {
      RetryPolicies: [
        { ExceptionType: [exceptions], IntervalSeconds: interval, BackoffRate: backoff, MaxAttempts: what.retries },
      ],
    }),
  }
  const environment = { FAULT: JSON.stringify(what) }
  return planned.isTraining
    ? training(nameOf(index), 'faulty', {
        ...common,
        arguments: { Environment: environment, StoppingCondition: { MaxRuntimeInSeconds: maxRuntimeOf(what) } },
      })
    : processing(nameOf(index), 'faulty', {
        ...common,
        environment,
        maxRuntime: maxRuntimeOf(what),
        outputs: [processingOutput('out', `s3://${bucket}/out/${nameOf(index)}`)],
      })
}
/** Of what does not hang, longer than all virtual waiting together. */
const maxRuntimeOf = (what: Fault): number => (what.kind === 'hang' ? 600 : 80_000)

interface Expected {
  readonly status: 'Succeeded' | 'Failed'
  readonly attempts: number
  readonly reason?: RegExp
}

/** What the record must say of a step that ran. */
function expectedOf({ fault: what, isTraining }: PlannedStep): Expected {
  switch (what.kind) {
    case 'none':
      return { status: 'Succeeded', attempts: 1 }
    case 'exit':
      return {
        status: 'Failed',
        attempts: 1,
        reason: new RegExp(`^ClientError: AlgorithmError: .*, exit code: ${what.code}$`),
      }
    case 'crash':
      return {
        status: 'Failed',
        attempts: 1,
        reason: new RegExp(`^ClientError: AlgorithmError: .*, exit code: ${signalCodes[what.signal]}$`),
      }
    case 'hang':
      return {
        status: 'Failed',
        attempts: 1,
        reason: isTraining ? /MaxRuntimeExceeded: Training job runtime exceeded/ : /MaxRuntime|runtime/i,
      }
    default: {
      const isSaved = what.times <= what.retries
      return {
        status: isSaved ? 'Succeeded' : 'Failed',
        attempts: 1 + Math.min(what.times, what.retries),
        ...(!isSaved && {
          reason: what.kind === 'no-process' ? /CapacityError: .*EAGAIN/ : /InternalServerError: .*is full/,
        }),
      }
    }
  }
}

test(`${schedules} seeded schedules of crashes, exit codes, hanging jobs, refused processes, full disks and clock jumps: the record says what happened, retries follow their policy, and nothing is left running`, {
  timeout: 60_000 + schedules * 30_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(schedule, ({ steps, jumpHours }) => runSchedule(steps, jumpHours)),
    { numRuns: schedules, seed: 23, endOnFailure: true },
  )
})

async function runSchedule(steps: readonly PlannedStep[], jumpHours: number): Promise<void> {
  const clock = new TestClock()
  const left = new Map(steps.map(({ fault: what }, index) => [nameOf(index), 'times' in what ? what.times : 0]))
  const faultOf = (step: string): string => steps[Number(step.slice(1))]?.fault.kind ?? 'none'
  const takeFault = (step: string, kind: string): boolean => {
    const count = left.get(step) ?? 0
    if (faultOf(step) !== kind || count === 0) return false
    left.set(step, count - 1)
    return true
  }
  const pids: number[] = []
  const stepIn = (text: string): string => /-(S\d)-/.exec(text)?.[1] ?? /\b(S\d)\b/.exec(text)?.[1] ?? ''
  const spawning = ((...args: Parameters<typeof spawn>) => {
    const environment = (args[2] as { env?: Record<string, string> }).env ?? {}
    const job = environment['TRAINING_JOB_NAME'] ?? environment['PROCESSING_JOB_NAME'] ?? ''
    if (takeFault(stepIn(job), 'no-process')) throw Object.assign(new Error('spawn EAGAIN'), { code: 'EAGAIN' })
    const child = spawn(...args)
    if (child.pid !== undefined) pids.push(child.pid)
    return child
  }) as Spawn
  const local = await openLocalEngine({
    clock,
    spawn: spawning,
    maxParallelJobs: 4,
    switches: { afterFailure: 'run-independent' },
  })
  // The engine's store is wrapped, not the folder: the disk of one step only is full.
  const folder = await createFolderStore(join(local.folder, 's3'))
  const full = (key: string): void => {
    if (takeFault(stepIn(key), 'disk-full'))
      throw Object.assign(new Error(`the disk is full: ${key}`), { code: 'ENOSPC' })
  }
  Object.assign(local.store, {
    put: async (...at: Parameters<typeof folder.put>) => {
      full(at[1])
      return folder.put(...at)
    },
    putFile: async (...at: Parameters<typeof folder.putFile>) => {
      full(at[1])
      return folder.putFile(...at)
    },
  })
  local.program(
    'faulty',
    `import { writeFileSync, existsSync } from 'node:fs'
    const fault = JSON.parse(process.env.FAULT)
    const ml = process.env.SAGEMAKER_BASE_DIR
    if (existsSync(ml + '/processing/output/out')) writeFileSync(ml + '/processing/output/out/x', 'x')
    else writeFileSync(ml + '/model/x', 'x')
    if (fault.kind === 'exit') process.exit(fault.code)
    if (fault.kind === 'crash') process.kill(process.pid, fault.signal)
    if (fault.kind === 'hang') {
      if (fault.isStubborn) process.on('SIGTERM', () => {})
      console.log('hangs')
      setInterval(() => {}, 1000)
    }`,
  )
  try {
    const arn = await local.start(steps.map(stepOf))
    const isOver = turnClock(clock, jumpHours)
    const execution = await local.ended(arn)
    isOver()
    const rows = await local.steps(arn)
    const journal = readFileSync(
      join(local.folder, 'executions', arn.split('/').pop() as string, 'journal.jsonl'),
      'utf8',
    )
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))

    const succeeded = new Set<string>()
    const expected: Record<string, object> = {}
    for (const [index, planned] of steps.entries()) {
      if (!before(planned, index).every(name => succeeded.has(name))) continue
      const { status, attempts, reason } = expectedOf(planned)
      if (status === 'Succeeded') succeeded.add(nameOf(index))
      expected[nameOf(index)] = expect.objectContaining({
        StepStatus: status,
        AttemptCount: attempts,
        ...(reason !== undefined && { FailureReason: expect.stringMatching(reason) }),
      })
    }
    expect(rows).toEqual(expected)
    const allSucceeded = Object.keys(expected).length === succeeded.size
    expect(execution['PipelineExecutionStatus']).toBe(allSucceeded ? 'Succeeded' : 'Failed')

    for (const name of Object.keys(expected)) {
      const mine = journal.filter(event => event.step === name)
      expect(mine.filter(event => event.type === 'step-finished')).toHaveLength(1)
      const delays = mine.filter(event => event.type === 'step-waiting').map(event => event.retryInSeconds)
      expect(delays).toEqual(delays.map((_: unknown, n: number) => interval * backoff ** n))
      const starts = mine.filter(event => event.type === 'step-started')
      expect(starts.map(event => event.attempt)).toEqual(starts.map((_: unknown, n: number) => n + 1))
      for (const event of mine.filter(one => one.type === 'step-waiting'))
        expect(event.exceptionType).toBe(retryOf[faultOf(name) as Fault['kind']])
    }
    expect(pids.filter(pid => isRunning({ pid, started: '' }))).toEqual([])
    const jobs = join(local.folder, 'jobs')
    const marks = existsSync(jobs) ? readdirSync(jobs).filter(job => existsSync(join(jobs, job, 'processes.json'))) : []
    expect(marks).toEqual([])
    const halves = readdirSync(join(local.folder, 's3/.tmp'), { recursive: true, encoding: 'utf8' })
    expect(halves.filter(path => /\/\d+$/.test(path))).toEqual([])
    for (const name of succeeded) {
      const { isTraining } = steps[Number(name.slice(1))] as PlannedStep
      expect(await local.keys(isTraining ? `models/${name}/` : `out/${name}/`)).toHaveLength(1)
    }
  } finally {
    await local.close()
  }
}

/**
 * Lets virtual time pass as soon as somebody waits for less than an hour: retries, hanging jobs, the grace after SIGTERM.
 * Once it jumps, as a clock that is set does. @returns Ends it.
 */
function turnClock(clock: TestClock, jumpHours: number): () => void {
  let jumped = false
  const timer = setInterval(() => {
    // Below zero when the machine's time has passed it between two looks: then it wakes up at once.
    const [soonest] = clock.waiting()
    if (!jumped && soonest !== undefined) {
      jumped = true
      clock.jump(jumpHours * 3_600_000)
    }
    if (soonest !== undefined && soonest < 3_600_000) clock.advance(Math.max(0, soonest + 1))
  }, 20)
  return () => clearInterval(timer)
}
