import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { StepType } from '../../schemas/definition.ts'

/**
 * Request members that make a step's cache key; a dotted name is a member of a member.
 *
 * Source: Developer Guide, "Caching Pipeline Steps", default cache keys. Roles, instances, outputs and tags are not in it.
 */
const keyMembers: { readonly [T in StepType]?: readonly string[] } = {
  Processing: ['AppSpecification', 'Environment', 'ProcessingInputs'],
  Training: [
    'AlgorithmSpecification',
    'CheckpointConfig',
    'DebugHookConfig',
    'DebugRuleConfigurations',
    'Environment',
    'HyperParameters',
    'InputDataConfig',
  ],
  Tuning: [
    'HyperParameterTuningJobConfig',
    'TrainingJobDefinition.AlgorithmSpecification',
    'TrainingJobDefinition.HyperParameterRanges',
    'TrainingJobDefinition.InputDataConfig',
    'TrainingJobDefinition.StaticHyperParameters',
    'TrainingJobDefinition.TuningObjective',
    'TrainingJobDefinitions',
  ],
  AutoML: [
    'AutoMLJobConfig.CompletionCriteria',
    'AutoMLJobConfig.CandidateGenerationConfig',
    'AutoMLJobConfig.DataSplitConfig',
    'AutoMLJobConfig.Mode',
    'AutoMLJobObjective',
    'InputDataConfig',
    'ProblemType',
  ],
  Transform: ['DataProcessing', 'Environment', 'ModelName', 'TransformInput'],
  EMR: ['ClusterId', 'StepConfig'],
}

/** Digest of every member of a step's cache key, by the member's name. */
export type CacheKey = Readonly<Record<string, string>>

/** The key of a step with evaluated arguments; undefined for a type that the service does not cache. */
export function cacheKey(type: StepType, request: Readonly<Record<string, unknown>>): CacheKey | undefined {
  const members = keyMembers[type]
  if (members === undefined) return undefined
  return Object.fromEntries(members.map(member => [member, digest(memberOf(request, member))]))
}

function memberOf(request: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], request)
}

const digest = (value: unknown): string =>
  createHash('sha256')
    .update(canonicalize(value) ?? '')
    .digest('hex')
    .slice(0, 16)

/** The members in which two keys differ. */
export const differences = (key: CacheKey, other: CacheKey): string[] =>
  Object.keys(key).filter(member => key[member] !== other[member])
