import type { Expression, Get, Join, JsonGet } from '../../schemas/definition.ts'
import { type Place, placeOf } from '../../schemas/place.ts'

/** One piece of a property path: a member (`.Name`), a list index (`[0]`) or a name key (`['train']`). */
export type PathSegment =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'key'; readonly key: string }

/** What a `Get` path points at. */
export type Reference =
  | { readonly root: 'Parameters'; readonly name: string }
  | { readonly root: 'Execution'; readonly name: string }
  | { readonly root: 'PipelineExperimentConfig'; readonly name: string }
  | { readonly root: 'Steps'; readonly step: string; readonly segments: readonly PathSegment[] }

const roots = new Set(['Parameters', 'Execution', 'PipelineExperimentConfig', 'Steps'])
const segmentPattern = /\.([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y

export const isGet = (value: unknown): value is Get => hasOnly(value, 'Get')
export const isJoin = (value: unknown): value is Join => hasOnly(value, 'Std:Join')
export const isJsonGet = (value: unknown): value is JsonGet => hasOnly(value, 'Std:JsonGet')

/** True for an object of one of the three expression forms, well-formed inside or not. */
export function isExpression(value: unknown): value is Expression {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  // The first of its keys is the only one: nothing is listed for the many objects that are no expressions.
  for (const key in value) return expressionKeys.has(key) && hasOnly(value, key)
  return false
}

const expressionKeys: ReadonlySet<string> = new Set(['Get', 'Std:Join', 'Std:JsonGet'])

/**
 * Takes a `Get` path apart: `Steps.Split.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri`.
 *
 * @returns undefined when the path has no known root or is not well-formed.
 */
export function parseGetPath(path: string): Reference | undefined {
  // A foreign document may hold anything here.
  if (typeof path !== 'string') return undefined
  const known = parsed.get(path)
  if (known !== undefined) return known
  const reference = readGetPath(path)
  if (reference !== undefined && path.length < 500) {
    if (parsed.size >= MAX_PARSED) parsed.clear()
    parsed.set(path, reference)
  }
  return reference
}

/** The same path is read by graph, judge and engine again and again. */
const parsed = new Map<string, Reference>()
const MAX_PARSED = 10_000

function readGetPath(path: string): Reference | undefined {
  const dot = path.indexOf('.')
  const root = path.slice(0, dot)
  if (dot < 0 || !roots.has(root)) return undefined
  const rest = path.slice(dot + 1)
  if (root !== 'Steps') {
    return /^[A-Za-z0-9_-]+$/.test(rest) ? ({ root, name: rest } as Reference) : undefined
  }
  const step = /^[A-Za-z0-9_-]+/.exec(rest)?.[0]
  if (step === undefined) return undefined
  const segments = parseSegments(rest.slice(step.length))
  return segments && { root: 'Steps', step, segments }
}

function parseSegments(text: string): PathSegment[] | undefined {
  const segments: PathSegment[] = []
  segmentPattern.lastIndex = 0
  while (segmentPattern.lastIndex < text.length) {
    const match = segmentPattern.exec(text)
    if (match === null) return undefined
    const [, name, index, single, double] = match
    if (name !== undefined) segments.push({ kind: 'member', name })
    else if (index !== undefined) segments.push({ kind: 'index', index: Number(index) })
    else segments.push({ kind: 'key', key: (single ?? double ?? '').replace(/\\(.)/g, '$1') })
  }
  return segments
}

/** Writes a property path the way the service reads it. */
export const formatSegments = (segments: readonly PathSegment[]): string => segments.map(formatSegment).join('')

/** Writes one piece of a path. */
export function formatSegment(segment: PathSegment): string {
  if (segment.kind === 'member') return `.${segment.name}`
  return segment.kind === 'index' ? `[${segment.index}]` : `['${segment.key.replace(/(['\\])/g, '\\$1')}']`
}

/** An expression with its place in the fields of its step, such as `Arguments.RoleArn`. */
export interface PlacedExpression {
  readonly expression: Expression
  readonly place: Place | undefined
}

/**
 * Calls `visit` for every expression inside `value`, outermost first, with its place in the value, or below `above` when the value
 * itself has a place.
 */
export function forEachExpression(
  value: unknown,
  visit: (expression: Expression, place: Place | undefined) => void,
  above?: Place,
): void {
  if (!isObject(value)) return
  const waiting: Start[] = [{ owner: value, place: above }]
  for (let start = waiting.pop(); start !== undefined; start = waiting.pop()) {
    walk(start.owner, [], { above: start.place, visit, waiting })
  }
}

interface Start {
  readonly owner: object
  readonly place: Place | undefined
}

interface Walk {
  readonly above: Place | undefined
  readonly visit: Parameters<typeof forEachExpression>[1]
  readonly waiting: Start[]
}

/** What lies deeper is walked afterwards, so that no depth is a danger. */
const MAX_TRAIL = 500

/** A document has far more objects than expressions, so nothing is made for an object, and a place only for an expression. */
function walk(owner: object, trail: (string | number)[], context: Walk): void {
  if (trail.length === MAX_TRAIL) {
    context.waiting.push({ owner, place: placeOf(trail, context.above) })
    return
  }
  if (Array.isArray(owner)) {
    for (let index = 0; index < owner.length; index++) walkInto(owner[index], index, trail, context)
    return
  }
  if (isExpression(owner)) context.visit(owner, placeOf(trail, context.above))
  for (const key in owner) walkInto((owner as Record<string, unknown>)[key], key, trail, context)
}

function walkInto(child: unknown, key: string | number, trail: (string | number)[], context: Walk): void {
  if (!isObject(child)) return
  trail.push(key)
  walk(child, trail, context)
  trail.pop()
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

function hasOnly(value: unknown, key: string): boolean {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false
  // Asked of every object of a document, so nothing is listed.
  for (const other in value) if (other !== key) return false
  return true
}
