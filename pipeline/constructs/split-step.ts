import type { ProcessingInstanceType } from '@aws-sdk/client-sagemaker'
import { splitContainer } from '../../schemas/containers.ts'
import { splitArguments } from '../../schemas/split-options.ts'
import type { Expr } from '../dsl/expression.ts'
import type { Instance } from '../dsl/job-options.ts'
import { join } from '../dsl/join.ts'
import { mistake, show } from '../dsl/mistake.ts'
import { type ProcessingOutput, processingStep, type ProcessingStep } from '../dsl/steps/processing.ts'
import type { CrossValidationOptions } from './cross-validation-options.ts'
import { checkColumn } from './data.ts'
import { checkContainerArguments } from './limits.ts'
import { foldColumns } from './make-folds.ts'
import type { Run } from './run.ts'
import { storageOptions } from './storage.ts'

/** Its output `test` is there when records are held out. */
export type Split = ProcessingStep<'train' | 'validation' | 'all' | 'report' | 'test', 'data', 'FoldReport'>

export function splitStep({ options, innerK, name, base, shared }: Run): Split {
  const { data, folds, images, processing, splitInstances } = options
  const step = name('SplitFolds')
  checkColumns(options)
  const containerArguments = splitArguments({
    ...folds.options,
    ...(innerK !== undefined && { innerK }),
    format: data.format,
    header: data.header,
    ...(data.label !== undefined && { label: data.label }),
    ...(data.labels && { labels: data.labels.join(',') }),
    ...storageOptions(options),
  })
  checkContainerArguments(step, containerArguments)
  return processingStep(step, {
    instance: 'ml.m5.large',
    ...shared,
    ...processing,
    ...(splitInstances !== undefined && splitInstances !== 1 && { instance: several(options, splitInstances) }),
    image: images.processing,
    entrypoint: splitContainer.entrypoint,
    containerArguments,
    inputs: {
      data: {
        uri: data.uri,
        path: splitContainer.inputs.data,
        ...(splitInstances !== undefined && splitInstances !== 1 && { sharded: true }),
      },
    },
    outputs: splitOutputs(base, folds.options.holdout !== undefined),
    propertyFiles: { FoldReport: { output: 'report', path: splitContainer.reportFile } },
  })
}

/** The instances that split together. */
function several({ processing, jobs }: CrossValidationOptions, count: number): Instance<ProcessingInstanceType> {
  if (!Number.isInteger(count) || count < 1 || count > 100)
    throw mistake(`crossValidation: splitInstances — ${show(count)} is no number of instances; give 1 to 100.`)
  if (jobs?.networkIsolation === true)
    throw mistake(
      'crossValidation: splitInstances — instances that split together talk to one another, which network isolation forbids; leave out jobs.networkIsolation, or split on one.',
    )
  const { instance = 'ml.m5.large' } = processing ?? {}
  return typeof instance === 'object' && 'type' in instance ? { ...instance, count } : { type: instance, count }
}

function splitOutputs(base: Expr<string>, holdsOut: boolean) {
  const { outputs } = splitContainer
  const place = <N extends keyof typeof outputs>(name: N) => ({ path: outputs[name], uri: join`${base}/${name}` })
  const always = { train: place('train'), validation: place('validation'), all: place('all'), report: place('report') }
  // Declared without a holdout it would be a folder that is never made; whoever reads it looks at the options first.
  return { ...always, ...(holdsOut && { test: place('test') }) } as typeof always & Record<'test', ProcessingOutput>
}

function checkColumns({ data, folds }: CrossValidationOptions): void {
  if (folds.needsLabel && data.label === undefined && data.labels === undefined) {
    throw mistake(
      `crossValidation: data — ${folds.call} balances the classes, and the data name no label; give the label, for example csv(uri, { header: true, label: "species" }).`,
    )
  }
  for (const [option, column] of foldColumns(folds)) checkColumn(`${folds.call}: ${option}`, column, data)
}

/** S3 URI of the records that are held out, without a trailing `/`; undefined when none are. */
export const heldOut = ({ options }: Run, split: Split): Expr<string> | undefined =>
  options.folds.options.holdout === undefined ? undefined : outputOf(split, 'test')

export const outputOf = <O extends string>(step: ProcessingStep<O, string>, output: O): Expr<string> =>
  step.properties.ProcessingOutputConfig.Outputs[output].S3Output.S3Uri
