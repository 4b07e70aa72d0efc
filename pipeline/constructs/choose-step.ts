import { foldValues, MAX_PROCESSING_ENVIRONMENT } from '../../schemas/aggregate-options.ts'
import { type Candidate, chooseArguments, MAX_CONTAINER_ARGUMENTS } from '../../schemas/choose-options.ts'
import { chooseContainer } from '../../schemas/containers.ts'
import { join } from '../dsl/join.ts'
import { type JsonValue, jsonGet } from '../dsl/json-get.ts'
import { mistake } from '../dsl/mistake.ts'
import { processingStep, type ProcessingStep } from '../dsl/steps/processing.ts'
import type { TrainingStep } from '../dsl/steps/training.ts'
import { foldVariables } from './fold-variables.ts'
import { checkContainerArguments } from './limits.ts'
import type { Run } from './run.ts'
import { outputOf, type Split } from './split-step.ts'

export type Choose = ProcessingStep<'choice', 'report', 'Choice'>

interface Choosing {
  readonly candidates: readonly Candidate[]
  /** The folds that were tried, as indices in the fold report. */
  readonly folds: readonly number[]
  /** One per candidate and fold, candidate by candidate. */
  readonly trainings: readonly TrainingStep[]
  /** Folder of what is written, below `choices/`. */
  readonly folder: string
}

/** The step that finds the candidate with the best mean over some folds. */
export function chooseStep(run: Run, split: Split, name: string, choosing: Choosing): Choose {
  const { options, base, shared } = run
  const { objective, images, processing } = options
  const step = run.name(name)
  const containerArguments = chooseArguments({
    objective: objective.name,
    direction: objective.direction,
    folds: choosing.folds,
    candidates: choosing.candidates,
  })
  checkContainerArguments(step, containerArguments)
  checkRoom(run, step, containerArguments.length, choosing.trainings.length)
  return processingStep(step, {
    instance: 'ml.m5.large',
    ...shared,
    ...processing,
    image: images.processing,
    entrypoint: chooseContainer.entrypoint,
    containerArguments,
    environment: {
      ...processing?.environment,
      ...foldVariables({ ...options, metrics: [] }, choosing.trainings),
    },
    inputs: { report: { uri: join`${outputOf(split, 'report')}/`, path: chooseContainer.inputs.report } },
    outputs: {
      choice: { path: chooseContainer.outputs.choice, uri: join`${base}/choices/${choosing.folder}` },
    },
    propertyFiles: { Choice: { output: 'choice', path: chooseContainer.choiceFile } },
  })
}

/** The hyperparameters of what a step has chosen, read when the pipeline runs. */
export function chosenHyperparameters(
  { propertyFiles }: Choose,
  [first]: readonly Candidate[],
): Record<string, JsonValue<string>> {
  return Object.fromEntries(
    Object.keys(first?.hyperparameters ?? {}).map(name => [
      name,
      jsonGet<string>(propertyFiles.Choice, `hyperparameters.${name}`),
    ]),
  )
}

function checkRoom({ options }: Run, step: string, words: number, trainings: number): void {
  if (words > MAX_CONTAINER_ARGUMENTS)
    throw mistake(
      `nestedCrossValidation: candidates — step "${step}" needs ${words} container arguments to name them all, and the service takes at most ${MAX_CONTAINER_ARGUMENTS}; give fewer candidates, or hyperparameters that are the same in all of them to the training.`,
    )
  const room = MAX_PROCESSING_ENVIRONMENT - Object.keys(options.processing?.environment ?? {}).length
  const most = room * foldValues.metric.perVariable
  if (trainings > most)
    throw mistake(
      `nestedCrossValidation: candidates — step "${step}" would compare ${trainings} trainings, and there is room for ${most}; give fewer candidates or folds.`,
    )
}
