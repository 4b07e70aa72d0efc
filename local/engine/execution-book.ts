import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobWorld } from '../jobs/job-runner.ts'
import { ServiceError } from '../service-error.ts'
import { syncPath } from '../storage/sync-path.ts'
import { readIfThere, writeWhole } from './durable-file.ts'
import { cachedOf, createSummaryBook, type ExecutionSummary, summaryOf } from './execution-summary.ts'
import { closingEvents } from './interrupted-execution.ts'
import type { JobSlots } from './job-slots.ts'
import { createLiveExecutions, fileIn } from './live-executions.ts'
import { executionIdOf } from './names.ts'
import { type ExecutionRecord, type ExecutionStart, isTerminal, type JournalEvent, type StepResult } from './record.ts'
import type { EarlierRun } from './step-cache.ts'
import { readStoredExecutions, replayExecution } from './stored-executions.ts'
import type { Switches } from './switches.ts'

/** The executions of a state folder: `<folder>/<id>/journal.jsonl`, `definition.json`, and `summary.json` of a finished one. */
export interface ExecutionBook {
  start(start: ExecutionStart, definition: string, first?: readonly JournalEvent[]): Promise<ExecutionRecord>
  /** By ARN. */
  find(arn: string): Promise<ExecutionRecord | undefined>
  definition(id: string): Promise<string>
  /** Of a pipeline, oldest first. */
  of(pipelineName: string): readonly ExecutionSummary[]
  withToken(pipelineName: string, token: string): ExecutionSummary | undefined
  stop(arn: string): Promise<void>
  retry(arn: string, maxParallelSteps: number | undefined): Promise<void>
  update(arn: string, changes: { displayName?: string; description?: string; maxParallelSteps?: number }): Promise<void>
  /** Takes the executions of a pipeline away; they must have ended. */
  remove(pipelineName: string): Promise<void>
  /** Sees every event after it was recorded. @returns Ends it. */
  onEvent(listener: EventListener): () => void
  /** Stops what runs and waits for it. */
  close(): Promise<void>
}

type EventListener = (record: ExecutionRecord, event: JournalEvent) => void

/** Finished executions whose journals stay in memory, the last ones that were asked for. */
const remembered = 64

/**
 * @param observers Listeners from the beginning on: they also see executions that are taken up again.
 * @param interrupted What becomes of executions whose engine died; `leave` only shows them.
 */
export async function openExecutionBook(
  folder: string,
  world: JobWorld,
  slots: (record: ExecutionRecord) => JobSlots | undefined,
  observers: readonly EventListener[] = [],
  interrupted: Switches['interrupted'] | 'leave' = world.switches.interrupted,
): Promise<ExecutionBook> {
  await mkdir(folder, { recursive: true })
  const fileOf = fileIn(folder)
  const stored = await readStoredExecutions(folder, fileOf)
  const summaries = createSummaryBook([...stored.summaries, ...stored.records.map(summaryOf)])
  const finished = new Map<string, ExecutionRecord>()
  const listeners = new Set(observers)
  const at = (): string => world.clock.now().toISOString()

  const remember = (record: ExecutionRecord): void => {
    finished.delete(record.id)
    finished.set(record.id, record)
    for (const [id] of finished) {
      if (finished.size <= remembered) break
      finished.delete(id)
    }
  }
  const definition = async (id: string): Promise<string> => {
    const text = await readIfThere(fileOf(id, 'definition.json'))
    if (text === undefined) throw new Error(`${fileOf(id, 'definition.json')} is missing`)
    return text
  }
  const earlierRuns =
    (pipelineName: string) =>
    (step: string): EarlierRun[] => {
      const runs: EarlierRun[] = []
      for (const summary of summaries.of(pipelineName)) {
        const running = live.record(summary.id)
        const cached = (running === undefined ? summary.cached : cachedOf(running))?.[step]
        if (cached === undefined) continue
        const result = async (): Promise<StepResult | undefined> => (await find(summary.arn))?.steps.get(step)?.result
        runs.push({ executionArn: summary.arn, result, ...cached })
      }
      return runs.sort((a, b) => b.endTime.localeCompare(a.endTime))
    }
  const live = createLiveExecutions({
    world,
    fileOf,
    slots,
    definition,
    earlierRuns,
    onChange: record => summaries.put(summaryOf(record)),
    onEvent: (record, event) => {
      for (const listener of listeners) listener(record, event)
    },
    onRetired: remember,
  })
  const find = async (arn: string): Promise<ExecutionRecord | undefined> => {
    const id = executionIdOf(arn)
    if (id === undefined) return undefined
    const known = live.record(id) ?? finished.get(id)
    if (known !== undefined) return known.arn === arn ? known : undefined
    if (!summaries.has(id, arn)) return undefined
    const record = replayExecution(fileOf(id, 'journal.jsonl'))
    if (record !== undefined) remember(record)
    return record
  }
  const mustFind = async (arn: string): Promise<ExecutionRecord> => {
    const record = await find(arn)
    if (record === undefined)
      throw new ServiceError('ResourceNotFound', `Pipeline execution with ARN ${arn} does not exist.`)
    return record
  }
  const reopen = async (record: ExecutionRecord): Promise<void> => {
    await live.reopen(record)
    finished.delete(record.id)
  }

  const book: ExecutionBook = {
    find,
    definition,
    of: summaries.of,
    withToken: summaries.withToken,
    onEvent: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    start: async (start, text, first = []) => {
      const id = executionIdOf(start.arn) as string
      await writeWhole(fileOf(id, 'definition.json'), text).catch(async (error: unknown) => {
        await rm(join(folder, id), { recursive: true, force: true }).catch(() => {})
        throw error
      })
      live.begin(id, { type: 'execution-started', at: at(), ...start })
      for (const event of first) live.emit(id, event)
      // The answer is a promise: the journal, its name and its folder's name are on the disk by then.
      await Promise.all([live.durable(id), syncPath(join(folder, id)), syncPath(folder)])
      await live.launch(id)
      return live.record(id) as ExecutionRecord
    },
    stop: async arn => {
      const record = await mustFind(arn)
      const run = live.run(record.id)
      const status = (live.record(record.id) ?? record).status
      if (run === undefined || isTerminal(status)) {
        throw new ServiceError(
          'ValidationException',
          `Pipeline execution with ARN ${arn} is ${record.status} and cannot be stopped; only an execution that is Executing can.`,
        )
      }
      if (status !== 'Executing') return
      live.emit(record.id, { type: 'execution-status', at: at(), status: 'Stopping' })
      run.stop()
    },
    retry: async (arn, maxParallelSteps) => {
      const record = await mustFind(arn)
      checkRetry(record)
      await reopen(record)
      const limit = maxParallelSteps === undefined ? {} : { maxParallelSteps }
      live.emit(record.id, { type: 'execution-retried', at: at(), ...limit })
      await live.launch(record.id)
    },
    update: async (arn, changes) => {
      const record = await mustFind(arn)
      await live.retired(record.id)
      const isOpen = live.record(record.id) !== undefined
      if (!isOpen) await reopen(record)
      live.emit(record.id, { type: 'execution-updated', at: at(), ...changes })
      if (!isOpen) await live.retire(record.id)
      else live.run(record.id)?.wake()
    },
    remove: async name => {
      for (const { id } of book.of(name)) {
        await live.retired(id)
        finished.delete(id)
        await rm(join(folder, id), { recursive: true, force: true })
      }
      summaries.remove(name)
    },
    close: async () => {
      const ids = live.ids()
      for (const id of ids) {
        if (live.record(id)?.status === 'Executing')
          live.emit(id, { type: 'execution-status', at: at(), status: 'Stopping' })
        live.run(id)?.stop()
      }
      await Promise.all(ids.map(id => live.run(id)?.done))
      await Promise.all(ids.map(live.retired))
    },
  }

  for (const record of stored.records) {
    if (isTerminal(record.status)) remember(record)
    else await takeUp(record)
  }
  return book

  /** Goes on with an execution whose engine died, closes its record or leaves it as it is, as the switch says. */
  async function takeUp(record: ExecutionRecord): Promise<void> {
    if (interrupted === 'leave') return
    await reopen(record)
    if (interrupted === 'resume' && record.status === 'Executing') {
      live.emit(record.id, { type: 'execution-resumed', at: at() })
      await live.launch(record.id)
      return
    }
    for (const event of closingEvents(record, at())) live.emit(record.id, event)
    await live.retire(record.id)
  }
}

function checkRetry(record: ExecutionRecord): void {
  const refuse = (why: string): ServiceError =>
    new ServiceError('ValidationException', `Pipeline execution with ARN ${record.arn} cannot be retried: ${why}`)
  if (record.status !== 'Failed' && record.status !== 'Stopped')
    throw refuse(`it is ${record.status}; only a Failed or Stopped execution can.`)
  const fail = [...record.steps.values()].find(step => step.type === 'Fail')
  if (fail !== undefined) throw refuse(`it ended with the Fail step ${fail.name}.`)
}
