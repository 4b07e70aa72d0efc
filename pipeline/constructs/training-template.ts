import { jsonGet, type PropertyFile } from '../dsl/json-get.ts'
import type { FoldFacts, TrainingTemplate } from '../dsl/training-template.ts'

export type {
  FoldChannel,
  FoldFacts,
  FoldTraining,
  TrainingContext,
  TrainingData,
  TrainingTemplate,
} from '../dsl/training-template.ts'

/** A training as `crossValidation` takes it: a template, or a function that gives each training's options. */
export type Training = TrainingTemplate | TrainingTemplate['options']

export function normalizeTraining(training: Training): TrainingTemplate {
  if (typeof training !== 'function') return training
  return { kind: 'foldwise.training', options: training, contentTypes: ['text/csv'], responseTypes: ['text/csv'] }
}

/** @param fold null for the final training on all data */
export function foldFacts(report: PropertyFile, fold: number | null): FoldFacts {
  const place = fold === null ? 'hyperparameters' : `folds[${fold}].hyperparameters`
  const fact = (name: string) => jsonGet<string>(report, `${place}.${name}`)
  return {
    num_training_samples: fact('num_training_samples'),
    ...(fold !== null && { num_validation_samples: fact('num_validation_samples') }),
    num_classes: fact('num_classes'),
    fold_name: fact('fold_name'),
  }
}
