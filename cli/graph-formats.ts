import { buildGraph, type Graph, placedSteps, stepKind } from '../pipeline/definition/index.ts'
import type { PipelineDefinition, Step } from '../schemas/definition.ts'

/** A line between two steps, with the branch that it stands for. */
interface Arrow {
  readonly from: string
  readonly to: string
  readonly label: 'true' | 'false' | undefined
}

/** How a graph is drawn, by name. */
export const graphFormats = {
  mermaid: drawMermaid,
  dot: drawDot,
} as const satisfies Record<string, (document: PipelineDefinition) => string>

export type GraphFormat = keyof typeof graphFormats

/** Mermaid, as GitHub and many wikis draw it. */
function drawMermaid(document: PipelineDefinition): string {
  const steps = placedSteps(document).map(({ step }) => step)
  const ids = new Map(steps.map(({ Name }, index) => [Name, `s${index}`]))
  const nodes = steps.map(step => {
    const { Name, Type } = step
    const [open, close] = Type === 'Condition' ? ['{{', '}}'] : Type === 'Fail' ? ['([', '])'] : ['[', ']']
    return `  ${ids.get(Name)}${open}"${mermaidText(Name)}<br/><small>${mermaidText(kindOf(step))}</small>"${close}`
  })
  const lines = arrowsOf(document).map(({ from, to, label }) => {
    const arrow = label === undefined ? '-->' : `-- ${label} -->`
    return `  ${ids.get(from)} ${arrow} ${ids.get(to)}`
  })
  return ['flowchart TD', ...nodes, ...lines].join('\n')
}

const mermaidText = (text: string): string => text.replace(/["<>&#]/g, character => `#${character.charCodeAt(0)};`)

/** DOT, for Graphviz. */
function drawDot(document: PipelineDefinition): string {
  const nodes = placedSteps(document).map(({ step }) => {
    const { Name, Type } = step
    const shape = Type === 'Condition' ? 'diamond' : Type === 'Fail' ? 'octagon' : 'box'
    return `  ${quoted(Name)} [label=${quoted(`${Name}\n${kindOf(step)}`)}, shape=${shape}];`
  })
  const lines = arrowsOf(document).map(
    ({ from, to, label }) =>
      `  ${quoted(from)} -> ${quoted(to)}${label === undefined ? '' : ` [label=${quoted(label)}]`};`,
  )
  return ['digraph pipeline {', '  rankdir=TB;', '  node [fontname="sans-serif"];', ...nodes, ...lines, '}'].join('\n')
}

/** The type, and of a ForEach what it runs for every item. */
function kindOf({ Type, Arguments: args }: Step): string {
  const { bodyMember } = stepKind(Type) ?? {}
  const bodies = bodyMember === undefined ? undefined : (args as Record<string, unknown>)[bodyMember]
  const body: Step | undefined = Array.isArray(bodies) ? bodies[0] : undefined
  return body === undefined ? Type : `${Type}: ${body.Name}, ${body.Type}`
}

const quoted = (text: string): string =>
  `"${text.replace(/[\\"]/g, character => `\\${character}`).replaceAll('\n', '\\n')}"`

/** One arrow per pair of steps, without those that longer ways imply. */
function arrowsOf(document: PipelineDefinition): Arrow[] {
  const graph = buildGraph(document)
  const arrows: Arrow[] = []
  for (const [to, { branches }] of graph.steps) {
    const branch = branches.at(-1)
    const direct = [...(graph.predecessors.get(to) ?? [])].filter(from => !isImplied(graph, from, to))
    for (const from of direct) {
      const label = branch?.condition === from ? (branch.side === 'if' ? 'true' : 'false') : undefined
      arrows.push({ from, to, label })
    }
  }
  return arrows
}

/** True when another predecessor of `to` waits for `from` already. */
function isImplied(graph: Graph, from: string, to: string): boolean {
  const seen = new Set<string>()
  const stack = [...(graph.predecessors.get(to) ?? [])].filter(name => name !== from)
  for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
    if (name === from) return true
    if (seen.has(name) || name === to) continue
    seen.add(name)
    stack.push(...(graph.predecessors.get(name) ?? []))
  }
  return false
}
