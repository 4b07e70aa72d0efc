import type { Engine } from '../engine/engine.ts'
import type { ResourceKind } from '../registry/resource-book.ts'
import { findResource, listResources, type ResourceListInput } from './list-resources.ts'
import { toResponse } from './response.ts'

type Wanted = ResourceListInput & {
  readonly ExperimentName?: string
  readonly TrialName?: string
  readonly TrialComponentName?: string
  readonly SourceArn?: string
}

/** Operations on experiments, trials and trial components. */
export function experimentOperations(engine: Engine) {
  /** One kind: how it is described, listed and deleted. */
  const describe =
    (kind: ResourceKind, shape: string) =>
    async (input: Readonly<Record<string, string>>): Promise<object> => {
      await engine.experiments.settled()
      return toResponse(shape, (await mustFind(kind, input)).description)
    }
  const mustFind = (kind: ResourceKind, input: Readonly<Record<string, string>>) => {
    const name = input[`${kind}Name`] ?? ''
    return findResource(engine, kind, name, {
      code: 'ResourceNotFound',
      message: `${kind} '${name}' does not exist.`,
    })
  }
  const remove =
    (kind: ResourceKind) =>
    async (input: Readonly<Record<string, string>>): Promise<object> => {
      await engine.experiments.settled()
      const { name, description } = await mustFind(kind, input)
      await engine.resources.remove(kind, name)
      return { [`${kind}Arn`]: description[`${kind}Arn`] }
    }
  const list =
    (kind: ResourceKind, shapes: { summary: string; summaries: string }, members: readonly (keyof Wanted)[]) =>
    async (input: Wanted): Promise<object> => {
      await engine.experiments.settled()
      const component =
        kind === 'Trial' && input.TrialComponentName !== undefined
          ? await engine.resources.find('TrialComponent', input.TrialComponentName)
          : undefined
      return listResources(
        engine,
        input,
        kind,
        shapes,
        description =>
          members.every(member => (input[member] ?? description[member]) === description[member]) &&
          (input.SourceArn ?? sourceOf(description)) === sourceOf(description) &&
          (input.TrialComponentName === undefined || component?.description['TrialName'] === description['TrialName']),
      )
    }
  return {
    DescribeExperiment: describe('Experiment', 'DescribeExperimentResponse'),
    ListExperiments: list('Experiment', { summary: 'ExperimentSummary', summaries: 'ExperimentSummaries' }, []),
    DeleteExperiment: remove('Experiment'),
    DescribeTrial: describe('Trial', 'DescribeTrialResponse'),
    ListTrials: list('Trial', { summary: 'TrialSummary', summaries: 'TrialSummaries' }, ['ExperimentName']),
    DeleteTrial: remove('Trial'),
    DescribeTrialComponent: describe('TrialComponent', 'DescribeTrialComponentResponse'),
    ListTrialComponents: list(
      'TrialComponent',
      { summary: 'TrialComponentSummary', summaries: 'TrialComponentSummaries' },
      ['ExperimentName', 'TrialName'],
    ),
    DeleteTrialComponent: remove('TrialComponent'),
  }
}

const sourceOf = (description: Readonly<Record<string, unknown>>): unknown =>
  (description['Source'] as { SourceArn?: string } | undefined)?.SourceArn
