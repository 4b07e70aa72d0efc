import { aggregateContainer } from '../../schemas/containers.ts'
import { type Condition, greaterThanOrEqualTo, lessThanOrEqualTo } from '../dsl/conditions.ts'
import type { Expr } from '../dsl/expression.ts'
import { join } from '../dsl/join.ts'
import { jsonGet } from '../dsl/json-get.ts'
import { mistake } from '../dsl/mistake.ts'
import type { Step } from '../dsl/step.ts'
import { type ConditionStep, conditionStep } from '../dsl/steps/condition.ts'
import { type FailStep, failStep } from '../dsl/steps/fail.ts'
import type { ProcessingStep } from '../dsl/steps/processing.ts'
import { type RegisterModelStep, registerModelStep } from '../dsl/steps/register-model.ts'
import type { TrainingOptions, TrainingStep } from '../dsl/steps/training.ts'
import { aggregateStep, checkAggregation } from './aggregate-step.ts'
import type { CrossValidationOptions } from './cross-validation-options.ts'
import { makeRun, outputOf, type Run, type Split, splitStep, trainingOptions, trainStep } from './fold-steps.ts'
import { readsModels } from './fold-variables.ts'
import { checkDefinitionSize, checkFoldCount } from './limits.ts'
import { servingInstances } from './register.ts'
import { normalizeTraining } from './training-template.ts'

/** The steps of a cross-validation; return it from a pipeline as it is, or put its `steps` among others. */
export interface CrossValidation {
  readonly split: Split
  /** S3 URI of the records that were held out, without a trailing `/`; undefined when none were. */
  readonly test: Expr<string> | undefined
  readonly folds: readonly TrainingStep[]
  readonly aggregate: ProcessingStep<'evaluation', string, 'Evaluation'>
  readonly gate: ConditionStep
  readonly final: TrainingStep
  readonly register: RegisterModelStep | undefined
  readonly reject: FailStep | undefined
  /** The steps at the top: the final training and what follows are inside the gate. */
  readonly steps: readonly Step[]
}

/**
 * K-fold cross-validation: split, train every fold, aggregate, compare with a baseline, then train on all data and
 * register the model. The emitted document is described in `docs/architecture.md`.
 *
 * @throws UserError when k is more than the service has room for, or the objective is no metric of the training
 */
export function crossValidation(options: CrossValidationOptions): CrossValidation {
  const { count } = options.folds
  checkAggregation(options)
  checkFoldCount(options)
  checkCache(options)
  const run = makeRun(options)
  const split = splitStep(run)
  const trainings = Array.from({ length: count }, (_, fold) => trainStep(run, fold, trainingOptions(run, split, fold)))
  const aggregate = aggregateStep(run, split, trainings)
  const finalTraining = trainingOptions(run, split, null)
  const final = trainStep(run, null, finalTraining)
  const register = registerStep(run, finalTraining, final, aggregate)
  const reject = rejectStep(run)
  const gate = conditionStep(run.name('CompareWithBaseline'), {
    conditions: gateCondition(options, aggregate),
    ifSteps: register === undefined ? [final] : [final, register],
    elseSteps: reject === undefined ? [] : [reject],
  })
  const steps = Object.freeze([split, ...trainings, aggregate, gate])
  checkDefinitionSize(count, steps)
  const test = options.folds.options.holdout === undefined ? undefined : outputOf(split, 'test')
  return Object.freeze({
    split,
    test,
    folds: Object.freeze(trainings),
    aggregate,
    gate,
    final,
    register,
    reject,
    steps,
  })
}

function gateCondition(
  { objective, baseline, compare = 'mean' }: CrossValidationOptions,
  aggregate: CrossValidation['aggregate'],
): Condition {
  const isMaximum = objective.direction === 'maximize'
  const path = compare === 'mean' ? 'objective.value' : `objective.ci95_corrected[${isMaximum ? 0 : 1}]`
  const value = jsonGet(aggregate.propertyFiles.Evaluation, path)
  return isMaximum ? greaterThanOrEqualTo(value, baseline) : lessThanOrEqualTo(value, baseline)
}

function registerStep(
  { options, name }: Run,
  training: TrainingOptions,
  final: TrainingStep,
  aggregate: CrossValidation['aggregate'],
): RegisterModelStep | undefined {
  const { register } = options
  if (register === undefined) return undefined
  const image = register.image ?? ('image' in training ? training.image : undefined)
  if (image === undefined) {
    throw mistake('crossValidation: register — no image is named that serves the model; give register.image.')
  }
  const { contentTypes, responseTypes } = normalizeTraining(options.training)
  return registerModelStep(name('RegisterModel'), {
    inferenceInstances: servingInstances,
    transformInstances: servingInstances,
    contentTypes,
    responseTypes,
    ...register,
    image,
    modelData: final.properties.ModelArtifacts.S3ModelArtifacts,
    modelQuality: join`${outputOf(aggregate, 'evaluation')}/${aggregateContainer.evaluationFile}`,
  })
}

function rejectStep({ options, name }: Run): FailStep | undefined {
  const { rejectModel = false, objective, baseline, compare = 'mean' } = options
  if (rejectModel === false) return undefined
  const side = objective.direction === 'maximize' ? 'below' : 'above'
  const message =
    rejectModel === true
      ? join`The ${compare === 'mean' ? 'mean' : `${objective.direction === 'maximize' ? 'lower' : 'upper'} end of the 95 % interval of the mean`} of ${objective.name} over the folds is ${side} the baseline ${baseline}.`
      : rejectModel
  return failStep(name('RejectModel'), { message })
}

/** For files of the trainings the aggregation reads this execution's models, and a cached training leaves none. */
function checkCache(options: CrossValidationOptions): void {
  const { cache, objective } = options
  if (!readsModels(options) || cache === undefined || cache === false) return
  throw mistake(
    'file' in objective.source
      ? 'crossValidation: cache — the objective comes from a file of each training, and a training taken from the cache writes none for this execution; take the objective from a metric, or leave cache out.'
      : 'crossValidation: cache — the predictions are a file of each training, and a training taken from the cache writes none for this execution; leave out predictions or cache.',
  )
}
