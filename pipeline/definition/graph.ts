import type { PipelineDefinition } from '../../schemas/definition.ts'
import { formatPlace } from '../../schemas/place.ts'
import { isGet, parseGetPath } from './expressions.ts'
import { type PlacedStep, placedSteps } from './walk.ts'

/** Why one step waits for another. */
export type EdgeReason = 'DependsOn' | 'reference' | 'branch'

export interface Edge {
  readonly from: string
  readonly to: string
  readonly reason: EdgeReason
  /** Place in the document that makes the edge. */
  readonly path: string
}

export interface Graph {
  /** Steps by name; of steps with the same name the first. */
  readonly steps: ReadonlyMap<string, PlacedStep>
  /** Every edge between steps that exist. */
  readonly edges: readonly Edge[]
  readonly predecessors: ReadonlyMap<string, ReadonlySet<string>>
  readonly successors: ReadonlyMap<string, ReadonlySet<string>>
}

/**
 * The order that a document implies: `DependsOn`, references to other steps, and conditions before their branches.
 * Linear in the size of the document.
 */
export function buildGraph(document: PipelineDefinition): Graph {
  return graphOf(placedSteps(document))
}

/** The same for steps that are already placed, such as the well-formed ones of a document that is not. */
export function graphOf(all: readonly PlacedStep[]): Graph {
  const steps = new Map<string, PlacedStep>()
  for (const placed of all) {
    if (!steps.has(placed.step.Name)) steps.set(placed.step.Name, placed)
  }
  const predecessors = new Map<string, Set<string>>()
  const successors = new Map<string, Set<string>>()
  for (const name of steps.keys()) {
    predecessors.set(name, new Set())
    successors.set(name, new Set())
  }
  const edges: Edge[] = []
  for (const placed of steps.values()) {
    for (const edge of edgesInto(placed)) {
      if (!steps.has(edge.from)) continue
      edges.push(edge)
      predecessors.get(edge.to)?.add(edge.from)
      successors.get(edge.from)?.add(edge.to)
    }
  }
  return { steps, edges, predecessors, successors }
}

function edgesInto({ step, path, branches, expressions }: PlacedStep): Edge[] {
  const to = step.Name
  const edges: Edge[] = (step.DependsOn ?? []).map((from, index) => ({
    from,
    to,
    reason: 'DependsOn',
    path: `${path}.DependsOn[${index}]`,
  }))
  for (const { expression, place } of expressions) {
    const reference = isGet(expression) ? parseGetPath(expression.Get) : undefined
    if (reference?.root !== 'Steps') continue
    edges.push({ from: reference.step, to, reason: 'reference', path: formatPlace(place, path) })
  }
  const inner = branches.at(-1)
  if (inner !== undefined) edges.push({ from: inner.condition, to, reason: 'branch', path })
  return edges
}

/** Names in an order in which every step comes after what it waits for, document order among equals; and what is left in cycles. */
export function topologicalOrder(graph: Graph): {
  readonly order: readonly string[]
  readonly cyclic: readonly string[]
} {
  const waiting = new Map([...graph.predecessors].map(([name, before]) => [name, before.size]))
  const ready = [...waiting].filter(([, count]) => count === 0).map(([name]) => name)
  const order: string[] = []
  for (let next = 0; next < ready.length; next++) {
    const name = ready[next] as string
    order.push(name)
    for (const after of graph.successors.get(name) ?? []) {
      const left = (waiting.get(after) ?? 0) - 1
      waiting.set(after, left)
      if (left === 0) ready.push(after)
    }
  }
  const done = new Set(order)
  return { order, cyclic: [...graph.steps.keys()].filter(name => !done.has(name)) }
}
