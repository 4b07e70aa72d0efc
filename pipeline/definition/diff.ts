import type { Parameter, PipelineDefinition, StepType } from '../../schemas/definition.ts'
import { cacheKeyMembers } from './cache-key.ts'
import { joinPath } from '../../schemas/place.ts'
import { buildGraph, type Graph } from './graph.ts'
import { ownFields, type PlacedStep, placedSteps } from './walk.ts'

/** One value that is there, gone or another one. */
export interface Change {
  readonly kind: 'added' | 'removed' | 'changed'
  /** Place below the step, the parameter or the document. */
  readonly path: string
  readonly before?: unknown
  readonly after?: unknown
}

export interface ParameterDifference {
  readonly kind: 'added' | 'removed' | 'changed'
  readonly name: string
  readonly changes: readonly Change[]
}

export interface StepDifference {
  readonly kind: 'added' | 'removed' | 'changed'
  readonly name: string
  readonly type: string
  /** Differences of the step's own members; empty for a step that is new or gone. */
  readonly changes: readonly Change[]
  /** Where it stood and stands, when that is another list: `Steps`, or a side of a condition. */
  readonly moved?: { readonly before: string; readonly after: string }
  /** Steps that it waits for now, and no longer, for whatever reason. */
  readonly dependencies: { readonly added: readonly string[]; readonly removed: readonly string[] }
  /** True when the step is cached and its next run cannot use an earlier result. */
  readonly cacheKeyChanged: boolean
}

/** What is different between two definitions. Empty lists and `orderChanged: false` everywhere mean: nothing. */
export interface DefinitionDifference {
  readonly document: readonly Change[]
  readonly parameters: readonly ParameterDifference[]
  readonly steps: readonly StepDifference[]
  /** True when parameters or steps that both have stand in another order. */
  readonly orderChanged: boolean
}

/**
 * Compares two definitions by meaning: parameters and steps by name, members by path. The order of keys and the spelling
 * of numbers never matter, the order of lists does.
 */
export function diffDefinitions(before: PipelineDefinition, after: PipelineDefinition): DefinitionDifference {
  const [stepsBefore, stepsAfter] = [stepMap(before), stepMap(after)]
  const [parametersBefore, parametersAfter] = [parameterMap(before), parameterMap(after)]
  const graphs = { before: buildGraph(before), after: buildGraph(after) }
  const steps = names(stepsBefore, stepsAfter).flatMap(name =>
    diffStep(name, stepsBefore.get(name), stepsAfter.get(name), graphs),
  )
  return {
    document: diffValues(topOf(before), topOf(after)),
    parameters: names(parametersBefore, parametersAfter).flatMap(name =>
      diffParameter(name, parametersBefore.get(name), parametersAfter.get(name)),
    ),
    steps,
    orderChanged: !sameOrder(parametersBefore, parametersAfter) || !sameOrder(stepsBefore, stepsAfter),
  }
}

/** True when nothing is different. */
export function isEmptyDifference({ document, parameters, steps, orderChanged }: DefinitionDifference): boolean {
  return document.length + parameters.length + steps.length === 0 && !orderChanged
}

function stepMap(document: PipelineDefinition): Map<string, PlacedStep> {
  return new Map(placedSteps(document).map(placed => [placed.step.Name, placed]))
}

function parameterMap(document: PipelineDefinition): Map<string, Parameter> {
  return new Map((document.Parameters ?? []).map(parameter => [parameter.Name, parameter]))
}

/** Members of the document that are no lists of named things. `null` and absent mean the same to the service. */
function topOf(document: PipelineDefinition): Record<string, unknown> {
  const { Parameters: _parameters, Steps: _steps, ...rest } = document
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null))
}

const names = (before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): string[] => [
  ...after.keys(),
  ...[...before.keys()].filter(name => !after.has(name)),
]

function sameOrder(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): boolean {
  const left = [...before.keys()].filter(name => after.has(name))
  const right = [...after.keys()].filter(name => before.has(name))
  return left.every((name, index) => name === right[index])
}

function diffParameter(
  name: string,
  before: Parameter | undefined,
  after: Parameter | undefined,
): ParameterDifference[] {
  if (before === undefined) return [{ kind: 'added', name, changes: [] }]
  if (after === undefined) return [{ kind: 'removed', name, changes: [] }]
  const typed = (parameter: Parameter) => ({ ...parameter, Type: parameter.Type ?? 'String' })
  const changes = diffValues(typed(before), typed(after))
  return changes.length === 0 ? [] : [{ kind: 'changed', name, changes }]
}

interface Graphs {
  readonly before: Graph
  readonly after: Graph
}

function diffStep(
  name: string,
  before: PlacedStep | undefined,
  after: PlacedStep | undefined,
  graphs: Graphs,
): StepDifference[] {
  const dependencies = diffSets(graphs.before.predecessors.get(name), graphs.after.predecessors.get(name))
  const placed = after ?? before
  if (placed === undefined) return []
  const type = placed.step.Type
  if (before === undefined || after === undefined) {
    const kind = before === undefined ? 'added' : 'removed'
    return [{ kind, name, type, changes: [], dependencies, cacheKeyChanged: false }]
  }
  const changes = diffValues(ownFields(before.step), ownFields(after.step))
  const [from, to] = [listOf(before), listOf(after)]
  if (changes.length === 0 && from === to && dependencies.added.length + dependencies.removed.length === 0) return []
  return [
    {
      kind: 'changed',
      name,
      type,
      changes,
      ...(from !== to && { moved: { before: from, after: to } }),
      dependencies,
      cacheKeyChanged: isCached(after) && changes.some(change => isInCacheKey(change.path, type)),
    },
  ]
}

/** The list that a step stands in, by name instead of by index. */
function listOf({ branches }: PlacedStep): string {
  const inner = branches.at(-1)
  return inner === undefined ? 'Steps' : `${inner.condition}.${inner.side === 'if' ? 'IfSteps' : 'ElseSteps'}`
}

const isCached = ({ step }: PlacedStep): boolean => 'CacheConfig' in step && step.CacheConfig?.Enabled === true

function isInCacheKey(path: string, type: StepType): boolean {
  return (cacheKeyMembers[type] ?? []).some(members => {
    const place = ['Arguments', ...members].join('.')
    return (
      path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`) || place.startsWith(`${path}.`)
    )
  })
}

function diffSets(before: ReadonlySet<string> = new Set(), after: ReadonlySet<string> = new Set()) {
  return {
    added: [...after].filter(name => !before.has(name)).sort(),
    removed: [...before].filter(name => !after.has(name)).sort(),
  }
}

/** The places where two JSON values differ: the deepest ones, lists element by element. */
export function diffValues(before: unknown, after: unknown): Change[] {
  const changes: Change[] = []
  const stack: { readonly before: unknown; readonly after: unknown; readonly path: string }[] = [
    { before, after, path: '' },
  ]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { before: left, after: right, path } = next
    if (Object.is(left, right) || (left === 0 && right === 0)) continue
    if (left === undefined) changes.push({ kind: 'added', path, after: right })
    else if (right === undefined) changes.push({ kind: 'removed', path, before: left })
    else if (isObject(left) && isObject(right) && Array.isArray(left) === Array.isArray(right)) {
      const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])]
      for (const key of keys.reverse()) {
        const at = Array.isArray(left) ? `${path}[${key}]` : joinPath(path, key)
        stack.push({ before: own(left, key), after: own(right, key), path: at })
      }
    } else changes.push({ kind: 'changed', path, before: left, after: right })
  }
  return changes
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
const own = (value: object, key: string): unknown =>
  Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined
