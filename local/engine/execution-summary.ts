import type { CacheKey } from './cache-key.ts'
import { type CacheFacts, type ExecutionRecord, type ExecutionStatus, isTerminal } from './record.ts'

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
  readonly cached?: Readonly<Record<string, CachedRun>>
}

/** A succeeded step that the cache may take over. */
export interface CachedRun {
  readonly endTime: string
  readonly facts: Pick<CacheFacts, 'key' | 'inputs'>
}

/** The summaries of a state folder, by pipeline. They stay in memory, so equal parts of them exist once. */
export interface SummaryBook {
  put(summary: ExecutionSummary): void
  /** Of a pipeline, oldest first. */
  of(pipelineName: string): readonly ExecutionSummary[]
  has(id: string, arn: string): boolean
  withToken(pipelineName: string, token: string): ExecutionSummary | undefined
  remove(pipelineName: string): void
}

/** @param stored Summaries that are on the disk, in any order. */
export function createSummaryBook(stored: readonly ExecutionSummary[]): SummaryBook {
  const pipelines = new Map<string, Map<string, ExecutionSummary>>()
  /** Executions of a pipeline differ in few members of their keys: without this, keys are most of what is kept. */
  const texts = new Map<string, string>()
  const once = (text: string): string => {
    const known = texts.get(text)
    if (known !== undefined) return known
    texts.set(text, text)
    return text
  }
  const lean = ({ cached, ...summary }: ExecutionSummary): ExecutionSummary => ({
    ...summary,
    pipelineName: once(summary.pipelineName),
    ...(cached !== undefined && {
      cached: Object.fromEntries(
        Object.entries(cached).map(([step, { endTime, facts }]) => [
          once(step),
          {
            endTime,
            facts: { key: leanKey(facts.key), ...(facts.inputs !== undefined && { inputs: once(facts.inputs) }) },
          },
        ]),
      ),
    }),
  })
  const leanKey = (key: CacheKey): CacheKey =>
    Object.fromEntries(Object.entries(key).map(([member, digest]) => [once(member), once(digest)]))
  const put = (summary: ExecutionSummary): void => {
    const known = pipelines.get(summary.pipelineName) ?? new Map<string, ExecutionSummary>()
    pipelines.set(summary.pipelineName, known.set(summary.id, lean(summary)))
  }
  const of = (pipelineName: string): readonly ExecutionSummary[] => [...(pipelines.get(pipelineName)?.values() ?? [])]

  const oldestFirst = stored.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id))
  for (const summary of oldestFirst) put(summary)
  return {
    put,
    of,
    has: (id, arn) => [...pipelines.values()].some(summaries => summaries.get(id)?.arn === arn),
    withToken: (pipelineName, token) => of(pipelineName).find(summary => summary.clientToken === token),
    remove: pipelineName => {
      pipelines.delete(pipelineName)
    },
  }
}

export function summaryOf(record: ExecutionRecord): ExecutionSummary {
  const { id, arn, pipelineName, pipelineVersion, status, displayName, createdAt, modifiedAt } = record
  const { description, failureReason, clientToken } = record
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
export function cachedOf(record: ExecutionRecord): Readonly<Record<string, CachedRun>> {
  const found = [...record.steps.values()].flatMap(({ name, status, endTime, result }) => {
    if (status !== 'Succeeded' || endTime === undefined || result?.cacheSource !== undefined) return []
    if (result?.cache === undefined) return []
    const { key, inputs } = result.cache
    return [[name, { endTime, facts: { key, ...(inputs !== undefined && { inputs }) } }] as const]
  })
  return Object.fromEntries(found)
}
