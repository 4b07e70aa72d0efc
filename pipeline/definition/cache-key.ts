import type { StepType } from '../../schemas/definition.ts'

const tuned = [
  'AlgorithmSpecification',
  'HyperParameterRanges',
  'InputDataConfig',
  'StaticHyperParameters',
  'TuningObjective',
]
const autoMl = ['CompletionCriteria', 'CandidateGenerationConfig', 'DataSplitConfig', 'Mode']

/**
 * Places below `Arguments` that make the cache key of each type; a type without an entry has no documented caching.
 * Roles, instances, outputs and tags are not in it.
 *
 * Source: Developer Guide, Caching pipeline steps, "Default cache key attributes".
 */
export const cacheKeyMembers: { readonly [T in StepType]?: readonly (readonly string[])[] } = {
  Processing: [['AppSpecification'], ['Environment'], ['ProcessingInputs']],
  Training: [
    ['AlgorithmSpecification'],
    ['CheckpointConfig'],
    ['DebugHookConfig'],
    ['DebugRuleConfigurations'],
    ['Environment'],
    ['HyperParameters'],
    ['InputDataConfig'],
  ],
  Tuning: [
    ['HyperParameterTuningJobConfig'],
    ...tuned.map(member => ['TrainingJobDefinition', member]),
    ['TrainingJobDefinitions'],
  ],
  AutoML: [
    ...autoMl.map(member => ['AutoMLJobConfig', member]),
    ['AutoMLJobObjective'],
    ['InputDataConfig'],
    ['ProblemType'],
  ],
  Transform: [['DataProcessing'], ['Environment'], ['ModelName'], ['TransformInput']],
  EMR: [['ClusterId'], ['StepConfig']],
}
