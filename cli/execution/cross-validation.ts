import { basename } from 'node:path'
import { buildGraph, placedSteps } from '../../pipeline/definition/index.ts'
import { aggregateContainer, chooseContainer, splitContainer } from '../../schemas/containers.ts'
import type { Condition, PipelineDefinition, Step, StepOf } from '../../schemas/definition.ts'

/** The cross-validation of a document, found by what its steps run, whoever wrote them. */
export interface CrossValidation {
  /** Step that splits; undefined when the folds come from elsewhere. */
  readonly split: string | undefined
  /** Training steps of the folds, by fold index. */
  readonly folds: readonly string[]
  /** Step that chooses the hyperparameters of each fold; undefined where nothing is chosen. */
  readonly choices: readonly (string | undefined)[]
  /** Step that chooses those of the final training. */
  readonly finalChoice: string | undefined
  readonly aggregate: string
  /** Metric that the folds report; undefined when it is not said in clear. */
  readonly objective: string | undefined
  /** Condition step on the aggregate's result. */
  readonly gate: { readonly name: string; readonly condition: Condition | undefined } | undefined
}

/** Finds the first cross-validation of a document; undefined when there is none. */
export function findCrossValidation(document: PipelineDefinition): CrossValidation | undefined {
  const steps = placedSteps(document).map(({ step }) => step)
  const aggregate = steps.find(step => runs(step, programOf(aggregateContainer.entrypoint)))
  if (aggregate === undefined) return undefined
  const graph = buildGraph(document)
  const before = graph.predecessors.get(aggregate.Name)
  const folds = steps.filter(step => step.Type === 'Training' && before?.has(step.Name)).map(({ Name }) => Name)
  const choosers = steps.filter(step => runs(step, programOf(chooseContainer.entrypoint))).map(({ Name }) => Name)
  const choices = folds.map(fold => choosers.find(name => graph.predecessors.get(fold)?.has(name)))
  const splitsFor = new Set(folds.flatMap(fold => [...(graph.predecessors.get(fold) ?? [])]))
  const split = steps.find(step => splitsFor.has(step.Name) && runs(step, programOf(splitContainer.entrypoint)))
  const gate = steps.find(
    (step): step is StepOf<'Condition'> =>
      step.Type === 'Condition' && graph.predecessors.get(step.Name)?.has(aggregate.Name) === true,
  )
  return {
    split: split?.Name,
    folds,
    choices,
    finalChoice: choosers.find(name => !choices.includes(name)),
    aggregate: aggregate.Name,
    objective: argumentAfter(aggregate, '--objective'),
    gate: gate && { name: gate.Name, condition: gate.Arguments.Conditions[0] },
  }
}

const programOf = (entrypoint: readonly string[]): string => basename(entrypoint.at(-1) ?? '')

interface AppSpecification {
  readonly ContainerEntrypoint?: readonly unknown[]
  readonly ContainerArguments?: readonly unknown[]
}

function appOf(step: Step): AppSpecification | undefined {
  if (step.Type !== 'Processing') return undefined
  return (step.Arguments as { readonly AppSpecification?: AppSpecification }).AppSpecification
}

const runs = (step: Step, program: string): boolean =>
  appOf(step)?.ContainerEntrypoint?.some(word => typeof word === 'string' && basename(word) === program) === true

function argumentAfter(step: Step, flag: string): string | undefined {
  const words = appOf(step)?.ContainerArguments ?? []
  const value = words[words.indexOf(flag) + 1]
  return words.includes(flag) && typeof value === 'string' ? value : undefined
}
