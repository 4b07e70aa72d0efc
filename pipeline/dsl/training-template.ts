import type { CompressionName, FormatName } from '../../schemas/split-names.ts'
import type { Expr } from './expression.ts'
import type { StringValue } from './job-options.ts'
import type { ConciseTraining, VerbatimTraining } from './steps/training.ts'

/** The data set of a cross-validation, as a training sees it. */
export interface TrainingData {
  readonly uri: StringValue
  readonly format: FormatName
  /** MIME type for channels. */
  readonly contentType: string
  readonly header: boolean
  /** Column name, 0-based column index, or JSON member that holds the label. */
  readonly label: string | undefined
  /** Several label columns, in place of `label`. */
  readonly labels?: readonly string[]
  /** The folds are pairs of files, features and label. */
  readonly numberPairs?: boolean
  /** How the files of the folds are compressed. @default 'none' */
  readonly compress?: CompressionName
}

/** A channel of the data set that a fold trains or validates on. */
export interface FoldChannel {
  readonly uri: Expr<string>
  readonly contentType: string
  readonly manifest: boolean
  /** Of an augmented manifest: the attributes of a line that are given, in order; then these are there too. */
  readonly augmentedManifest?: readonly string[]
  readonly recordWrapper?: 'RecordIO'
  readonly inputMode?: 'Pipe'
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
  readonly data: TrainingData
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
  /** Metrics that the program reports without `MetricDefinitions`; left out, any name may be an objective. */
  readonly metricNames?: readonly string[]
  /** Formats of which a channel has to be a single file. @default none */
  readonly singleFile?: readonly FormatName[]
}
