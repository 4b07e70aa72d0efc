import type { CompressionName, LayoutName } from '../../schemas/split-names.ts'
import type { Text } from '../dsl/emit.ts'
import type { Value } from '../dsl/expression.ts'
import type { JobOptions, StringValue } from '../dsl/job-options.ts'
import type { CacheableOptions, RetryableOptions } from '../dsl/step.ts'
import type { ConciseProcessing } from '../dsl/steps/processing.ts'
import type { Data } from './data.ts'
import type { Folds } from './make-folds.ts'
import type { Objective } from './objective.ts'
import type { OutputPlace } from './output-uri.ts'
import type { Registration } from './register.ts'
import type { Training } from './training-template.ts'

export interface CrossValidationOptions extends CacheableOptions, RetryableOptions {
  readonly data: Data
  readonly folds: Folds
  /** What every fold trains, and in the end all data. */
  readonly training: Training
  /** What every fold is judged by; its mean over the folds is compared with the baseline. */
  readonly objective: Objective
  /**
   * More metrics for the evaluation and the report: names of metrics of the training, or, when the objective comes from a
   * file, paths of numbers in the same file.
   */
  readonly metrics?: readonly string[]
  /** Go on when at least so many folds gave a finite number. @default every fold must */
  readonly minFolds?: number
  /**
   * CSV that every training writes to `/opt/ml/output/data` with its predictions of the validation records, such as
   * `predictions.csv` of `nodeSvm`: the evaluation then has metrics over all records at once.
   */
  readonly predictions?: string
  /**
   * S3 URI of the folder with the champion's `evaluation.json`, without a trailing `/`: the evaluation then compares the
   * two on the same folds. The folder must exist.
   */
  readonly champion?: StringValue
  /** The least mean (the greatest, when minimising) with which a model is trained on all data and registered. */
  readonly baseline: Value<number>
  /**
   * Compare the mean, or the worse end of its 95 % interval, which allows for the folds' common training records
   * (Nadeau and Bengio 2003). @default 'mean'
   */
  readonly compare?: 'mean' | 'interval'
  /** Where the final model is registered; left out, nothing is. */
  readonly register?: Registration
  /** ARN of the role that the jobs run with. */
  readonly role: StringValue
  /** Where everything is written, below `<pipeline name>/<execution id>/`: a bucket, or an S3 URI without a trailing `/`. */
  readonly output: OutputPlace
  readonly images: {
    /** Foldwise's processing image. */
    readonly processing: StringValue
    /** Default of the training's image. */
    readonly training?: StringValue
  }
  /** The jobs that split and aggregate. @default ml.m5.large with 30 GB, 3600 seconds */
  readonly processing?: Partial<Pick<ConciseProcessing, 'instance' | 'maxRuntimeInSeconds' | 'environment'>>
  /**
   * Instances that split together, each its share of the objects below the data's URI (`ShardedByS3Key`): the folds are those
   * of one instance. They talk to one another on port 47470, so no network isolation. @default 1
   */
  readonly splitInstances?: number
  /** Common to all jobs; a training's own values win. */
  readonly jobs?: Partial<Pick<JobOptions, 'vpc' | 'kmsKey' | 'networkIsolation' | 'tags'>>
  /** `copy` writes a folder per fold; `manifest` writes every record once. @default 'copy' */
  readonly layout?: LayoutName
  /** Of the files of the folds, for trainings that unpack them. zstd needs Node 22.15 in the image. @default 'none' */
  readonly compress?: CompressionName
  /** Files of at most so many bytes of records, before compression. @default as large as they are */
  readonly shardSize?: number
  /**
   * One file per folder, with its records in the order of the data, for trainings that read no more; it costs a copy of the
   * data per fold. @default what the training needs
   */
  readonly singleFile?: boolean
  /** End the execution as failed when the baseline is not reached: true, or the message. @default false */
  readonly rejectModel?: boolean | Text
  /** Begins the names of all steps, and adds a folder to the output: for several cross-validations in one pipeline. */
  readonly stepPrefix?: string
}
