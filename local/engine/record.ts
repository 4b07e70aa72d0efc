import type { CacheKey } from './cache-key.ts'

/** What the engine knows of an execution: a fold of its journal's events, live and after a restart alike. */

export type ExecutionStatus = 'Executing' | 'Stopping' | 'Stopped' | 'Failed' | 'Succeeded'
export type StepStatus = 'Starting' | 'Executing' | 'Stopping' | 'Stopped' | 'Failed' | 'Succeeded'

/** Members of `PipelineExecutionStepMetadata`. */
export type StepMetadata = Readonly<Record<string, unknown>>

export interface SelectiveExecution {
  readonly SourcePipelineExecutionArn?: string
  readonly SelectedSteps: readonly { readonly StepName: string }[]
}

export interface ExecutionStart {
  readonly arn: string
  readonly pipelineArn: string
  readonly pipelineName: string
  readonly pipelineVersion: number
  readonly region: string
  /** The pipeline's role: of jobs whose request names none. */
  readonly roleArn: string
  readonly displayName: string
  readonly description?: string
  readonly clientToken?: string
  /** Defaults merged with overrides, as texts. */
  readonly parameters: readonly { readonly Name: string; readonly Value: string }[]
  readonly maxParallelSteps?: number
  readonly selective?: SelectiveExecution
  readonly experiment?: Readonly<Record<string, unknown>>
}

/** A line of `journal.jsonl`. Times are ISO 8601 in UTC. */
export type JournalEvent =
  | ({ readonly type: 'execution-started'; readonly at: string } & ExecutionStart)
  | {
      readonly type: 'execution-status'
      readonly at: string
      readonly status: ExecutionStatus
      readonly failureReason?: string
    }
  | {
      readonly type: 'execution-updated'
      readonly at: string
      readonly displayName?: string
      readonly description?: string
      readonly maxParallelSteps?: number
    }
  | { readonly type: 'execution-retried'; readonly at: string; readonly maxParallelSteps?: number }
  | { readonly type: 'execution-resumed'; readonly at: string }
  /** The service would have started the step; here it waits for a place among the engine's jobs. */
  | { readonly type: 'step-queued'; readonly at: string; readonly step: string }
  | {
      readonly type: 'step-started'
      readonly at: string
      readonly step: string
      readonly stepType: string
      readonly attempt: number
      readonly jobName: string
    }
  | { readonly type: 'step-executing'; readonly at: string; readonly step: string; readonly metadata: StepMetadata }
  | { readonly type: 'step-stopping'; readonly at: string; readonly step: string }
  | {
      readonly type: 'step-waiting'
      readonly at: string
      readonly step: string
      readonly failureReason: string
      readonly exceptionType: string
      readonly retryInSeconds: number
    }
  | ({ readonly type: 'step-finished'; readonly at: string; readonly step: string } & StepResult)

/** How a step ended. */
export interface StepResult {
  readonly status: 'Stopped' | 'Failed' | 'Succeeded'
  readonly metadata: StepMetadata
  /** What `Steps.<name>.<path>` reads; only of a succeeded step. */
  readonly properties?: unknown
  /** The side that a Condition step took. */
  readonly branch?: 'if' | 'else'
  readonly failureReason?: string
  /** The execution whose result was taken over, from the cache. */
  readonly cacheSource?: string
  /** The execution whose result was taken over, by selective execution. */
  readonly selectedSource?: string
  /** What the cache knows of the run. */
  readonly cache?: CacheFacts
}

/** The cache's side of a step's result. */
export interface CacheFacts {
  readonly key: CacheKey
  /** Digest of the contents of the inputs; only of steps with caching. */
  readonly inputs?: string
  /** Why the cache gave something or nothing. */
  readonly explanation: string
}

export interface StepRecord {
  readonly name: string
  readonly type: string
  /** Grows with every start; the order of the list of steps. */
  readonly sequence: number
  readonly startTime: string
  readonly endTime?: string
  readonly status: StepStatus
  readonly attempt: number
  readonly jobName: string
  readonly metadata: StepMetadata
  readonly result?: StepResult
}

export interface ExecutionRecord extends ExecutionStart {
  readonly id: string
  readonly status: ExecutionStatus
  readonly failureReason?: string
  readonly createdAt: string
  readonly modifiedAt: string
  readonly steps: ReadonlyMap<string, StepRecord>
  /** Steps that wait for a place among the engine's jobs: they are not listed, but they run although another one fails. */
  readonly queued: ReadonlySet<string>
  /** Steps started so far, for {@link StepRecord.sequence}. */
  readonly started: number
  /** How often the execution was retried as a whole. */
  readonly retries: number
}

type Apply<E> = (record: ExecutionRecord, event: E) => ExecutionRecord
type EventOf<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>

/** One entry per event type. */
const appliers = {
  'execution-started': record => record,
  'execution-status': (record, { status, failureReason }) => {
    const { failureReason: _, ...rest } = record
    return { ...rest, status, ...(failureReason === undefined ? {} : { failureReason }) }
  },
  'execution-updated': (record, { type: _type, at: _at, ...changes }) => ({ ...record, ...changes }),
  'execution-retried': (record, { maxParallelSteps }) => ({
    ...withoutFailure(record),
    status: 'Executing',
    retries: record.retries + 1,
    ...(maxParallelSteps === undefined ? {} : { maxParallelSteps }),
    steps: new Map([...record.steps].filter(([, step]) => step.status === 'Succeeded')),
    queued: new Set(),
  }),
  'execution-resumed': record => record,
  'step-queued': (record, { step }) => {
    ;(record.queued as Set<string>).add(step)
    return record
  },
  'step-started': (record, { at, step, stepType, attempt, jobName }) => {
    const earlier = record.steps.get(step)
    // A later attempt, or a start again after a crash, keeps its row.
    const first = earlier !== undefined && earlier.result === undefined ? earlier : undefined
    const sequence = first?.sequence ?? record.started
    const started: StepRecord = {
      name: step,
      type: stepType,
      sequence,
      startTime: first?.startTime ?? at,
      status: 'Starting',
      attempt,
      jobName,
      metadata: {},
    }
    ;(record.queued as Set<string>).delete(step)
    return { ...withStep(record, started), started: Math.max(record.started, sequence + 1) }
  },
  'step-executing': (record, { step, metadata }) => change(record, step, { status: 'Executing', metadata }),
  'step-stopping': (record, { step }) => change(record, step, { status: 'Stopping' }),
  'step-waiting': (record, { step }) => change(record, step, { status: 'Starting', metadata: {} }),
  'step-finished': (record, { type: _type, at, step, ...result }) =>
    change(record, step, { status: result.status, endTime: at, metadata: result.metadata, result }),
} satisfies { [T in JournalEvent['type']]: Apply<EventOf<T>> }

/** The record after one more event. The first event of a journal makes the record. */
export function applyEvent(record: ExecutionRecord | undefined, event: JournalEvent): ExecutionRecord {
  if (event.type === 'execution-started') {
    const { type: _, at, ...start } = event
    const id = start.arn.slice(start.arn.lastIndexOf('/') + 1)
    return {
      ...start,
      id,
      status: 'Executing',
      createdAt: at,
      modifiedAt: at,
      steps: new Map(),
      queued: new Set(),
      started: 0,
      retries: 0,
    }
  }
  if (record === undefined)
    throw new Error(`The journal does not begin with the start of the execution but with ${event.type}`)
  return { ...(appliers[event.type] as Apply<JournalEvent>)(record, event), modifiedAt: event.at }
}

function withoutFailure(record: ExecutionRecord): ExecutionRecord {
  const { failureReason: _, ...rest } = record
  return rest
}

/** The map is the record's own and only grows or changes in place: copying it for every event would be quadratic. */
function withStep(record: ExecutionRecord, step: StepRecord): ExecutionRecord {
  ;(record.steps as Map<string, StepRecord>).set(step.name, step)
  return record
}

function change(record: ExecutionRecord, name: string, changes: Partial<StepRecord>): ExecutionRecord {
  const step = record.steps.get(name)
  if (step === undefined) throw new Error(`The journal changes step ${name} before it starts it`)
  return withStep(record, { ...step, ...changes })
}

export const isTerminal = (status: ExecutionStatus): boolean => status !== 'Executing' && status !== 'Stopping'
