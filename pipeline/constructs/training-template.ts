import { type Expr } from '../dsl/expression.ts'
import { join } from '../dsl/join.ts'
import { jsonGet, type PropertyFile } from '../dsl/json-get.ts'
import type { ConciseTraining, VerbatimTraining } from '../dsl/steps/training.ts'
import type { Data } from './data.ts'

/** A channel of the data set that a fold trains or validates on. */
export interface FoldChannel {
  readonly uri: Expr<string>
  readonly contentType: string
  readonly manifest: boolean
}

/** Facts of the fold report for hyperparameters; all are text, as the service wants hyperparameters. */
export interface FoldFacts {
  readonly num_training_samples: Expr<string>
  readonly num_classes: Expr<string>
  readonly fold_name: Expr<string> | string
  /** Absent in the final training, which validates on nothing. */
  readonly num_validation_samples?: Expr<string>
}

/** What a training is told about its place in the cross-validation. */
export interface TrainingContext {
  /** 0-based fold index; null for the final training on all data. */
  readonly fold: number | null
  /** `train`, and for a fold `validation`: ready for a training step's `channels`. */
  readonly channels: { readonly train: FoldChannel; readonly validation?: FoldChannel }
  /** From the fold report, read when the pipeline runs. */
  readonly facts: FoldFacts
  readonly data: Data
}

/** A training step's options; role, output, image and instance may come from the cross-validation. */
export type FoldTraining = FoldTrainingOptions | VerbatimTraining

type Inherited = 'role' | 'output' | 'image' | 'instance'

interface FoldTrainingOptions extends Omit<ConciseTraining, Inherited>, Partial<Pick<ConciseTraining, Inherited>> {
  readonly channels: NonNullable<ConciseTraining['channels']>
}

/** One training program, for every fold and for the final training. */
export interface TrainingTemplate {
  readonly kind: 'foldwise.training'
  readonly options: (context: TrainingContext) => FoldTraining
  /** What an endpoint with the model takes and gives. */
  readonly contentTypes: readonly string[]
  readonly responseTypes: readonly string[]
}

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
