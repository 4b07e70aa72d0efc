import { splitContainer } from '../../schemas/containers.ts'
import { didYouMeanOrList } from '../../schemas/nearest.ts'
import { AUGMENTED_MANIFEST_EXTENSION, singleFileNames } from '../../schemas/shard-names.ts'
import { foldCount } from '../../schemas/split-options.ts'
import type { Expr } from '../dsl/expression.ts'
import type { StringValue } from '../dsl/job-options.ts'
import { join } from '../dsl/join.ts'
import { mistake } from '../dsl/mistake.ts'
import { type ConciseTraining, trainingStep, type TrainingOptions, type TrainingStep } from '../dsl/steps/training.ts'
import type { CrossValidationOptions } from './cross-validation-options.ts'
import type { Run } from './run.ts'
import { outputOf, type Split } from './split-step.ts'
import { foldFacts, normalizeTraining, type TrainingContext } from './training-template.ts'

/** A fold of the split. */
export interface FoldPlace {
  /** In the fold report. */
  readonly index: number
  /** Below `train/` and `validation/`. */
  readonly folder: string
}

/** The fold of a split that is not nested. */
export const plainFold = (index: number): FoldPlace => ({ index, folder: String(index) })

interface TrainingPlace {
  /** null for a training on all data. */
  readonly fold: FoldPlace | null
  /** Folder of the model below `models/`. */
  readonly model: string
  /** Laid over those of the training. */
  readonly hyperparameters?: ConciseTraining['hyperparameters']
}

/** What one training is told: the template's options over the cross-validation's. */
export function trainingOptions(
  run: Run,
  split: Split,
  { fold, model, hyperparameters }: TrainingPlace,
): TrainingOptions {
  const { options, base, shared } = run
  const { data, compress, images } = options
  const channels = data.format === 'augmented-manifest' ? namedFiles(run, split, fold) : folders(run, split, fold)
  const facts = foldFacts(split.propertyFiles.FoldReport, fold?.index ?? null)
  const written = {
    ...data,
    header: data.header && data.dropHeader !== true && data.numberPairs !== true,
    ...(compress && { compress }),
  }
  const training = normalizeTraining(options.training).options({
    fold: fold?.index ?? null,
    channels,
    facts,
    data: written,
  })
  if (!('channels' in training)) {
    if (hyperparameters === undefined) return training
    throw mistake(
      'nestedCrossValidation: training — it gives the whole request as arguments, over which no hyperparameters can be laid; give channels and the other options instead.',
    )
  }
  return {
    ...shared,
    instance: 'ml.m5.large',
    image: trainingImage(training.image ?? images.training),
    output: join`${base}/models/${model}`,
    ...training,
    ...(hyperparameters && { hyperparameters: { ...training.hyperparameters, ...hyperparameters } }),
  }
}

type FoldChannels = TrainingContext['channels']

/** Channels of whole folders, or of the manifests in them. */
function folders({ options }: Run, split: Split, fold: FoldPlace | null): FoldChannels {
  const { data, layout = 'copy' } = options
  const isManifest = layout === 'manifest'
  const file = isManifest ? splitContainer.manifestFile : ''
  const channel = (uri: Expr<string>, manifest: boolean) => ({ uri, contentType: data.contentType, manifest })
  if (fold === null) return { train: channel(join`${outputOf(split, 'all')}/${file}`, isManifest) }
  return {
    train: channel(join`${outputOf(split, 'train')}/${fold.folder}/${file}`, isManifest),
    // The shards of the manifests are the validation folders, so both layouts have them as folders; but of listed files
    // nothing is copied.
    validation:
      isManifest && data.format === 'files'
        ? channel(join`${outputOf(split, 'validation')}/${fold.folder}/${file}`, true)
        : channel(join`${outputOf(split, 'validation')}/${fold.folder}/`, false),
  }
}

/** Channels of augmented manifests: each is one file. */
function namedFiles({ options: { data, folds }, innerK }: Run, split: Split, fold: FoldPlace | null): FoldChannels {
  const names = singleFileNames(foldCount({ ...folds.options, innerK }), AUGMENTED_MANIFEST_EXTENSION)
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
    train: channel(join`${outputOf(split, 'train')}/${fold.folder}/${names.train(fold.index)}`),
    validation: channel(join`${outputOf(split, 'validation')}/${fold.folder}/${names.validation(fold.index)}`),
  }
}

export function trainStep(run: Run, name: string, training: TrainingOptions): TrainingStep {
  const step = run.name(name)
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
