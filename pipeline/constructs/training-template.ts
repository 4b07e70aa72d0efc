import { join } from '../dsl/join.ts'
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
  if (fold === null) {
    return {
      num_training_samples: join`${jsonGet(report, 'records')}`,
      num_classes: jsonGet(report, 'folds[0].hyperparameters.num_classes'),
      fold_name: 'final',
    }
  }
  const fact = (name: string) => jsonGet<string>(report, `folds[${fold}].hyperparameters.${name}`)
  return {
    num_training_samples: fact('num_training_samples'),
    num_validation_samples: fact('num_validation_samples'),
    num_classes: fact('num_classes'),
    fold_name: fact('fold_name'),
  }
}
