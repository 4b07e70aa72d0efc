import { foldValues, MAX_PROCESSING_ENVIRONMENT } from '../../schemas/aggregate-options.ts'
import { MAX_DEFINITION_CHARACTERS } from '../../schemas/definition.ts'
import { mistake } from '../dsl/mistake.ts'
import type { Step } from '../dsl/step.ts'
import { readsModels, variableCount } from './fold-variables.ts'
import type { CrossValidationOptions } from './cross-validation-options.ts'

/** Longest container argument of a processing job (CreateProcessingJob, ContainerArgument). */
const MAX_ARGUMENT_CHARACTERS = 256

/** The folds' values travel in environment variables of the aggregation, and a processing job has room for so many. */
export function checkFoldCount(options: CrossValidationOptions): void {
  const { count } = options.folds
  const others = Object.keys(options.processing?.environment ?? {}).length
  const needed = variableCount(options, count) + others
  if (needed <= MAX_PROCESSING_ENVIRONMENT) return
  const most = mostFolds(options, MAX_PROCESSING_ENVIRONMENT - others)
  const isMetric = 'metric' in options.objective.source
  const what = isMetric ? (readsModels(options) ? 'values and training job names' : 'objectives') : 'training job names'
  const instead = isMetric
    ? ''
    : `, or take the objective from a metric, which has room for ${MAX_PROCESSING_ENVIRONMENT * foldValues.metric.perVariable}`
  throw mistake(
    `crossValidation: k — ${count} folds need ${needed} environment variables for their ${what}, and a processing job has at most ${MAX_PROCESSING_ENVIRONMENT}; use at most ${most} folds${instead}.`,
  )
}

function mostFolds(options: CrossValidationOptions, room: number): number {
  let most = room * foldValues.metric.perVariable
  while (most > 0 && variableCount(options, most) > room) most--
  return most
}

export function checkContainerArguments(step: string, values: readonly string[]): void {
  const long = values.find(value => value.length > MAX_ARGUMENT_CHARACTERS)
  if (long === undefined) return
  throw mistake(
    `crossValidation: step "${step}" — the container argument "${long.slice(0, 40)}…" has ${long.length} characters, and the service takes at most ${MAX_ARGUMENT_CHARACTERS}; shorten it, for example by naming a column by its index.`,
  )
}

/** Every fold adds a training step to the definition, whose length the service limits. */
export function checkDefinitionSize(k: number, steps: readonly Step[]): void {
  const characters = steps.reduce((sum, step) => sum + JSON.stringify(step.definition).length + 1, 0)
  if (characters <= MAX_DEFINITION_CHARACTERS) return
  const fits = Math.floor((k * MAX_DEFINITION_CHARACTERS) / characters)
  throw mistake(
    `crossValidation: k — ${k} folds give a definition of ${characters} characters, and the service takes at most ${MAX_DEFINITION_CHARACTERS}; use at most about ${fits} folds, or shorten what every training repeats (hyperparameters, environment, tags).`,
  )
}
