import type { Problem } from '../../schemas/problem.ts'
import { type Graph, graphOf, isTooDeep } from '../definition/index.ts'
import { readDocument } from './read-document.ts'
import { createReporter } from './reporter.ts'
import { oneOf, show } from './show.ts'

/** What StartPipelineExecution is told about running only some steps. */
export interface Selection {
  readonly selectedSteps: readonly string[]
  /** Execution whose results stand in for the steps that are not selected. */
  readonly sourceExecutionArn?: string
}

const MAX_SELECTED = 50

/**
 * Judges a selective execution: the steps exist, are connected, and have an earlier execution to take results from.
 * The path of a problem is the name of the step.
 */
export function checkSelection(document: unknown, { selectedSteps, sourceExecutionArn }: Selection): Problem[] {
  const reporter = createReporter()
  const { report } = reporter
  if (isTooDeep(document)) return []
  const { steps } = readDocument(document, createReporter())
  const graph = graphOf(steps.map(step => step.placed))
  const selected = new Set(selectedSteps)
  if (selected.size === 0 || selected.size > MAX_SELECTED) {
    report('FW9008', 'SelectedSteps', `${selected.size} steps are selected; 1 to ${MAX_SELECTED} would be right.`)
  }
  for (const name of selected) {
    if (!graph.steps.has(name))
      report('FW9009', name, `the pipeline has no step ${show(name)}.${reporter.suggest(name, graph.steps.keys())}`)
  }
  const known = new Set([...selected].filter(name => graph.steps.has(name)))
  const between = unselectedBetween(known, graph)
  if (between.length > 0) {
    report(
      'FW9011',
      'SelectedSteps',
      `${oneOf(between.map(show))} lie between selected steps. Select them too, or fewer steps.`,
    )
  }
  if (sourceExecutionArn === undefined) {
    const needed = new Set(
      [...known].flatMap(name => [...(graph.predecessors.get(name) ?? [])]).filter(name => !known.has(name)),
    )
    if (needed.size > 0) {
      report(
        'FW9012',
        'SourcePipelineExecutionArn',
        `the selected steps need results of ${oneOf([...needed].map(show))}. Name an earlier execution to take them from.`,
      )
    }
  }
  return reporter.problems()
}

/** Steps on a path from one selected step to another that are not selected themselves. */
function unselectedBetween(selected: ReadonlySet<string>, graph: Graph): string[] {
  const below = reach(selected, graph.successors)
  const above = reach(selected, graph.predecessors)
  return [...graph.steps.keys()].filter(name => !selected.has(name) && below.has(name) && above.has(name))
}

function reach(from: ReadonlySet<string>, next: Graph['successors']): ReadonlySet<string> {
  const seen = new Set<string>()
  const stack = [...from]
  for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
    for (const other of next.get(name) ?? []) {
      if (seen.has(other)) continue
      seen.add(other)
      stack.push(other)
    }
  }
  return seen
}
