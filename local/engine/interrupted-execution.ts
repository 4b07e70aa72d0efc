import type { ExecutionRecord, JournalEvent } from './record.ts'

/** What closes the record of an execution whose engine died: its steps are Stopped, and it is Failed unless it was being stopped. */
export function closingEvents(record: ExecutionRecord, at: string): readonly JournalEvent[] {
  const steps = [...record.steps.values()]
    .filter(step => step.result === undefined)
    .map(
      (step): JournalEvent => ({
        type: 'step-finished',
        at,
        step: step.name,
        status: 'Stopped',
        metadata: step.metadata,
      }),
    )
  const end: JournalEvent =
    record.status === 'Stopping'
      ? { type: 'execution-status', at, status: 'Stopped' }
      : {
          type: 'execution-status',
          at,
          status: 'Failed',
          failureReason:
            'The local SageMaker ended while the execution ran. Retry the execution to go on where it was.',
        }
  return [...steps, end]
}
