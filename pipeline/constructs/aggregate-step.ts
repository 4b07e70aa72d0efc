import { aggregateArguments } from '../../schemas/aggregate-options.ts'
import { aggregateContainer } from '../../schemas/containers.ts'
import type { StringValue } from '../dsl/job-options.ts'
import { join } from '../dsl/join.ts'
import { mistake, show } from '../dsl/mistake.ts'
import { type ProcessingInput, processingStep, type ProcessingStep } from '../dsl/steps/processing.ts'
import type { TrainingStep } from '../dsl/steps/training.ts'
import type { CrossValidationOptions } from './cross-validation-options.ts'
import { foldVariables, readsModels } from './fold-variables.ts'
import { checkContainerArguments } from './limits.ts'
import type { Run } from './run.ts'
import { outputOf, type Split } from './split-step.ts'

export type Aggregate = ProcessingStep<'evaluation', string, 'Evaluation'>

/** The step that makes one evaluation of the folds' values. */
export function aggregateStep(
  { options, name, base, shared }: Run,
  split: Split,
  trainings: readonly TrainingStep[],
): Aggregate {
  const { folds, objective, images, processing, metrics, minFolds, predictions, champion } = options
  const { source } = objective
  const step = name('AggregateFolds')
  const containerArguments = aggregateArguments({
    k: folds.count,
    objective: objective.name,
    direction: objective.direction,
    ...('metric' in source ? { source: 'metric' } : { source: 'file', file: source.file, path: source.path }),
    ...(metrics !== undefined && metrics.length > 0 && { metrics: metrics.join(',') }),
    ...(minFolds !== undefined && { minFolds }),
    ...(predictions !== undefined && { predictions }),
  })
  checkContainerArguments(step, containerArguments)
  const { inputs: paths } = aggregateContainer
  const inputs: Record<string, ProcessingInput> = {
    report: { uri: join`${outputOf(split, 'report')}/`, path: paths.report },
    ...(readsModels(options) && { models: { uri: join`${base}/models/`, path: paths.models } }),
    ...(champion !== undefined && { champion: { uri: folderUri(champion), path: paths.champion } }),
  }
  return processingStep(step, {
    instance: 'ml.m5.large',
    ...shared,
    ...processing,
    image: images.processing,
    entrypoint: aggregateContainer.entrypoint,
    containerArguments,
    environment: { ...processing?.environment, ...foldVariables(options, trainings) },
    inputs,
    outputs: { evaluation: { path: aggregateContainer.outputs.evaluation, uri: join`${base}/evaluation` } },
    propertyFiles: { Evaluation: { output: 'evaluation', path: aggregateContainer.evaluationFile } },
  })
}

/** An S3 prefix that names a folder: without the slash it is a string prefix, and matches its neighbours too. */
function folderUri(uri: StringValue): StringValue {
  return typeof uri === 'string' ? `${uri.replace(/\/+$/, '')}/` : join`${uri}/`
}

/** @throws UserError for names of metrics that cannot travel, and for more folds than there are */
export function checkAggregation({ metrics, minFolds, folds }: CrossValidationOptions): void {
  checkMetricNames(metrics)
  checkMinFolds(minFolds, folds.count)
}

function checkMetricNames(metrics: readonly string[] | undefined): void {
  const wrong = metrics?.find(name => typeof name !== 'string' || name.trim() !== name || !/^[^,]+$/.test(name))
  if (wrong === undefined) return
  throw mistake(
    `crossValidation: metrics — ${show(wrong)} is no name of a metric; names have no comma and no space around them.`,
  )
}

function checkMinFolds(minFolds: number | undefined, count: number): void {
  if (minFolds === undefined || (Number.isInteger(minFolds) && minFolds >= 1 && minFolds <= count)) return
  throw mistake(
    `crossValidation: minFolds — ${show(minFolds)} is no number of folds; give a whole number from 1 to ${count}, the number of folds that there are.`,
  )
}
