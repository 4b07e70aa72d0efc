import type { FormatName } from '../../schemas/split-names.ts'
import { isExpr } from '../dsl/expression.ts'
import type { StringValue } from '../dsl/job-options.ts'
import { mistake } from '../dsl/mistake.ts'
import type { Channel, ConciseTraining } from '../dsl/steps/training.ts'
import type {
  FoldChannel,
  FoldFacts,
  TrainingContext,
  TrainingData,
  TrainingTemplate,
} from '../dsl/training-template.ts'
import { foldCheckpoints } from './fold-checkpoints.ts'
import { type HyperparametersOf, type HyperparameterTable, renderHyperparameters } from './hyperparameters.ts'
import { type Accelerator, type ImageName, imageUri } from './image-uri.ts'
import type { ImageVersions } from '../../schemas/generated/image-uris.ts'

/** How a channel in one format reaches the algorithm. */
export type ChannelForm = Omit<Extract<Channel, { readonly uri: StringValue }>, 'uri' | 'manifest' | 'sharded'>

/** A built-in algorithm of SageMaker: everything that is particular about it. */
export interface BuiltIn<N extends ImageName, H extends HyperparameterTable, M extends string> {
  /** Name of the function that users call. */
  readonly call: string
  readonly image: N
  readonly hyperparameters: H
  /** Formats of the data that it reads; the first is that of channels which name none. */
  readonly formats: { readonly [F in FormatName]?: ChannelForm }
  /** Those of which a channel has to be a single file. @default none */
  readonly singleFile?: readonly FormatName[]
  /** Channel that it judges itself on, or undefined when it has none for these values. */
  readonly validationChannel: (values: Readonly<Record<string, unknown>>) => string | undefined
  /**
   * Metrics that it reports. They are never declared in a request: the service knows them, and refuses `MetricDefinitions`
   * beside the image of a built-in algorithm.
   */
  readonly metrics: readonly M[]
  readonly contentTypes: readonly string[]
  readonly responseTypes: readonly string[]
}

/** Which image: AWS's in a region, or one that the user names. */
export type ImageChoice<N extends ImageName> =
  | { readonly region: string; readonly version?: ImageVersions[N]; readonly image?: never }
  | { readonly image: StringValue; readonly region?: never; readonly version?: never }

/** What a template passes on to its training steps; each fold keeps its checkpoints in a folder of its own below `checkpoints`. */
export type StepSettings = Partial<
  Pick<
    ConciseTraining,
    | 'instance'
    | 'maxRuntimeInSeconds'
    | 'environment'
    | 'spot'
    | 'checkpoints'
    | 'keepAliveInSeconds'
    | 'cache'
    | 'retry'
    | 'vpc'
    | 'kmsKey'
    | 'networkIsolation'
    | 'tags'
    | 'inputMode'
    | 'arguments'
  >
>

export type BuiltInOptions<N extends ImageName, H extends HyperparameterTable> = StepSettings &
  ImageChoice<N> & { readonly hyperparameters: HyperparametersOf<H> }

/** A training for `crossValidation`, which can also become the options of a `trainingStep`. */
export interface AlgorithmTemplate<M extends string = string> extends TrainingTemplate {
  readonly metricNames: readonly M[]
  /** Options of a training step outside a cross-validation; every value that a fold report would give must be given. */
  readonly stepOptions: (place: TrainingPlace) => ConciseTraining<M>
}

/** Where a training outside a cross-validation runs, reads and writes. */
export type TrainingPlace = Pick<ConciseTraining, 'role' | 'output' | 'displayName' | 'description' | 'dependsOn'> &
  StepSettings & { readonly channels: Readonly<Record<string, Channel>> }

/** The training template of a built-in algorithm. */
export function builtInTemplate<N extends ImageName, const H extends HyperparameterTable, const M extends string>(
  algorithm: BuiltIn<N, H, M>,
  options: BuiltInOptions<N, H>,
): AlgorithmTemplate<M> {
  const { call } = algorithm
  const { hyperparameters, region, version, image, ...settings } = options as StepSettings & LooseOptions
  const shared = { ...settings, image: image ?? algorithmImage(algorithm.image, region, version) }
  const rendered = (facts: FoldFacts | 'later' | undefined) =>
    renderHyperparameters(call, algorithm.hyperparameters, hyperparameters, facts)
  // What can be wrong at once is said at once, not when the first fold is made.
  rendered('later')
  return Object.freeze({
    kind: 'foldwise.training',
    contentTypes: algorithm.contentTypes,
    responseTypes: algorithm.responseTypes,
    metricNames: algorithm.metrics,
    ...(algorithm.singleFile && { singleFile: algorithm.singleFile }),
    options: ({ fold, channels, facts, data }: TrainingContext) => {
      checkData(call, algorithm.hyperparameters, data, hyperparameters)
      const form = formOf(algorithm, data)
      const place = (channel: FoldChannel) => foldChannel(form, channel)
      const validation = algorithm.validationChannel(hyperparameters)
      return {
        ...shared,
        ...foldCheckpoints(shared.checkpoints, fold),
        channels: {
          train: place(channels.train),
          ...(channels.validation && validation !== undefined && { [validation]: place(channels.validation) }),
        },
        hyperparameters: rendered(facts),
      }
    },
    stepOptions: ({ channels, ...place }: TrainingPlace) => ({
      instance: 'ml.m5.large',
      ...shared,
      ...place,
      channels: Object.fromEntries(
        Object.entries(channels).map(([name, channel]) => [name, { ...defaultForm(algorithm), ...details(channel) }]),
      ),
      hyperparameters: rendered(undefined),
    }),
  } satisfies AlgorithmTemplate<M>)
}

interface LooseOptions {
  readonly hyperparameters: Readonly<Record<string, unknown>>
  readonly region?: string
  readonly version?: string
  readonly image?: StringValue
}

function algorithmImage(image: ImageName, region: string | undefined, version: string | undefined): string {
  const query = { image, region: region as string, ...(version !== undefined && { version }) }
  return imageUri(query as { image: ImageName; region: string; accelerator?: Accelerator })
}

function formOf<N extends ImageName>(algorithm: BuiltIn<N, HyperparameterTable, string>, data: TrainingData) {
  const form = algorithm.formats[data.format]
  if (form !== undefined) return form
  throw mistake(
    `${algorithm.call}: data — its format is ${data.format}, and the algorithm reads ${Object.keys(algorithm.formats).join(', ')}; convert the data.`,
  )
}

function foldChannel(form: ChannelForm, { uri, manifest, augmentedManifest }: FoldChannel): Channel {
  return { uri, ...form, ...(manifest && { manifest }), ...(augmentedManifest && { augmentedManifest }) }
}

const defaultForm = <N extends ImageName>(algorithm: BuiltIn<N, HyperparameterTable, string>): ChannelForm =>
  Object.values(algorithm.formats)[0] as ChannelForm

const details = (channel: Channel) => (typeof channel === 'string' || isExpr(channel) ? { uri: channel } : channel)

/**
 * The built-in algorithms take the first column of a CSV file as the label and every line as a record.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html
 */
function checkData(
  call: string,
  table: HyperparameterTable,
  { format, header, label }: TrainingData,
  values: Readonly<Record<string, unknown>>,
): void {
  if (format === 'csv' && header) {
    throw mistake(
      `${call}: data — the CSV files have a header, which the algorithm would read as a record; write them without one and leave header out.`,
    )
  }
  if (format === 'csv' && label !== undefined && label !== '0') {
    throw mistake(
      `${call}: data — the label is column ${label}, and the algorithm takes the first column as label; put the label first and give label: 0.`,
    )
  }
  if (label !== undefined) return
  const needed = Object.entries(table).find(
    ([name, { fact, neededFor }]) =>
      fact === 'num_classes' &&
      values[name] === undefined &&
      (neededFor === undefined || neededFor[1].includes(String(values[neededFor[0]]))),
  )
  if (needed === undefined) return
  throw mistake(
    `${call}: hyperparameters.${needed[0]} — the fold report counts the classes only when the data names its label; give the label of the data, or the number.`,
  )
}
