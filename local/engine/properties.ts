import type { PathSegment } from '../../pipeline/definition/index.ts'

/**
 * Lists that a property path reads by name, and the member that holds the name: `Outputs['train']`.
 *
 * Source: SageMaker Python SDK, local mode, which turns both processing lists into maps; TrainingStep's documentation for
 * `FinalMetricDataList['val:acc'].Value`.
 */
const nameMembers: Readonly<Record<string, string>> = {
  Outputs: 'OutputName',
  ProcessingInputs: 'InputName',
  FinalMetricDataList: 'MetricName',
  InputDataConfig: 'ChannelName',
  MetricDefinitions: 'Name',
}

/** Follows a property path into what a step gave; `found` is false where the path leads nowhere. */
export function readProperty(
  properties: unknown,
  segments: readonly PathSegment[],
): { readonly found: true; readonly value: unknown } | { readonly found: false } {
  let current = properties
  let list = ''
  for (const segment of segments) {
    const next = follow(current, segment, list)
    if (next === undefined || next === null) return { found: false }
    if (segment.kind === 'member') list = segment.name
    current = next
  }
  return { found: true, value: current }
}

function follow(value: unknown, segment: PathSegment, list: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value)) {
    if (segment.kind === 'index') return value[segment.index]
    const nameMember = nameMembers[list]
    if (segment.kind !== 'key' || nameMember === undefined) return undefined
    return value.find(element => (element as Record<string, unknown> | null)?.[nameMember] === segment.key)
  }
  if (segment.kind === 'index') return undefined
  const key = segment.kind === 'key' ? segment.key : segment.name
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined
}
