import type { CatalogueEntry } from './entry.ts'
import { oneMoreStep, sampleTraining } from './sample.ts'

const { HyperParameters: _parameters, ...trainingArguments } = sampleTraining.Arguments

/** One more step that tunes the sample's training. */
const tune = (config: object) =>
  oneMoreStep('Tuning', {
    Arguments: {
      HyperParameterTuningJobConfig: {
        Strategy: 'Bayesian',
        HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'validation:accuracy' },
        ResourceLimits: { MaxNumberOfTrainingJobs: 5, MaxParallelTrainingJobs: 2 },
        ...config,
      },
      TrainingJobDefinition: trainingArguments,
    },
  })

/** FW5…: Tuning and AutoML steps. */
export const tuningCodes = {
  FW5030: {
    title: 'Tuning without exactly one kind of training definition',
    severity: 'error',
    source: 'Service model documentation, CreateHyperParameterTuningJob',
    example: { set: [...tune({}), ['Steps[4].Arguments.TrainingJobDefinition']] },
    repair: 'Write TrainingJobDefinition or TrainingJobDefinitions.',
  },
  FW5031: {
    title: 'Range of a tuning that is no range',
    severity: 'error',
    source: 'Developer Guide, Define hyperparameter ranges',
    example: {
      set: tune({ ParameterRanges: { ContinuousParameterRanges: [{ Name: 'C', MinValue: '10', MaxValue: '0.1' }] } }),
    },
    repair: 'Write numbers in quotes, the smaller one as MinValue; logarithmic scaling needs values above 0.',
  },
  FW5032: {
    title: 'Hyperparameter tuned twice, or fixed and tuned',
    severity: 'error',
    source: 'Developer Guide, Automatic model tuning limits: at most 30 ranges',
    example: {
      set: tune({
        ParameterRanges: {
          CategoricalParameterRanges: [
            { Name: 'kernel', Values: ['rbf'] },
            { Name: 'kernel', Values: ['linear'] },
          ],
        },
      }),
    },
    repair: 'Keep one range per hyperparameter, and no static value beside it.',
  },
  FW5033: {
    title: 'More tuning jobs at once than in all',
    severity: 'warning',
    source: 'Service model documentation, ResourceLimits; service text not captured',
    example: { set: tune({ ResourceLimits: { MaxNumberOfTrainingJobs: 2, MaxParallelTrainingJobs: 5 } }) },
    repair: 'Lower MaxParallelTrainingJobs.',
  },
  FW5034: {
    title: 'Tuning strategy that does not go with its settings',
    severity: 'warning',
    source: 'Developer Guide, How hyperparameter tuning works: Grid, Hyperband; service text not captured',
    example: {
      set: tune({
        Strategy: 'Grid',
        ParameterRanges: { IntegerParameterRanges: [{ Name: 'n', MinValue: '1', MaxValue: '5' }] },
      }),
    },
    repair: 'Grid takes categorical ranges and their number of combinations; Hyperband stops jobs by itself.',
  },
  FW5035: {
    title: 'Objective of a tuning that is no declared metric',
    severity: 'error',
    source: 'Developer Guide, Define metrics for tuning',
    example: {
      set: tune({ HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'validation:acuracy' } }),
    },
    repair: 'Declare the metric, or correct its name.',
  },
  FW5040: {
    title: 'AutoML step in another mode than ensembling',
    severity: 'warning',
    source: 'SageMaker Python SDK: AutoMLStepInvalidModeError; service text not captured',
    example: {
      set: [
        [
          'Steps[4]',
          { Name: 'Auto', Type: 'AutoML', Arguments: { AutoMLJobConfig: { Mode: 'HYPERPARAMETER_TUNING' } } },
        ],
      ],
    },
    repair: 'Write "Mode": "ENSEMBLING".',
  },
} as const satisfies Readonly<Record<`FW5${number}`, CatalogueEntry>>
