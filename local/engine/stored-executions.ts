import { readdir } from 'node:fs/promises'
import pLimit from 'p-limit'
import { readJson } from './durable-file.ts'
import type { ExecutionSummary } from './execution-summary.ts'
import { readJournal } from './journal.ts'
import { applyEvent, type ExecutionRecord, type JournalEvent } from './record.ts'

/** What an engine finds when it opens a folder of executions. */
export interface StoredExecutions {
  /** Of executions that have ended. */
  readonly summaries: readonly ExecutionSummary[]
  /** Executions without a summary: interrupted ones, and those whose engine died before it wrote one. */
  readonly records: readonly ExecutionRecord[]
}

/** Summaries that are read at the same time. */
const parallelReads = 32

export async function readStoredExecutions(
  folder: string,
  fileOf: (id: string, name: string) => string,
): Promise<StoredExecutions> {
  const limit = pLimit(parallelReads)
  const ids = await readdir(folder)
  const stored = await Promise.all(ids.map(id => limit(() => readJson<ExecutionSummary>(fileOf(id, 'summary.json')))))
  return {
    summaries: stored.filter(summary => summary !== undefined),
    // A folder without a first line: the process died before the start was answered.
    records: ids
      .filter((_, index) => stored[index] === undefined)
      .map(id => replayExecution(fileOf(id, 'journal.jsonl')))
      .filter(record => record !== undefined),
  }
}

/** The record that a journal tells; undefined when there is none. */
export function replayExecution(file: string): ExecutionRecord | undefined {
  let events: JournalEvent[]
  try {
    events = readJournal<JournalEvent>(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  return events.reduce<ExecutionRecord | undefined>(applyEvent, undefined)
}
