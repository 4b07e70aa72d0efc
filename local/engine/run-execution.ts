import { setMaxListeners } from 'node:events'
import { buildGraph, topologicalOrder } from '../../pipeline/definition/index.ts'
import type { PipelineDefinition, Step } from '../../schemas/definition.ts'
import type { JobWorld } from '../jobs/job-runner.ts'
import { runnerOf } from '../jobs/job-runners.ts'
import { executionScope } from './execution-scope.ts'
import type { JobSlots } from './job-slots.ts'
import type { ExecutionRecord, JournalEvent, StepResult } from './record.ts'
import { runStep } from './run-step.ts'
import type { EarlierRun } from './step-cache.ts'

/** An execution under way. */
export interface ExecutionRun {
  /** Resolves when the last event has been emitted; never rejects. */
  readonly done: Promise<void>
  /** Starts nothing new and stops what runs. */
  stop(): void
  /** Looks again for steps to start, after the limit was changed. */
  wake(): void
}

export interface ExecutionRunOptions {
  readonly document: PipelineDefinition
  readonly record: () => ExecutionRecord
  readonly emit: (event: JournalEvent) => void
  /** Ends the execution as failed, also when that cannot be recorded any more. */
  readonly giveUp: (failureReason: string) => void
  /** Successful runs of a step in executions of the pipeline, newest first. */
  readonly earlierRuns: (step: string) => readonly EarlierRun[]
  readonly world: JobWorld
  /** Places shared by the executions of the engine; undefined when the execution's own limit is the only one. */
  readonly slots: (record: ExecutionRecord) => JobSlots | undefined
}

/**
 * Runs the steps of an execution that have not succeeded yet: every step as soon as all that it waits for has succeeded and
 * its branch was taken, at most `MaxParallelExecutionSteps` at once, in document order among equals.
 */
export function runExecution(options: ExecutionRunOptions): ExecutionRun {
  const { document, record, emit, world } = options
  const graph = buildGraph(document)
  const scope = executionScope({ document, record, store: world.store, clock: world.clock })
  const waiting = new Map([...graph.predecessors].map(([name, before]) => [name, before.size]))
  const ready: string[] = []
  const active = new Set<string>()
  const stopping = new AbortController()
  /** Aborted when nothing new may start. */
  const halted = new AbortController()
  // Every running step listens.
  setMaxListeners(0, stopping.signal, halted.signal)
  /** Begun by an earlier engine, or waiting there for a place. */
  const interrupted = new Set([
    ...[...record().steps.values()].filter(step => step.result === undefined).map(step => step.name),
    ...record().queued,
  ])
  let failed = [...record().steps.values()].some(step => step.status === 'Failed')
  let broken: unknown
  let settle: () => void = () => {}
  const done = new Promise<void>(resolve => {
    settle = resolve
  })

  const stepNamed = (name: string): Step => graph.steps.get(name)?.step as Step
  /** Tells the steps behind one that it has succeeded. Those of the branch that was not taken never hear of it. */
  const release = (name: string, result: StepResult): void => {
    for (const after of graph.successors.get(name) ?? []) {
      const branch = graph.steps.get(after)?.branches.at(-1)
      if (branch?.condition === name && branch.side !== result.branch) continue
      const left = (waiting.get(after) ?? 0) - 1
      waiting.set(after, left)
      if (left === 0 && !finished(after) && isSelected(after)) ready.push(after)
    }
  }
  const selected = record().selective?.SelectedSteps.map(step => step.StepName)
  const isSelected = (name: string): boolean => selected === undefined || selected.includes(name)
  const finished = (name: string): boolean => record().steps.get(name)?.result !== undefined

  const halt = (): void => {
    halted.abort()
  }
  const onFailure = (): void => {
    failed = true
    if (world.switches.afterFailure === 'finish-running') halt()
  }
  const start = async (name: string): Promise<void> => {
    const step = stepNamed(name)
    const slots = runnerOf(step.Type).takesJobSlot ? options.slots(record()) : undefined
    // The service has started it by now; places are a limit of this machine only. So it runs although another one fails,
    // and the other folds' results are kept.
    const onWait = (): void => {
      // A later engine has to know, or the same failure would let the step run here and not there.
      if (!record().queued.has(name)) emit({ type: 'step-queued', at: world.clock.now().toISOString(), step: name })
    }
    const giveBack = slots === undefined ? () => {} : await slots.take(stopping.signal, onWait)
    if (giveBack === undefined || stopping.signal.aborted) {
      giveBack?.()
      return
    }
    try {
      const result = await runStep(step, {
        world,
        scope,
        record,
        emit,
        signal: stopping.signal,
        earlierRuns: options.earlierRuns,
        takeJobSlot: async () =>
          options.slots(record())?.take(stopping.signal) ?? (stopping.signal.aborted ? undefined : () => {}),
      })
      if (result.status === 'Succeeded') release(name, result)
      else if (result.status === 'Failed') onFailure()
      else halt()
    } finally {
      giveBack()
    }
  }
  const mayStart = (name: string | undefined): boolean =>
    name !== undefined && !(interrupted.has(name) ? stopping : halted).signal.aborted
  const pump = (): void => {
    while (mayStart(ready[0]) && active.size < (record().maxParallelSteps ?? Number.POSITIVE_INFINITY)) {
      const name = ready.shift() as string
      active.add(name)
      start(name)
        .catch(error => {
          // The journal cannot be written, or a defect: what runs is stopped, and the record says why.
          broken ??= error
          halt()
          stopping.abort()
        })
        .finally(() => {
          active.delete(name)
          pump()
        })
    }
    if (active.size === 0) finish()
  }
  let over = false
  const finish = (): void => {
    if (over) return
    over = true
    const at = world.clock.now().toISOString()
    try {
      if (broken !== undefined) throw broken
      if (failed) emit({ type: 'execution-status', at, status: 'Failed', failureReason: stepFailure })
      else if (stopping.signal.aborted) emit({ type: 'execution-status', at, status: 'Stopped' })
      else emit({ type: 'execution-status', at, status: 'Succeeded' })
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      options.giveUp(`The local SageMaker could not go on: ${text}`)
    } finally {
      settle()
    }
  }

  for (const [name, count] of waiting) if (count === 0 && !finished(name) && isSelected(name)) ready.push(name)
  for (const name of topologicalOrder(graph).order) {
    const step = record().steps.get(name)
    if (step?.status === 'Succeeded' && step.result !== undefined) release(name, step.result)
  }
  ready.sort((a, b) => Number(interrupted.has(b)) - Number(interrupted.has(a)))
  if (failed) onFailure()
  // Not within the caller's turn: whoever starts an execution sees it before it has ended.
  setImmediate(pump)

  return {
    done,
    stop: () => {
      halt()
      stopping.abort()
      setImmediate(pump)
    },
    wake: () => setImmediate(pump),
  }
}

/** Source: SageMaker Python SDK, integration test of FailStep. */
const stepFailure = 'Step failure: One or multiple steps failed.'
