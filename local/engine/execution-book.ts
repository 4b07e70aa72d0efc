import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pLimit from 'p-limit'
import type { PipelineDefinition } from '../../schemas/definition.ts'
import type { JobWorld } from '../jobs/job-runner.ts'
import { ServiceError } from '../service-error.ts'
import { syncPath } from '../storage/sync-path.ts'
import { readIfThere, readJson, writeJson, writeWhole } from './durable-file.ts'
import type { JobSlots } from './job-slots.ts'
import { type Journal, openJournal, readJournal } from './journal.ts'
import { executionIdOf } from './names.ts'
import {
  applyEvent,
  type ExecutionRecord,
  type ExecutionStart,
  type ExecutionStatus,
  isTerminal,
  type JournalEvent,
  type CacheFacts,
  type StepResult,
} from './record.ts'
import type { EarlierRun } from './step-cache.ts'
import { type ExecutionRun, runExecution } from './run-execution.ts'

/** What lists of executions show; kept for every execution, also when its journal is not in memory. */
export interface ExecutionSummary {
  readonly id: string
  readonly arn: string
  readonly pipelineName: string
  readonly pipelineVersion: number
  readonly status: ExecutionStatus
  readonly displayName: string
  readonly description?: string
  readonly failureReason?: string
  readonly createdAt: string
  readonly modifiedAt: string
  readonly clientToken?: string
  /** What the cache may take over: succeeded steps that really ran, by name. */
  readonly cached?: Readonly<Record<string, { readonly endTime: string; readonly facts: CacheFacts }>>
}

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
  onEvent(listener: (record: ExecutionRecord, event: JournalEvent) => void): () => void
  /** Stops what runs and waits for it. */
  close(): Promise<void>
}

interface Live {
  record: ExecutionRecord
  readonly journal: Journal<JournalEvent>
  run: ExecutionRun | undefined
  /** False once the journal could not be written: then it must be read again by a later engine. */
  isRecorded: boolean
}

/** Finished executions whose journals stay in memory, the last ones that were asked for. */
const remembered = 64

/** Summaries that are read at the same time when the engine opens. */
const parallelReads = 32

/** @param observers Listeners from the beginning on: they also see executions that are taken up again. */
export async function openExecutionBook(
  folder: string,
  world: JobWorld,
  slots: (record: ExecutionRecord) => JobSlots | undefined,
  observers: readonly ((record: ExecutionRecord, event: JournalEvent) => void)[] = [],
): Promise<ExecutionBook> {
  await mkdir(folder, { recursive: true })
  const summaries = new Map<string, Map<string, ExecutionSummary>>()
  const live = new Map<string, Live>()
  const finished = new Map<string, ExecutionRecord>()
  const listeners = new Set(observers)
  const fileOf = (id: string, name: string): string => join(folder, id, name)

  const note = (record: ExecutionRecord): void => {
    const known = summaries.get(record.pipelineName) ?? new Map<string, ExecutionSummary>()
    summaries.set(record.pipelineName, known.set(record.id, summaryOf(record)))
  }
  const emitTo =
    (id: string) =>
    (event: JournalEvent): void => {
      const entry = live.get(id) as Live
      entry.journal.append(event)
      entry.record = applyEvent(entry.record, event)
      if (!event.type.startsWith('step-')) note(entry.record)
      for (const listener of listeners) listener(entry.record, event)
    }
  const giveUp =
    (id: string) =>
    (failureReason: string): void => {
      const entry = live.get(id) as Live
      const event: JournalEvent = { type: 'execution-status', at: at(), status: 'Failed', failureReason }
      try {
        emitTo(id)(event)
      } catch {
        // The journal is what failed. Whoever asks now sees the reason; a restarted engine goes on from the last whole line.
        entry.isRecorded = false
        entry.record = applyEvent(entry.record, event)
        note(entry.record)
      }
    }
  const remember = (record: ExecutionRecord): void => {
    finished.delete(record.id)
    finished.set(record.id, record)
    for (const [id] of finished) {
      if (finished.size <= remembered) break
      finished.delete(id)
    }
  }
  const launch = async (id: string): Promise<void> => {
    const entry = live.get(id) as Live
    const document = JSON.parse(await definition(id)) as PipelineDefinition
    const run = runExecution({
      document,
      record: () => entry.record,
      emit: emitTo(id),
      giveUp: giveUp(id),
      earlierRuns: earlierRuns(entry.record.pipelineName),
      world,
      slots,
    })
    entry.run = run
    run.done.then(() => retire(id)).catch(() => {})
  }
  const earlierRuns =
    (pipelineName: string) =>
    (step: string): EarlierRun[] => {
      const runs: EarlierRun[] = []
      for (const summary of summaries.get(pipelineName)?.values() ?? []) {
        const running = live.get(summary.id)
        const cached = (running === undefined ? summary.cached : cachedOf(running.record))?.[step]
        if (cached === undefined) continue
        const result = async (): Promise<StepResult | undefined> => (await find(summary.arn))?.steps.get(step)?.result
        runs.push({ executionArn: summary.arn, result, ...cached })
      }
      return runs.sort((a, b) => b.endTime.localeCompare(a.endTime))
    }
  const retiring = new Map<string, Promise<void>>()
  const retire = (id: string): Promise<void> => {
    const work = (async () => {
      const entry = live.get(id) as Live
      try {
        await entry.journal.close()
        // The summary only spares reading the journal when the engine opens: one that cannot be written is no loss.
        if (entry.isRecorded)
          await writeJson(fileOf(id, 'summary.json'), summaryOf(entry.record), { flush: false }).catch(() => {})
      } finally {
        remember(entry.record)
        live.delete(id)
        retiring.delete(id)
      }
    })()
    retiring.set(id, work)
    return work
  }
  const definition = async (id: string): Promise<string> => {
    const text = await readIfThere(fileOf(id, 'definition.json'))
    if (text === undefined) throw new Error(`${fileOf(id, 'definition.json')} is missing`)
    return text
  }
  const find = async (arn: string): Promise<ExecutionRecord | undefined> => {
    const id = executionIdOf(arn)
    if (id === undefined) return undefined
    const known = live.get(id)?.record ?? finished.get(id)
    if (known !== undefined) return known.arn === arn ? known : undefined
    if (![...summaries.values()].some(of => of.get(id)?.arn === arn)) return undefined
    const record = replay(fileOf(id, 'journal.jsonl'))
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
    await retiring.get(record.id)
    if (live.has(record.id))
      throw new ServiceError(
        'ConflictException',
        `Pipeline execution with ARN ${record.arn} is being changed by another request.`,
      )
    live.set(record.id, {
      record,
      journal: openJournal<JournalEvent>(fileOf(record.id, 'journal.jsonl')),
      run: undefined,
      isRecorded: true,
    })
    finished.delete(record.id)
    await rm(fileOf(record.id, 'summary.json'), { force: true })
  }
  const at = (): string => world.clock.now().toISOString()

  const book: ExecutionBook = {
    find,
    definition,
    of: name => [...(summaries.get(name)?.values() ?? [])],
    withToken: (name, token) =>
      [...(summaries.get(name)?.values() ?? [])].find(summary => summary.clientToken === token),
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
      const journal = openJournal<JournalEvent>(fileOf(id, 'journal.jsonl'))
      const event: JournalEvent = { type: 'execution-started', at: at(), ...start }
      journal.append(event)
      live.set(id, { record: applyEvent(undefined, event), journal, run: undefined, isRecorded: true })
      const { record } = live.get(id) as Live
      note(record)
      for (const listener of listeners) listener(record, event)
      for (const more of first) emitTo(id)(more)
      // The answer is a promise: the journal, its name and its folder's name are on the disk by then.
      await Promise.all([journal.durable(), syncPath(join(folder, id)), syncPath(folder)])
      await launch(id)
      return (live.get(id) as Live).record
    },
    stop: async arn => {
      const record = await mustFind(arn)
      const entry = live.get(record.id)
      if (entry?.run === undefined || isTerminal(entry.record.status)) {
        throw new ServiceError(
          'ValidationException',
          `Pipeline execution with ARN ${arn} is ${record.status} and cannot be stopped; only an execution that is Executing can.`,
        )
      }
      if (entry.record.status !== 'Executing') return
      emitTo(record.id)({ type: 'execution-status', at: at(), status: 'Stopping' })
      entry.run.stop()
    },
    retry: async (arn, maxParallelSteps) => {
      const record = await mustFind(arn)
      checkRetry(record)
      await reopen(record)
      emitTo(record.id)({
        type: 'execution-retried',
        at: at(),
        ...(maxParallelSteps === undefined ? {} : { maxParallelSteps }),
      })
      await launch(record.id)
    },
    update: async (arn, changes) => {
      const record = await mustFind(arn)
      await retiring.get(record.id)
      const entry = live.get(record.id)
      if (entry === undefined) await reopen(record)
      emitTo(record.id)({ type: 'execution-updated', at: at(), ...changes })
      if (entry === undefined) await retire(record.id)
      else entry.run?.wake()
    },
    remove: async name => {
      for (const { id } of book.of(name)) {
        await retiring.get(id)
        finished.delete(id)
        await rm(join(folder, id), { recursive: true, force: true })
      }
      summaries.delete(name)
    },
    close: async () => {
      for (const [id, entry] of live) {
        if (entry.record.status === 'Executing') emitTo(id)({ type: 'execution-status', at: at(), status: 'Stopping' })
        entry.run?.stop()
      }
      await Promise.all([...live.values()].map(entry => entry.run?.done))
      await Promise.all(retiring.values())
    },
  }

  const unfinished: ExecutionRecord[] = []
  const limit = pLimit(parallelReads)
  const ids = await readdir(folder)
  const stored = await Promise.all(ids.map(id => limit(() => readJson<ExecutionSummary>(fileOf(id, 'summary.json')))))
  for (const [index, id] of ids.entries()) {
    const summary = stored[index]
    if (summary !== undefined) {
      const known = summaries.get(summary.pipelineName) ?? new Map<string, ExecutionSummary>()
      summaries.set(summary.pipelineName, known.set(id, summary))
      continue
    }
    const record = replay(fileOf(id, 'journal.jsonl'))
    // A folder without a first line: the process died before the start was answered.
    if (record === undefined) continue
    note(record)
    if (isTerminal(record.status)) remember(record)
    else unfinished.push(record)
  }
  for (const [name, of] of summaries) {
    summaries.set(
      name,
      new Map([...of].sort(([, a], [, b]) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id))),
    )
  }
  for (const record of unfinished) await takeUp(record)
  return book

  /** Goes on with an execution whose engine died, or closes its record, as the switch says. */
  async function takeUp(record: ExecutionRecord): Promise<void> {
    await reopen(record)
    const emit = emitTo(record.id)
    if (world.switches.interrupted === 'resume' && record.status === 'Executing') {
      emit({ type: 'execution-resumed', at: at() })
      await launch(record.id)
      return
    }
    for (const step of record.steps.values()) {
      if (step.result === undefined)
        emit({ type: 'step-finished', at: at(), step: step.name, status: 'Stopped', metadata: step.metadata })
    }
    if (record.status === 'Stopping') emit({ type: 'execution-status', at: at(), status: 'Stopped' })
    else
      emit({
        type: 'execution-status',
        at: at(),
        status: 'Failed',
        failureReason: 'The local SageMaker ended while the execution ran. Retry the execution to go on where it was.',
      })
    await retire(record.id)
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

function replay(file: string): ExecutionRecord | undefined {
  let events: JournalEvent[]
  try {
    events = readJournal<JournalEvent>(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  return events.reduce<ExecutionRecord | undefined>(applyEvent, undefined)
}

function summaryOf(record: ExecutionRecord): ExecutionSummary {
  const {
    id,
    arn,
    pipelineName,
    pipelineVersion,
    status,
    displayName,
    description,
    failureReason,
    createdAt,
    modifiedAt,
    clientToken,
  } = record
  return {
    id,
    arn,
    pipelineName,
    pipelineVersion,
    status,
    displayName,
    createdAt,
    modifiedAt,
    ...(description === undefined ? {} : { description }),
    ...(failureReason === undefined ? {} : { failureReason }),
    ...(clientToken === undefined ? {} : { clientToken }),
    ...(isTerminal(status) ? { cached: cachedOf(record) } : {}),
  }
}

/** A result that was itself taken over is not a run. */
function cachedOf(record: ExecutionRecord): NonNullable<ExecutionSummary['cached']> {
  const found = [...record.steps.values()].flatMap(({ name, status, endTime, result }) =>
    status === 'Succeeded' && endTime !== undefined && result?.cache !== undefined && result.cacheSource === undefined
      ? [[name, { endTime, facts: result.cache }] as const]
      : [],
  )
  return Object.fromEntries(found)
}
