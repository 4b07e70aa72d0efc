import { buildGraph, type Graph } from '../../pipeline/definition/index.ts'
import type { PipelineDefinition } from '../../schemas/definition.ts'
import { ServiceError } from '../service-error.ts'
import type { ExecutionRecord, JournalEvent, SelectiveExecution, StepRecord } from './record.ts'

/**
 * The events that a selective execution begins with: the results of everything in front of the selected steps, taken over
 * from the source execution.
 *
 * Source: Developer Guide, "Selective execution of pipeline steps"; sagemaker-python-sdk issue 4444 for the text.
 *
 * @throws ServiceError when steps are unknown, not connected, or what they need is not there.
 */
export function selectiveStart(
  document: PipelineDefinition,
  config: SelectiveExecution,
  source: ExecutionRecord | undefined,
  at: string,
): JournalEvent[] {
  const graph = buildGraph(document)
  const selected = new Set(config.SelectedSteps.map(step => step.StepName))
  checkSelected(graph, selected)
  const needed = new Set(
    [...selected].flatMap(name => [...(graph.predecessors.get(name) ?? [])]).filter(name => !selected.has(name)),
  )
  if (needed.size === 0 && source === undefined) return []
  if (source === undefined) {
    throw refused(
      `Invalid SourcePipelineExecutionArn: ${config.SourcePipelineExecutionArn ?? 'null'}. The selected steps [${[...selected].join(', ')}] have dependencies on [${[...needed].join(', ')}]`,
    )
  }
  for (const name of needed) checkSource(graph, selected, name, source)
  const before = ancestors(graph, selected)
  return [...before].flatMap(name => {
    const step = source.steps.get(name)
    return step?.status === 'Succeeded' ? takenOver(step, source.arn, at) : []
  })
}

const refused = (text: string): ServiceError => new ServiceError('ValidationException', text)

function checkSelected(graph: Graph, selected: ReadonlySet<string>): void {
  for (const name of selected)
    if (!graph.steps.has(name)) throw refused(`The selected step ${name} is not in the pipeline definition.`)
  const before = ancestors(graph, selected)
  for (const name of before) {
    // Between two selected steps lies what is behind one and in front of another.
    if ([...ancestors(graph, new Set([name]))].some(earlier => selected.has(earlier))) {
      throw refused(
        `The selected steps are not connected: ${name} lies between selected steps and must be selected, too.`,
      )
    }
  }
}

/** What a selected step directly needs must have succeeded, and its branch must have been taken. */
function checkSource(graph: Graph, selected: ReadonlySet<string>, name: string, source: ExecutionRecord): void {
  const step = source.steps.get(name)
  if (step?.status !== 'Succeeded') {
    throw refused(
      `Invalid SourcePipelineExecutionArn: ${source.arn}. Step ${name}, which the selected steps depend on, did not succeed there.`,
    )
  }
  for (const inner of selected) {
    const branch = graph.steps.get(inner)?.branches.at(-1)
    if (branch?.condition === name && branch.side !== step.result?.branch) {
      throw refused(
        `Invalid SourcePipelineExecutionArn: ${source.arn}. The selected step ${inner} lies in the branch of ${name} that was not taken there; select ${name}, too.`,
      )
    }
  }
}

/** Everything in front of the given steps that is not among them. */
function ancestors(graph: Graph, of: ReadonlySet<string>): Set<string> {
  const found = new Set<string>()
  const stack = [...of]
  for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
    for (const before of graph.predecessors.get(name) ?? []) {
      if (found.has(before) || of.has(before)) continue
      found.add(before)
      stack.push(before)
    }
  }
  return found
}

function takenOver(step: StepRecord, sourceArn: string, at: string): JournalEvent[] {
  const { cache: _cache, cacheSource: _source, ...result } = step.result as NonNullable<StepRecord['result']>
  return [
    { type: 'step-started', at, step: step.name, stepType: step.type, attempt: step.attempt, jobName: step.jobName },
    { type: 'step-finished', at, step: step.name, ...result, selectedSource: sourceArn },
  ]
}
