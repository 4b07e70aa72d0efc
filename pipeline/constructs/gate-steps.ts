import { aggregateContainer } from '../../schemas/containers.ts'
import { type Condition, greaterThanOrEqualTo, lessThanOrEqualTo } from '../dsl/conditions.ts'
import { join } from '../dsl/join.ts'
import { jsonGet } from '../dsl/json-get.ts'
import { mistake } from '../dsl/mistake.ts'
import type { Step } from '../dsl/step.ts'
import { type ConditionStep, conditionStep } from '../dsl/steps/condition.ts'
import { type FailStep, failStep } from '../dsl/steps/fail.ts'
import { type RegisterModelStep, registerModelStep } from '../dsl/steps/register-model.ts'
import type { TrainingOptions, TrainingStep } from '../dsl/steps/training.ts'
import type { Aggregate } from './aggregate-step.ts'
import type { CrossValidationOptions } from './cross-validation-options.ts'
import { servingInstances } from './register.ts'
import type { Run } from './run.ts'
import { outputOf } from './split-step.ts'
import { trainStep } from './train-step.ts'
import { normalizeTraining } from './training-template.ts'

/** What follows the aggregation. */
export interface GateSteps {
  readonly gate: ConditionStep
  readonly final: TrainingStep
  readonly register: RegisterModelStep | undefined
  readonly reject: FailStep | undefined
}

/**
 * Compares with the baseline, and trains on all data and registers the model when it is reached.
 *
 * @param before Steps that the final training waits for, on the same side of the gate.
 */
export function gateSteps(
  run: Run,
  aggregate: Aggregate,
  finalTraining: TrainingOptions,
  before: readonly Step[] = [],
): GateSteps {
  const final = trainStep(run, 'TrainFinal', finalTraining)
  const register = registerStep(run, finalTraining, final, aggregate)
  const reject = rejectStep(run)
  const gate = conditionStep(run.name('CompareWithBaseline'), {
    conditions: gateCondition(run.options, aggregate),
    ifSteps: [...before, final, ...(register === undefined ? [] : [register])],
    elseSteps: reject === undefined ? [] : [reject],
  })
  return { gate, final, register, reject }
}

function gateCondition(
  { objective, baseline, compare = 'mean' }: CrossValidationOptions,
  aggregate: Aggregate,
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
  aggregate: Aggregate,
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
