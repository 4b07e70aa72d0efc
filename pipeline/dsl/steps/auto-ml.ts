import type { CreateAutoMLJobRequest, DescribeAutoMLJobResponse } from '@aws-sdk/client-sagemaker'
import type { Args } from '../args.ts'
import type { Expr } from '../expression.ts'
import type { Ref } from '../ref.ts'
import { requestStep } from '../request-step.ts'
import type { CacheableOptions, RetryableOptions, Step, StepOptions } from '../step.ts'

/** `CreateAutoMLJob` without the job's name and without what a pipeline refuses; the mode must be ENSEMBLING. */
export type AutoMLArguments = Omit<
  CreateAutoMLJobRequest,
  'AutoMLJobName' | 'ModelDeployConfig' | 'GenerateCandidateDefinitionsOnly' | 'AutoMLJobConfig'
> & {
  readonly AutoMLJobConfig: Omit<NonNullable<CreateAutoMLJobRequest['AutoMLJobConfig']>, 'Mode'> & {
    readonly Mode: 'ENSEMBLING'
  }
}

export interface AutoMLOptions extends StepOptions, CacheableOptions, RetryableOptions {
  readonly arguments: Args<AutoMLArguments>
  /** Begins the names of the jobs, in a pipeline with `useCustomJobPrefix`. */
  readonly jobNamePrefix?: string
}

export type AutoMLStep = Step<
  Ref<DescribeAutoMLJobResponse> & {
    /** S3 URIs of the best candidate's reports. */
    readonly BestCandidateProperties: {
      readonly ModelInsightsJsonReportPath: Expr<string>
      readonly ExplainabilityJsonReportPath: Expr<string>
    }
  }
>

const moreShapes = {
  BestCandidateProperties: {
    type: 'structure',
    members: { ModelInsightsJsonReportPath: 'ReportPath', ExplainabilityJsonReportPath: 'ReportPath' },
  },
  ReportPath: { type: 'string' },
} as const

/**
 * A step that runs an AutoML job.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateAutoMLJob.html
 */
export const autoMLStep = (name: string, options: AutoMLOptions): AutoMLStep =>
  requestStep('AutoML', name, options, { more: moreShapes })
