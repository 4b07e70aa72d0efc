import type {
  CreateHyperParameterTuningJobRequest,
  DescribeHyperParameterTuningJobResponse,
  ListTrainingJobsForHyperParameterTuningJobResponse,
} from '@aws-sdk/client-sagemaker'
import type { Args } from '../args.ts'
import { text } from '../emit.ts'
import type { Expr } from '../expression.ts'
import type { StringValue } from '../job-options.ts'
import { join } from '../join.ts'
import { mistake } from '../mistake.ts'
import type { Ref } from '../ref.ts'
import { requestStep } from '../request-step.ts'
import type { CacheableOptions, RetryableOptions, Step, StepOptions } from '../step.ts'

/** `CreateHyperParameterTuningJob` without the job's name, which the service makes. */
export type TuningArguments = Omit<CreateHyperParameterTuningJobRequest, 'HyperParameterTuningJobName'>

export interface TuningOptions extends StepOptions, CacheableOptions, RetryableOptions {
  readonly arguments: Args<TuningArguments>
  /** Begins the names of the jobs, in a pipeline with `useCustomJobPrefix`. */
  readonly jobNamePrefix?: string
}

type TuningProperties = Ref<
  DescribeHyperParameterTuningJobResponse & Omit<ListTrainingJobsForHyperParameterTuningJobResponse, 'NextToken'>
>

export interface TuningStep extends Step<TuningProperties> {
  /**
   * S3 URI of the `rank`-best model, 0 (the best) to 49, when the training jobs write below `output`.
   *
   * @param output The `S3OutputPath` of the training job definition.
   */
  topModel(rank: number, output: StringValue): Expr<string>
}

/** The reach of `TrainingJobSummaries`: the 50 best. */
const MOST_RANKS = 50

/**
 * A step that runs a hyperparameter tuning job. `properties.TrainingJobSummaries` lists the training jobs, best first.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateHyperParameterTuningJob.html
 */
export function tuningStep(name: string, options: TuningOptions): TuningStep {
  const step = requestStep<TuningProperties>('Tuning', name, options)
  return Object.freeze({
    ...step,
    topModel(rank: number, output: StringValue) {
      if (!Number.isInteger(rank) || rank < 0 || rank >= MOST_RANKS) {
        throw mistake(
          `Step "${name}": topModel(${rank}) — the service keeps the 50 best training jobs; give a rank from 0 to 49.`,
        )
      }
      const job = step.properties.TrainingJobSummaries[rank as 0]
      return join('/', [text(output), job.TrainingJobName, 'output/model.tar.gz'])
    },
  })
}
