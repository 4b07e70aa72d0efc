import type { ProcessingInstanceType } from '@aws-sdk/client-sagemaker'
import { splitContainer } from '../../schemas/containers.ts'
import { didYouMeanOrList } from '../../schemas/nearest.ts'
import { AUGMENTED_MANIFEST_EXTENSION, singleFileNames } from '../../schemas/shard-names.ts'
import { splitArguments } from '../../schemas/split-options.ts'
import { execution } from '../dsl/execution.ts'
import type { Expr } from '../dsl/expression.ts'
import type { Instance, StringValue } from '../dsl/job-options.ts'
import { join } from '../dsl/join.ts'
import { mistake, show } from '../dsl/mistake.ts'
import { type ProcessingOutput, processingStep, type ProcessingStep } from '../dsl/steps/processing.ts'
import { type ConciseTraining, trainingStep, type TrainingOptions, type TrainingStep } from '../dsl/steps/training.ts'
import type { CrossValidationOptions } from './cross-validation-options.ts'
import { checkColumn } from './data.ts'
import { checkContainerArguments } from './limits.ts'
import { foldColumns } from './make-folds.ts'
import { outputUri } from './output-uri.ts'
import { storageOptions } from './storage.ts'
import { foldFacts, normalizeTraining, type TrainingContext } from './training-template.ts'

/** What the makers of the steps share. */
export interface Run {
  readonly options: CrossValidationOptions
  /** Name of a step. */
  readonly name: (step: string) => string
  /** S3 URI of everything this execution writes, without a trailing `/`. */
  readonly base: Expr<string>
  readonly shared: Pick<ConciseTraining, 'role' | 'cache' | 'retry' | 'vpc' | 'kmsKey' | 'networkIsolation' | 'tags'>
}

export function makeRun(options: CrossValidationOptions): Run {
  const { output, stepPrefix = '', cache, retry, role, jobs } = options
  const folder = stepPrefix === '' ? '' : `/${stepPrefix}`
  return {
    options,
    name: step => `${stepPrefix}${step}`,
    base: join`${outputUri('crossValidation: output', output)}/${execution.PipelineName}/${execution.PipelineExecutionId}${folder}`,
    shared: {
      role,
      ...(cache !== undefined && { cache }),
      ...(retry !== undefined && { retry }),
      ...jobs,
    },
  }
}

/** Its output `test` is there when records are held out. */
export type Split = ProcessingStep<'train' | 'validation' | 'all' | 'report' | 'test', 'data', 'FoldReport'>

export function splitStep({ options, name, base, shared }: Run): Split {
  const { data, folds, images, processing, splitInstances } = options
  const step = name('SplitFolds')
  checkColumns(options)
  const containerArguments = splitArguments({
    ...folds.options,
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

export const outputOf = <O extends string>(step: ProcessingStep<O, string>, output: O): Expr<string> =>
  step.properties.ProcessingOutputConfig.Outputs[output].S3Output.S3Uri

/**
 * What one training is told: the template's options over the cross-validation's.
 *
 * @param fold null for the final training on all data
 */
export function trainingOptions(run: Run, split: Split, fold: number | null): TrainingOptions {
  const { options, base, shared } = run
  const { data, compress, images } = options
  const channels = data.format === 'augmented-manifest' ? namedFiles(run, split, fold) : folders(run, split, fold)
  const facts = foldFacts(split.propertyFiles.FoldReport, fold)
  const written = {
    ...data,
    header: data.header && data.dropHeader !== true && data.numberPairs !== true,
    ...(compress && { compress }),
  }
  const training = normalizeTraining(options.training).options({ fold, channels, facts, data: written })
  if (!('channels' in training)) return training
  return {
    ...shared,
    instance: 'ml.m5.large',
    image: trainingImage(training.image ?? images.training),
    output: join`${base}/models/${fold === null ? 'final' : `fold-${fold}`}`,
    ...training,
  }
}

type FoldChannels = TrainingContext['channels']

/** Channels of whole folders, or of the manifests in them. */
function folders({ options }: Run, split: Split, fold: number | null): FoldChannels {
  const { data, layout = 'copy' } = options
  const isManifest = layout === 'manifest'
  const file = isManifest ? splitContainer.manifestFile : ''
  const channel = (uri: Expr<string>, manifest: boolean) => ({ uri, contentType: data.contentType, manifest })
  if (fold === null) return { train: channel(join`${outputOf(split, 'all')}/${file}`, isManifest) }
  return {
    train: channel(join`${outputOf(split, 'train')}/${fold}/${file}`, isManifest),
    // The shards of the manifests are the validation folders, so both layouts have them as folders; but of listed files
    // nothing is copied.
    validation:
      isManifest && data.format === 'files'
        ? channel(join`${outputOf(split, 'validation')}/${fold}/${file}`, true)
        : channel(join`${outputOf(split, 'validation')}/${fold}/`, false),
  }
}

/** Channels of augmented manifests: each is one file. */
function namedFiles({ options: { data, folds } }: Run, split: Split, fold: number | null): FoldChannels {
  const names = singleFileNames(folds.count, AUGMENTED_MANIFEST_EXTENSION)
  const channel = (uri: Expr<string>) =>
    ({
      uri,
      contentType: data.contentType,
      manifest: false,
      augmentedManifest: data.attributes ?? [],
      recordWrapper: 'RecordIO',
      inputMode: 'Pipe',
    }) as const
  if (fold === null) return { train: channel(join`${outputOf(split, 'all')}/${names.all}`) }
  return {
    train: channel(join`${outputOf(split, 'train')}/${fold}/${names.train(fold)}`),
    validation: channel(join`${outputOf(split, 'validation')}/${fold}/${names.validation(fold)}`),
  }
}

/** @param fold null for the final training on all data */
export function trainStep(run: Run, fold: number | null, training: TrainingOptions): TrainingStep {
  const step = run.name(fold === null ? 'TrainFinal' : `TrainFold-${fold}`)
  const declared = 'metrics' in training && training.metrics ? Object.keys(training.metrics) : undefined
  checkMetrics(step, run.options, declared ?? normalizeTraining(run.options.training).metricNames)
  return trainingStep(step, training)
}

function trainingImage(image: StringValue | undefined): StringValue {
  if (image !== undefined) return image
  throw mistake(
    'crossValidation: images.training — the training names no image; give images.training, or an image in the training.',
  )
}

function checkMetrics(
  step: string,
  { objective, metrics = [] }: CrossValidationOptions,
  declared: readonly string[] | undefined,
): void {
  if (declared === undefined || !('metric' in objective.source)) return
  const wanted = [['objective', objective.source.metric] as const, ...metrics.map(name => ['metrics', name] as const)]
  const missing = wanted.find(([, name]) => !declared.includes(name))
  if (missing === undefined) return
  const [option, name] = missing
  throw mistake(
    `crossValidation: ${option} — step "${step}" has no metric "${name}"; name one of its metrics.${didYouMeanOrList(name, declared)}`,
  )
}
