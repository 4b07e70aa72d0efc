import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { cacheKeyMembers } from '../../pipeline/definition/index.ts'
import type { StepType } from '../../schemas/definition.ts'

/** Digest of every member of a step's cache key, by the member's name. */
export type CacheKey = Readonly<Record<string, string>>

/** The key of a step with evaluated arguments; undefined for a type that the service does not cache. */
export function cacheKey(type: StepType, request: Readonly<Record<string, unknown>>): CacheKey | undefined {
  const members = cacheKeyMembers[type]
  if (members === undefined) return undefined
  return Object.fromEntries(members.map(path => [path.join('.'), digest(memberOf(request, path))]))
}

const memberOf = (request: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], request)

const digest = (value: unknown): string =>
  createHash('sha256')
    .update(canonicalize(value) ?? '')
    .digest('hex')
    .slice(0, 16)

/** The members in which two keys differ. */
export const differences = (key: CacheKey, other: CacheKey): string[] =>
  Object.keys(key).filter(member => key[member] !== other[member])
