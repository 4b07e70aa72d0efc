import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { PipelineDefinition } from '../../schemas/definition.ts'
import type { JobWorld } from '../jobs/job-runner.ts'
import { ServiceError } from '../service-error.ts'
import { writeJson } from './durable-file.ts'
import { summaryOf } from './execution-summary.ts'
import type { JobSlots } from './job-slots.ts'
import { type Journal, openJournal } from './journal.ts'
import { applyEvent, type ExecutionRecord, type JournalEvent } from './record.ts'
import { type ExecutionRun, runExecution } from './run-execution.ts'
import type { EarlierRun } from './step-cache.ts'

/** The executions whose journals are open: they run, or are being changed. */
export interface LiveExecutions {
  record(id: string): ExecutionRecord | undefined
  run(id: string): ExecutionRun | undefined
  ids(): readonly string[]
  /** Opens the journal of a new execution with its first event. */
  begin(id: string, event: JournalEvent): void
  /** Opens the journal of an execution that has ended or was interrupted. @throws ServiceError when it is open. */
  reopen(record: ExecutionRecord): Promise<void>
  /** Writes an event to the journal and tells it to everybody. */
  emit(id: string, event: JournalEvent): void
  /** Resolves when the journal is on the disk. */
  durable(id: string): Promise<void>
  /** Starts what there is to run; the execution retires when it has ended. */
  launch(id: string): Promise<void>
  /** Closes the journal. */
  retire(id: string): Promise<void>
  /** Resolves when an execution that retires has done so. */
  retired(id: string): Promise<void>
}

interface Live {
  record: ExecutionRecord
  readonly journal: Journal<JournalEvent>
  run: ExecutionRun | undefined
  /** False once the journal could not be written: then it must be read again by a later engine. */
  isRecorded: boolean
}

export interface LiveOptions {
  readonly world: JobWorld
  readonly fileOf: (id: string, name: string) => string
  readonly slots: (record: ExecutionRecord) => JobSlots | undefined
  readonly definition: (id: string) => Promise<string>
  readonly earlierRuns: (pipelineName: string) => (step: string) => readonly EarlierRun[]
  /** The execution itself has changed, not one of its steps. */
  readonly onChange: (record: ExecutionRecord) => void
  readonly onEvent: (record: ExecutionRecord, event: JournalEvent) => void
  /** The journal is closed; the record is the last one. */
  readonly onRetired: (record: ExecutionRecord) => void
}

export function createLiveExecutions(options: LiveOptions): LiveExecutions {
  const { world, fileOf, onChange, onEvent } = options
  const live = new Map<string, Live>()
  const retiring = new Map<string, Promise<void>>()
  const entryOf = (id: string): Live => live.get(id) as Live
  // A line may tell that a step has stored its objects.
  const open = (id: string): Journal<JournalEvent> =>
    openJournal<JournalEvent>(fileOf(id, 'journal.jsonl'), { before: () => world.store.flush() })

  const emit = (id: string, event: JournalEvent): void => {
    const entry = entryOf(id)
    entry.journal.append(event)
    entry.record = applyEvent(entry.record, event)
    if (!event.type.startsWith('step-')) onChange(entry.record)
    onEvent(entry.record, event)
  }
  const giveUp = (id: string, failureReason: string): void => {
    const entry = entryOf(id)
    const at = world.clock.now().toISOString()
    const event: JournalEvent = { type: 'execution-status', at, status: 'Failed', failureReason }
    try {
      emit(id, event)
    } catch {
      // The journal is what failed. Whoever asks now sees the reason; a restarted engine goes on from the last whole line.
      entry.isRecorded = false
      entry.record = applyEvent(entry.record, event)
      onChange(entry.record)
    }
  }
  const retire = (id: string): Promise<void> => {
    const work = (async () => {
      const entry = entryOf(id)
      try {
        await entry.journal.close()
        // The summary only spares reading the journal when the engine opens: one that cannot be written is no loss.
        if (entry.isRecorded)
          await writeJson(fileOf(id, 'summary.json'), summaryOf(entry.record), { flush: false }).catch(() => {})
      } finally {
        options.onRetired(entry.record)
        live.delete(id)
        retiring.delete(id)
      }
    })()
    retiring.set(id, work)
    return work
  }

  return {
    record: id => live.get(id)?.record,
    run: id => live.get(id)?.run,
    ids: () => [...live.keys()],
    emit,
    retire,
    retired: async id => retiring.get(id),
    durable: id => entryOf(id).journal.durable(),
    begin: (id, event) => {
      const journal = open(id)
      journal.append(event)
      const record = applyEvent(undefined, event)
      live.set(id, { record, journal, run: undefined, isRecorded: true })
      onChange(record)
      onEvent(record, event)
    },
    reopen: async record => {
      await retiring.get(record.id)
      if (live.has(record.id))
        throw new ServiceError(
          'ConflictException',
          `Pipeline execution with ARN ${record.arn} is being changed by another request.`,
        )
      live.set(record.id, { record, journal: open(record.id), run: undefined, isRecorded: true })
      await rm(fileOf(record.id, 'summary.json'), { force: true })
    },
    launch: async id => {
      const entry = entryOf(id)
      const run = runExecution({
        document: JSON.parse(await options.definition(id)) as PipelineDefinition,
        record: () => entry.record,
        emit: event => emit(id, event),
        giveUp: reason => giveUp(id, reason),
        earlierRuns: options.earlierRuns(entry.record.pipelineName),
        world,
        slots: options.slots,
      })
      entry.run = run
      run.done.then(() => retire(id)).catch(() => {})
    },
  }
}

/** Where an execution's files lie. */
export const fileIn =
  (folder: string) =>
  (id: string, name: string): string =>
    join(folder, id, name)
