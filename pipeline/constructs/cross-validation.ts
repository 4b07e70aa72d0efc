import type { Expr } from '../dsl/expression.ts'
import { mistake } from '../dsl/mistake.ts'
import type { Step } from '../dsl/step.ts'
import type { TrainingStep } from '../dsl/steps/training.ts'
import { type Aggregate, aggregateStep, checkAggregation } from './aggregate-step.ts'
import type { CrossValidationOptions } from './cross-validation-options.ts'
import { readsModels } from './fold-variables.ts'
import { type GateSteps, gateSteps } from './gate-steps.ts'
import { checkDefinitionSize, checkFoldCount } from './limits.ts'
import { makeRun } from './run.ts'
import { heldOut, type Split, splitStep } from './split-step.ts'
import { plainFold, trainingOptions, trainStep } from './train-step.ts'

/** The steps of a cross-validation; return it from a pipeline as it is, or put its `steps` among others. */
export interface CrossValidation extends GateSteps {
  readonly split: Split
  /** S3 URI of the records that were held out, without a trailing `/`; undefined when none were. */
  readonly test: Expr<string> | undefined
  readonly folds: readonly TrainingStep[]
  readonly aggregate: Aggregate
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
  const trainings = Array.from({ length: count }, (_, fold) => {
    const training = trainingOptions(run, split, { fold: plainFold(fold), model: `fold-${fold}` })
    return trainStep(run, `TrainFold-${fold}`, training)
  })
  const aggregate = aggregateStep(run, split, trainings)
  const rest = gateSteps(run, aggregate, trainingOptions(run, split, { fold: null, model: 'final' }))
  const steps = Object.freeze([split, ...trainings, aggregate, rest.gate])
  checkDefinitionSize(count, steps)
  return Object.freeze({
    split,
    test: heldOut(run, split),
    folds: Object.freeze(trainings),
    aggregate,
    ...rest,
    steps,
  })
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
