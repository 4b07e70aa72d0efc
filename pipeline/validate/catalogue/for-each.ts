import type { CatalogueEntry } from './entry.ts'
import { oneMoreStep, sampleTraining } from './sample.ts'

const body = (name = 'Each', more: object = {}) => ({
  ...sampleTraining,
  Name: name,
  Arguments: { ...sampleTraining.Arguments, HyperParameters: { C: { Get: 'ForEach.CurrentItem' } } },
  ...more,
})
const forEach = (more: object = {}, inside: object = body()) =>
  oneMoreStep('ForEach', {
    Arguments: { IterableItems: { Get: 'Parameters.Group' }, MaxConcurrency: 2, ForEachBody: [inside], ...more },
  })
const source = 'SageMaker Python SDK, for_each_step.py of the unreleased pull request 6074'

/** FW26…: the ForEach step, which no service model knows. */
export const forEachCodes = {
  FW2601: {
    title: 'A ForEach step, whose support by the service is unverified',
    severity: 'warning',
    source: `${source}; no member of the service model names the type`,
    example: { set: forEach() },
    repair: 'Write one step per item, or allow this code here once the service has taken the definition.',
  },
  FW2602: {
    title: 'MaxConcurrency of a ForEach that is not 1 to 50',
    severity: 'error',
    source,
    example: { set: forEach({ MaxConcurrency: 51 }) },
    repair: 'Write a whole number from 1 to 50.',
  },
  FW2603: {
    title: 'A ForEach without exactly one step in its body',
    severity: 'error',
    source,
    example: { set: forEach({ ForEachBody: [body(), body('Other')] }) },
    repair: 'Keep one step in ForEachBody; a second one becomes a ForEach of its own.',
  },
  FW2604: {
    title: 'A Condition, Fail or ForEach step as the body of a ForEach',
    severity: 'error',
    source,
    example: { set: forEach({}, { Name: 'Stop', Type: 'Fail', Arguments: { ErrorMessage: 'x' } }) },
    repair: 'Put a step with a job into the body, and the others around the ForEach.',
  },
  FW2605: {
    title: 'A step with the name of a run of a ForEach body',
    severity: 'error',
    source: `${source}: the runs are named <body>-<index>`,
    example: { set: [...forEach({}, body('Reading')), ['Steps[1].Name', 'Reading-0']] },
    repair: 'Rename the step or the body.',
  },
  FW2606: {
    title: 'A reference to the item outside a ForEach body, or deeper than one member',
    severity: 'error',
    source,
    example: { set: [['Steps[1].Arguments.HyperParameters.C', { Get: 'ForEach.CurrentItem' }]] },
    repair:
      'Write ForEach.CurrentItem, or one member of it such as ForEach.CurrentItem.name, and only inside ForEachBody.',
  },
  FW2607: {
    title: 'A ForEach selector that names nothing of its body',
    severity: 'error',
    source,
    example: { set: forEach({ Selector: { Pick: 'MaxBy', Field: { Get: 'ChildOutput.Other.Value' } } }) },
    repair: 'Write Pick as MaxBy or MinBy, and Field as a path of the body, such as ChildOutput.<body>.<member>.',
  },
  FW2608: {
    title: 'IterableItems of a ForEach that is no reference',
    severity: 'error',
    source,
    example: { set: forEach({ IterableItems: '["a", "b"]' }) },
    repair: 'Refer to a JSON list as text, such as a String parameter or a value of a JSON file.',
  },
} as const satisfies Readonly<Record<`FW26${number}`, CatalogueEntry>>
