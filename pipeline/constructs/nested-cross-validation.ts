import type { Candidate } from '../../schemas/choose-options.ts'
import { nestedFolders } from '../../schemas/nested-folds.ts'
import { foldCount } from '../../schemas/split-options.ts'
import type { Scalar } from '../../schemas/definition.ts'
import type { Expr } from '../dsl/expression.ts'
import { mistake, show } from '../dsl/mistake.ts'
import type { Step } from '../dsl/step.ts'
import type { TrainingStep } from '../dsl/steps/training.ts'
import { type Aggregate, aggregateStep, checkAggregation } from './aggregate-step.ts'
import { type Choose, chooseStep, chosenHyperparameters } from './choose-step.ts'
import type { CrossValidationOptions } from './cross-validation-options.ts'
import { type GateSteps, gateSteps } from './gate-steps.ts'
import { checkDefinitionSize, checkFoldCount } from './limits.ts'
import { makeRun, type Run } from './run.ts'
import { heldOut, type Split, splitStep } from './split-step.ts'
import { type FoldPlace, trainingOptions, trainStep } from './train-step.ts'

export interface NestedCrossValidationOptions extends Omit<CrossValidationOptions, 'predictions' | 'splitInstances'> {
  /** Sets of hyperparameters to choose among, by name, all with the same members; laid over the training's own. */
  readonly candidates: Readonly<Record<string, Readonly<Record<string, Scalar>>>>
  /** Folds of every outer training set, on which the candidates of an outer fold are compared. */
  readonly innerK: number
}

/** One outer fold: what was tried on its inner folds, and what was chosen. */
export interface OuterFold {
  /** Per candidate its trainings on the inner folds. */
  readonly tried: Readonly<Record<string, readonly TrainingStep[]>>
  readonly choose: Choose
  /** Trained on the whole outer training set with what was chosen, judged on the outer validation set. */
  readonly training: TrainingStep
}

/** The steps of a nested cross-validation; return it from a pipeline as it is, or put its `steps` among others. */
export interface NestedCrossValidation extends GateSteps {
  readonly split: Split
  /** S3 URI of the records that were held out, without a trailing `/`; undefined when none were. */
  readonly test: Expr<string> | undefined
  readonly folds: readonly OuterFold[]
  readonly aggregate: Aggregate
  /** Chooses for the final training, by the outer folds; its trainings and it are inside the gate. */
  readonly chooseFinal: Choose
  /** The steps at the top: what follows the gate is inside it. */
  readonly steps: readonly Step[]
}

/**
 * Nested cross-validation, for models whose hyperparameters are chosen: every outer fold chooses among the candidates on inner
 * folds of its training set, trains what it chose on all of it, and is judged on records that had no part in the choice. The
 * mean of that is compared with the baseline; then the candidates are compared on the outer folds, and the best is trained on
 * all data and registered. The folds and choices are those of scikit-learn's `cross_val_score` of a `GridSearchCV`, whose
 * `cv` are splitters of the same kind and `random_state`.
 *
 * It needs a training per candidate and inner fold of every outer fold, and per candidate and outer fold.
 *
 * @throws UserError for candidates that do not have the same hyperparameters, and an objective that is no metric
 */
export function nestedCrossValidation(given: NestedCrossValidationOptions): NestedCrossValidation {
  const { candidates: named, innerK, ...options } = given
  const candidates = readCandidates(named)
  checkOptions(options, innerK)
  checkAggregation(options)
  checkFoldCount(options)
  const run = makeRun(options, innerK)
  const split = splitStep(run)
  const outer = outerPlaces(options, innerK)
  const folds = outer.map(({ inner, refit }, fold): OuterFold => {
    const { choose, tried } = compare(run, split, candidates, {
      name: `-${fold}`,
      folder: `fold-${fold}`,
      places: inner,
    })
    const training = trainingOptions(run, split, {
      fold: refit,
      model: `fold-${fold}`,
      hyperparameters: chosenHyperparameters(choose, candidates),
    })
    return Object.freeze({ tried, choose, training: trainStep(run, `TrainFold-${fold}`, training) })
  })
  const trainings = folds.map(({ training }) => training)
  const aggregate = aggregateStep(run, split, trainings)
  const places = outer.map(({ refit }) => refit)
  const last = compare(run, split, candidates, { name: 'Final', folder: 'final', places })
  const final = trainingOptions(run, split, {
    fold: null,
    model: 'final',
    hyperparameters: chosenHyperparameters(last.choose, candidates),
  })
  const rest = gateSteps(run, aggregate, final, [...Object.values(last.tried).flat(), last.choose])
  const steps = Object.freeze([
    split,
    ...folds.flatMap(({ tried, choose, training }) => [...Object.values(tried).flat(), choose, training]),
    aggregate,
    rest.gate,
  ])
  checkDefinitionSize(options.folds.count, steps)
  return Object.freeze({
    split,
    test: heldOut(run, split),
    folds: Object.freeze(folds),
    aggregate,
    chooseFinal: last.choose,
    ...rest,
    steps,
  })
}

interface Comparison {
  /** Ends the names of the steps. */
  readonly name: string
  readonly folder: string
  readonly places: readonly FoldPlace[]
}

/** Trains every candidate on some folds, and chooses the best. */
function compare(
  run: Run,
  split: Split,
  candidates: readonly Candidate[],
  { name, folder, places }: Comparison,
): Pick<OuterFold, 'tried' | 'choose'> {
  const tried = candidates.map(({ name: candidate, hyperparameters }) => {
    const steps = places.map((fold, at) => {
      const model = `choices/${folder}/${candidate}/${at}`
      return trainStep(
        run,
        `Try${name}-${candidate}-${at}`,
        trainingOptions(run, split, { fold, model, hyperparameters }),
      )
    })
    return [candidate, Object.freeze(steps)] as const
  })
  const choose = chooseStep(run, split, `Choose${name}`, {
    candidates,
    folds: places.map(({ index }) => index),
    trainings: tried.flatMap(([, steps]) => steps),
    folder,
  })
  return { tried: Object.freeze(Object.fromEntries(tried)), choose }
}

interface OuterPlace {
  readonly inner: readonly FoldPlace[]
  readonly refit: FoldPlace
}

/** Where the split lists the folds: the inner ones of an outer fold, then its refit. */
function outerPlaces({ folds }: Pick<CrossValidationOptions, 'folds'>, innerK: number): OuterPlace[] {
  const innerCount = foldCount({ ...folds.options, k: innerK })
  return Array.from({ length: folds.count }, (_, fold) => {
    const first = fold * (innerCount + 1)
    return {
      inner: Array.from({ length: innerCount }, (_, at) => ({
        index: first + at,
        folder: nestedFolders.inner(fold, at),
      })),
      refit: { index: first + innerCount, folder: nestedFolders.refit(fold) },
    }
  })
}

function readCandidates(named: NestedCrossValidationOptions['candidates']): Candidate[] {
  const candidates = Object.entries(named).map(([name, values]) => ({
    name,
    hyperparameters: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)])),
  }))
  const [first, ...others] = candidates
  if (first === undefined || others.length === 0)
    refuse(`candidates — ${candidates.length} of them leave nothing to choose; give two or more.`)
  const namesOf = ({ hyperparameters }: Candidate) => Object.keys(hyperparameters).toSorted().join(', ')
  for (const candidate of candidates) {
    if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,19}$/.test(candidate.name))
      refuse(
        `candidates — ${show(candidate.name)} becomes part of the names of steps; use 1 to 20 letters, digits and "-", a letter or digit first.`,
      )
    if (namesOf(candidate) !== namesOf(first) || namesOf(candidate) === '')
      refuse(
        `candidates — ${show(candidate.name)} has ${namesOf(candidate) || 'no hyperparameters'}, and ${show(first?.name)} has ${namesOf(first) || 'none'}; give all the same ones.`,
      )
  }
  const odd = Object.keys(first?.hyperparameters ?? {}).find(name => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
  if (odd !== undefined)
    refuse(
      `candidates — the hyperparameter ${show(odd)} is read from a JSON file by its name; use letters, digits and "_".`,
    )
  return candidates
}

function checkOptions({ folds, objective }: CrossValidationOptions, innerK: number): void {
  if (!Number.isSafeInteger(innerK) || innerK < 2)
    refuse(`innerK — ${show(innerK)} is no number of folds; give a whole number of 2 or more.`)
  if (!folds.canNest) refuse(`folds — ${folds.call} has no inner folds; use kFold or another strategy.`)
  if (!('metric' in objective.source))
    refuse(
      `objective — ${show(objective.name)} comes from a file, of which a step would have to read every training's; take a metric, such as maximize("validation:accuracy").`,
    )
}

function refuse(sentence: string): never {
  throw mistake(`nestedCrossValidation: ${sentence}`)
}
