import { stepKind } from '../../pipeline/definition/index.ts'
import type { Step } from '../../schemas/definition.ts'
import { MAX_FAILURE_REASON } from '../jobs/job-end.ts'
import type { AttemptResult, JobWorld, StepRun } from '../jobs/job-runner.ts'
import { runnerOf } from '../jobs/job-runners.ts'
import { EvaluationError, evaluate } from './evaluate.ts'
import type { ScopeFor } from './execution-scope.ts'
import { jobName } from './names.ts'
import type { ExecutionRecord, JournalEvent, StepResult } from './record.ts'
import { retryDelaySeconds } from './retry-policy.ts'
import { askCache, type EarlierRun } from './step-cache.ts'

/** What a step of a running execution works with. */
export interface StepContext {
  readonly world: JobWorld
  readonly scope: ScopeFor
  readonly record: () => ExecutionRecord
  readonly emit: (event: JournalEvent) => void
  /** A place among the engine's jobs; undefined once the execution is being stopped. */
  readonly takeJobSlot: () => Promise<(() => void) | undefined>
  /** Successful runs of a step in executions of the pipeline, newest first. */
  readonly earlierRuns: (step: string) => readonly EarlierRun[]
  /** Aborted when the execution is being stopped. */
  readonly signal: AbortSignal
}

/** Takes a step from its start to its end, with as many attempts as its retry policies give it. */
export async function runStep(step: Step, context: StepContext): Promise<StepResult> {
  const now = (): string => context.world.clock.now().toISOString()
  // After a crash the attempt that was under way is made once more, under its old name.
  const interrupted = unfinished(context.record(), step.Name)
  const begun = context.world.clock.now().getTime()
  let name = interrupted?.jobName
  const onStop = (): void => context.emit({ type: 'step-stopping', at: now(), step: step.Name })
  for (let attempt = interrupted?.attempt ?? 1; ; attempt++) {
    name ??= await newName(step, attempt, context)
    context.emit({ type: 'step-started', at: now(), step: step.Name, stepType: step.Type, attempt, jobName: name })
    context.signal.addEventListener('abort', onStop, { once: true })
    const { exceptionType, ...result } = await attemptStep(step, name, context).finally(() =>
      context.signal.removeEventListener('abort', onStop),
    )
    const elapsed = (context.world.clock.now().getTime() - begun) / 1000
    const delay =
      result.status === 'Failed' && !context.signal.aborted
        ? retryDelaySeconds(step, exceptionType, attempt, elapsed)
        : undefined
    if (delay === undefined) {
      context.emit({ type: 'step-finished', at: now(), step: step.Name, ...result })
      return result
    }
    context.emit({
      type: 'step-waiting',
      at: now(),
      step: step.Name,
      failureReason: result.failureReason ?? '',
      exceptionType: exceptionType ?? '',
      retryInSeconds: delay,
    })
    await context.world.clock.sleep(delay * 1000, context.signal)
    if (context.signal.aborted) {
      const stopped: StepResult = { status: 'Stopped', metadata: {} }
      context.emit({ type: 'step-finished', at: now(), step: step.Name, ...stopped })
      return stopped
    }
    name = undefined
  }
}

async function attemptStep(step: Step, name: string, context: StepContext): Promise<AttemptResult> {
  const runner = runnerOf(step.Type)
  const scope = context.scope(name)
  try {
    const given = step.Arguments as Record<string, unknown>
    const request = runner.evaluatesArguments ? ((await evaluate(given, scope)) as Record<string, unknown>) : given
    const answer = await askCache({
      step,
      request,
      earlier: () => context.earlierRuns(step.Name),
      now: context.world.clock.now(),
      store: context.world.store,
    })
    const facts = answer === undefined ? {} : { cache: answer.facts }
    if (answer?.hit !== undefined) return { ...answer.hit, ...facts }
    const run: StepRun = {
      step,
      arguments: request,
      scope,
      execution: context.record(),
      jobName: name,
      signal: context.signal,
      executing: metadata =>
        context.emit({
          type: 'step-executing',
          at: context.world.clock.now().toISOString(),
          step: step.Name,
          metadata,
        }),
      takeJobSlot: context.takeJobSlot,
      world: context.world,
    }
    return { ...(await runner.run(run)), ...facts }
  } catch (error) {
    // The scheduler must go on whatever happens in a step: the record says what it was.
    const text = error instanceof Error ? error.message : String(error)
    const reason = error instanceof EvaluationError ? text : `InternalServerError: ${text}`
    return { status: 'Failed', metadata: {}, failureReason: reason.slice(0, MAX_FAILURE_REASON) }
  }
}

const unfinished = (record: ExecutionRecord, name: string): { attempt: number; jobName: string } | undefined => {
  const step = record.steps.get(name)
  return step !== undefined && step.result === undefined ? step : undefined
}

/** Longest name of what the step makes; other names may have 63 characters. */
const nameLimits: Readonly<Record<string, number>> = { Tuning: 32, AutoML: 32 }

async function newName(step: Step, attempt: number, context: StepContext): Promise<string> {
  const { id, retries } = context.record()
  return jobName({
    executionId: id,
    step: step.Name,
    attempt: `${retries}/${attempt}`,
    prefix: await namePrefix(step, context),
    ...(nameLimits[step.Type] === undefined ? {} : { limit: nameLimits[step.Type] as number }),
  })
}

/** The name member that a custom prefix is given in. One that has no value leaves the failure to the arguments' evaluation. */
async function namePrefix(step: Step, context: StepContext): Promise<string | undefined> {
  const member = stepKind(step.Type)?.nameMember
  if (member === undefined || step.Type === 'RegisterModel') return undefined
  try {
    const prefix = await evaluate((step.Arguments as Record<string, unknown>)[member], context.scope(''))
    return typeof prefix === 'string' && /^[A-Za-z0-9-]+$/.test(prefix) ? prefix : undefined
  } catch {
    return undefined
  }
}
