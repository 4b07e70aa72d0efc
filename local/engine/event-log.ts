import { randomUUID } from 'node:crypto'
import { appendFile, rename, stat } from 'node:fs/promises'
import { LOCAL_ACCOUNT } from './names.ts'
import { type ExecutionRecord, isTerminal, type JournalEvent, type StepRecord } from './record.ts'

/** Writes what EventBridge would be told. */
export interface EventLog {
  readonly see: (record: ExecutionRecord, event: JournalEvent) => void
  /** Waits until everything seen so far has been handed to the system. */
  settled(): Promise<void>
}

/**
 * Appends a line to `file` for every change of an execution's or a step's status, in the form of the service's events.
 *
 * Source: Developer Guide, "Automating SageMaker with Amazon EventBridge": `SageMaker Model Building Pipeline Execution
 * Status Change` and `SageMaker Model Building Pipeline Execution Step Status Change`. What a crash cuts off is not written
 * again: the journals are the record, and this file is for listeners.
 *
 * A file that has grown to 16 MiB is renamed to `<file>.1`, in the place of the one before it: older events are gone.
 *
 * @param onFailure Told once when the file cannot be written; executions go on without it.
 */
export function openEventLog(
  file: string,
  onFailure: (error: unknown) => void,
  { maxBytes = 16 * 1024 * 1024 }: { maxBytes?: number } = {},
): EventLog {
  const earlier = new Map<string, string>()
  /** Undefined until the file is looked at. */
  let bytes: number | undefined
  const ended = new Set<string>()
  let waiting = ''
  let writing: Promise<void> = Promise.resolve()
  let hasFailed = false

  const flush = async (): Promise<void> => {
    const lines = waiting
    waiting = ''
    if (lines === '' || hasFailed) return
    try {
      bytes ??= await sizeOf(file)
      if (bytes > 0 && bytes + lines.length > maxBytes) {
        await rename(file, `${file}.1`)
        bytes = 0
      }
      await appendFile(file, lines)
      bytes += Buffer.byteLength(lines)
    } catch (error) {
      hasFailed = true
      onFailure(error)
    }
  }
  const note = (event: object): void => {
    waiting += `${JSON.stringify(event)}\n`
    writing = writing.then(flush)
  }

  return {
    see: (record, event) => {
      const { id } = record
      if ('step' in event) {
        const step = record.steps.get(event.step)
        // Chosen to run, but not started yet.
        if (step === undefined) return
        const key = `${id}/${event.step}`
        const before = earlier.get(key)
        if (before !== step.status) note(stepEvent(record, step, event, before))
        earlier.set(key, step.status)
        return
      }
      const before = earlier.get(id)
      if (before !== record.status) note(executionEvent(record, event, before))
      earlier.set(id, record.status)
      if (!isTerminal(record.status)) return
      for (const key of record.steps.keys()) earlier.delete(`${id}/${key}`)
      // Of the last ones the status is kept, for those that are retried.
      ended.delete(id)
      ended.add(id)
      for (const other of ended) {
        if (ended.size <= keptStatuses) break
        ended.delete(other)
        earlier.delete(other)
      }
    },
    settled: () => writing,
  }
}

/** Executions whose last status is remembered after their end. */
const keptStatuses = 1000

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}

function envelope(record: ExecutionRecord, at: string, kind: string, detail: object): object {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': `SageMaker Model Building Pipeline Execution ${kind}Status Change`,
    source: 'aws.sagemaker',
    account: LOCAL_ACCOUNT,
    time: seconds(at),
    region: record.region,
    resources: [record.pipelineArn, record.arn],
    detail: { ...detail, pipelineArn: record.pipelineArn, pipelineExecutionArn: record.arn },
  }
}

function executionEvent(record: ExecutionRecord, event: JournalEvent, before: string | undefined): object {
  return envelope(record, event.at, '', {
    pipelineExecutionDisplayName: record.displayName,
    ...(record.description !== undefined && { pipelineExecutionDescription: record.description }),
    currentPipelineExecutionStatus: record.status,
    ...(before !== undefined && { previousPipelineExecutionStatus: before }),
    executionStartTime: seconds(record.createdAt),
    ...(isTerminal(record.status) && { executionEndTime: seconds(event.at) }),
  })
}

function stepEvent(record: ExecutionRecord, step: StepRecord, event: JournalEvent, before: string | undefined): object {
  const { result } = step
  return envelope(record, event.at, 'Step ', {
    metadata: camel(step.metadata),
    stepStartTime: seconds(step.startTime),
    ...(step.endTime !== undefined && { stepEndTime: seconds(step.endTime) }),
    stepName: step.name,
    stepType: step.type,
    ...(before !== undefined && { previousStepStatus: before }),
    currentStepStatus: step.status,
    ...(result?.cacheSource !== undefined && {
      cacheHitResult: { sourcePipelineExecutionArn: result.cacheSource },
    }),
    ...(result?.failureReason !== undefined && { failureReason: result.failureReason }),
  })
}

/** Events spell `ProcessingJob.Arn` as `processingJob.arn`. */
function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, member]) => [
    name.charAt(0).toLowerCase() + name.slice(1),
    camel(member),
  ])
  return Object.fromEntries(entries)
}

/** Events have no fractions of a second. */
const seconds = (iso: string): string => iso.replace(/\.\d+Z$/, 'Z')
