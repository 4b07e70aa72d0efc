import type {
  CreateHyperParameterTuningJobRequest,
  DescribeHyperParameterTuningJobResponse,
  HyperParameterTuningJobStrategyType,
  HyperParameterTuningJobWarmStartType,
  ListTrainingJobsForHyperParameterTuningJobResponse,
  TrainingJobEarlyStoppingType,
} from '@aws-sdk/client-sagemaker'
import { didYouMeanOrList } from '../../../schemas/nearest.ts'
import type { Args, ArgsOverride, NotConcise } from '../args.ts'
import { overlay, text } from '../emit.ts'
import type { Expr, Value } from '../expression.ts'
import { type JobOptions, type StringValue, tagList } from '../job-options.ts'
import { join } from '../join.ts'
import { mistake, show } from '../mistake.ts'
import type { Ref } from '../ref.ts'
import { requestStep } from '../request-step.ts'
import { type CacheableOptions, isConciseForm, type RetryableOptions, type Step, type StepOptions } from '../step.ts'
import { emitRanges, type TuningRange } from '../tuning-ranges.ts'
import { type ConciseTraining, trainingArguments } from './training.ts'

/** `CreateHyperParameterTuningJob` without the job's name, which the service makes. */
export type TuningArguments = Omit<CreateHyperParameterTuningJobRequest, 'HyperParameterTuningJobName'>

interface TuningStepOptions extends StepOptions, CacheableOptions, RetryableOptions {
  /** Begins the names of the jobs, in a pipeline with `useCustomJobPrefix`. */
  readonly jobNamePrefix?: string
}

/** What the training jobs are compared by; `maximize('validation:auc')` makes one. */
export interface TuningObjective {
  readonly direction: 'maximize' | 'minimize'
  readonly source: { readonly metric: string } | { readonly file: string; readonly path: string }
}

/** A tuning job in our words; `arguments` is laid over what they give. */
export interface ConciseTuning extends TuningStepOptions {
  /** Every training job: the options of a `trainingStep`, such as an algorithm's `stepOptions` gives. */
  readonly training: ConciseTraining
  /** Hyperparameters that are tried, by name; the others keep the values of `training`. */
  readonly ranges: Readonly<Record<string, TuningRange>>
  readonly objective: TuningObjective
  readonly limits: {
    /** Training jobs in all; left out only for `Grid`, which tries every combination. */
    readonly jobs?: Value<number>
    /** Training jobs at once. */
    readonly parallel: Value<number>
    /** Longest time of the whole tuning job. */
    readonly runtimeInSeconds?: Value<number>
  }
  /** @default 'Bayesian' */
  readonly strategy?: HyperParameterTuningJobStrategyType | Expr<string>
  /** For the strategy `Hyperband`: epochs that a training job gets, at least and at most. */
  readonly hyperband?: { readonly minResource?: Value<number>; readonly maxResource?: Value<number> }
  /** Stop training jobs that will not become the best. @default 'Off' by the service */
  readonly earlyStopping?: TrainingJobEarlyStoppingType | Expr<string>
  /** End before the limits are reached. */
  readonly completeWhen?: {
    /** The objective is as good as this. */
    readonly objectiveReaches?: Value<number>
    /** So many training jobs in a row were no better than the best. */
    readonly jobsWithoutImprovement?: Value<number>
    /** The service expects no better job. */
    readonly converged?: boolean
  }
  /** Learn from earlier tuning jobs, up to five, named. */
  readonly warmStart?: {
    readonly parents: readonly StringValue[]
    readonly type: HyperParameterTuningJobWarmStartType
  }
  /** Same number, same choices. */
  readonly randomSeed?: Value<number>
  /** Of the tuning job and all its training jobs, beside those of `training`. */
  readonly tags?: JobOptions['tags']
  readonly arguments?: ArgsOverride<TuningArguments>
}

/** A tuning job in AWS's words: the request verbatim. */
export interface VerbatimTuning extends TuningStepOptions {
  readonly arguments: Args<TuningArguments>
}

export type TuningOptions = ConciseTuning | (VerbatimTuning & NotConcise<ConciseTuning, VerbatimTuning>)

type TuningProperties = Ref<
  DescribeHyperParameterTuningJobResponse & Omit<ListTrainingJobsForHyperParameterTuningJobResponse, 'NextToken'>
>

export interface TuningStep extends Step<TuningProperties> {
  /**
   * S3 URI of the `rank`-best model, 0 (the best) to 49, when the training jobs write below `output`.
   *
   * @param output The `S3OutputPath` of the training job definition. @default the `output` of `training`
   */
  topModel(rank: number, output?: StringValue): Expr<string>
}

/** The reach of `TrainingJobSummaries`: the 50 best. */
const MOST_RANKS = 50

/**
 * A step that runs a hyperparameter tuning job. `properties.TrainingJobSummaries` lists the training jobs, best first.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateHyperParameterTuningJob.html
 */
export function tuningStep(name: string, options: TuningOptions): TuningStep {
  const concise = isConciseForm(name, options, 'training') ? (options as ConciseTuning) : undefined
  const base = concise === undefined ? {} : tuningArguments(name, concise)
  const step = requestStep<TuningProperties>(
    'Tuning',
    name,
    concise === undefined ? options : { ...inherited(concise.training), ...options, ...joined(concise) },
    { arguments: overlay(base, options.arguments) },
  )
  return Object.freeze({
    ...step,
    topModel(rank: number, output: StringValue | undefined = concise?.training.output) {
      if (!Number.isInteger(rank) || rank < 0 || rank >= MOST_RANKS) {
        throw mistake(
          `Step "${name}": topModel(${rank}) — the service keeps the 50 best training jobs; give a rank from 0 to 49.`,
        )
      }
      if (output === undefined) {
        throw mistake(
          `Step "${name}": topModel(${rank}) — the output is not known here; give the S3OutputPath of the training job definition.`,
        )
      }
      const job = step.properties.TrainingJobSummaries[rank as 0]
      return join('/', [text(output), job.TrainingJobName, 'output/model.tar.gz'])
    },
  })
}

/** What a training says about its step holds for the tuning step that runs it. */
const inherited = ({ cache, retry }: ConciseTraining) => ({
  ...(cache !== undefined && { cache }),
  ...(retry !== undefined && { retry }),
})

const joined = ({ training, dependsOn = [], assets = [] }: ConciseTuning) => ({
  dependsOn: [...(training.dependsOn ?? []), ...dependsOn],
  assets: [...(training.assets ?? []), ...assets],
})

function tuningArguments(name: string, options: ConciseTuning) {
  const { objective, limits, strategy = 'Bayesian', hyperband, completeWhen: end, warmStart, ranges } = options
  return {
    HyperParameterTuningJobConfig: {
      Strategy: strategy,
      StrategyConfig: hyperband && {
        HyperbandStrategyConfig: { MinResource: hyperband.minResource, MaxResource: hyperband.maxResource },
      },
      HyperParameterTuningJobObjective: {
        Type: objective.direction === 'maximize' ? 'Maximize' : 'Minimize',
        MetricName: metricName(name, options),
      },
      ResourceLimits: {
        MaxNumberOfTrainingJobs: limits.jobs,
        MaxParallelTrainingJobs: limits.parallel,
        MaxRuntimeInSeconds: limits.runtimeInSeconds,
      },
      ParameterRanges: emitRanges(name, ranges),
      TrainingJobEarlyStoppingType: options.earlyStopping,
      TuningJobCompletionCriteria: end && {
        TargetObjectiveMetricValue: end.objectiveReaches,
        BestObjectiveNotImproving: end.jobsWithoutImprovement && {
          MaxNumberOfTrainingJobsNotImproving: end.jobsWithoutImprovement,
        },
        ConvergenceDetected: end.converged && { CompleteOnConvergence: 'Enabled' },
      },
      RandomSeed: options.randomSeed,
    },
    TrainingJobDefinition: trainingJobDefinition(name, options),
    WarmStartConfig: warmStart && {
      ParentHyperParameterTuningJobs: warmStart.parents.map(parent => ({ HyperParameterTuningJobName: parent })),
      WarmStartType: warmStart.type,
    },
    Tags: tagList(options.training.tags || options.tags ? { ...options.training.tags, ...options.tags } : undefined),
  }
}

function metricName(name: string, { objective, training }: ConciseTuning): string {
  const { source } = objective
  if (!('metric' in source)) {
    throw mistake(
      `Step "${name}": objective — it is a number in the file ${source.file}, and a tuning job compares metrics only; give the name of a metric.`,
    )
  }
  const declared = Object.keys(training.metrics ?? {})
  if (declared.length === 0 || declared.includes(source.metric)) return source.metric
  throw mistake(
    `Step "${name}": objective — the training has no metric ${show(source.metric)}; name one of its metrics.${didYouMeanOrList(source.metric, declared)}`,
  )
}

/** Members of a training request that mean the same in a training job definition. */
const shared = new Set([
  'RoleArn',
  'InputDataConfig',
  'OutputDataConfig',
  'ResourceConfig',
  'StoppingCondition',
  'EnableManagedSpotTraining',
  'CheckpointConfig',
  'Environment',
  'VpcConfig',
  'EnableNetworkIsolation',
  'EnableInterContainerTrafficEncryption',
  'RetryStrategy',
])
const sharedAlgorithm = new Set(['TrainingImage', 'AlgorithmName', 'TrainingInputMode', 'MetricDefinitions'])

function trainingJobDefinition(name: string, { training, ranges }: ConciseTuning) {
  const request = overlay(trainingArguments(name, training), training.arguments) as Record<string, unknown>
  const { AlgorithmSpecification: algorithm, HyperParameters: values, Tags: _tags, ...rest } = request
  checkPlaces(name, rest, shared, '')
  checkPlaces(name, algorithm as object, sharedAlgorithm, 'AlgorithmSpecification.')
  const fixed = Object.entries(values ?? {}).filter(([hyperparameter]) => !Object.hasOwn(ranges, hyperparameter))
  return {
    ...(fixed.length > 0 && { StaticHyperParameters: Object.fromEntries(fixed) }),
    AlgorithmSpecification: algorithm,
    ...rest,
  }
}

/** @throws UserError for what a training can say and the jobs of a tuning cannot */
function checkPlaces(name: string, members: object, known: ReadonlySet<string>, above: string): void {
  const lost = Object.entries(members).find(([member, value]) => value !== undefined && !known.has(member))
  if (lost === undefined) return
  throw mistake(
    `Step "${name}": training — it gives ${above}${lost[0]}, for which the training jobs of a tuning job have no place; leave it out.`,
  )
}
