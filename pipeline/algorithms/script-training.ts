import type { Asset } from '../dsl/asset.ts'
import { assetUri } from '../dsl/asset.ts'
import { type CodePlace, codeAsset } from '../dsl/code-place.ts'
import { type Text, text } from '../dsl/emit.ts'
import { type Expr, isExpr } from '../dsl/expression.ts'
import type { StringValue } from '../dsl/job-options.ts'
import { didYouMean } from '../../schemas/nearest.ts'
import { mistake, show } from '../dsl/mistake.ts'
import { readSource } from '../dsl/source-archive.ts'
import type { ConciseTraining, TrainingInstance } from '../dsl/steps/training.ts'
import type { FoldFacts, TrainingContext, TrainingTemplate } from '../dsl/training-template.ts'
import type { StepSettings, TrainingPlace } from './built-in.ts'
import { foldCheckpoints } from './fold-checkpoints.ts'
import type { Framework } from './frameworks.ts'
import { type Accelerator, imageUri } from './image-uri.ts'

/** A value that the training toolkit gives to the program: text, or any JSON. */
export type ScriptValue = Text | null | readonly ScriptValue[] | { readonly [member: string]: ScriptValue }

export type ScriptTrainingOptions<M extends string> = StepSettings & {
  /** Container that runs the program, such as `scikitLearn({ version: '1.2-1' })`. */
  readonly framework: Framework
  /** Region of the container: literal, because every region has its own account. */
  readonly region: string
  /** Image instead of the framework's; it must have the SageMaker training toolkit. */
  readonly image?: StringValue
  /** Folder with the program: a URL, an absolute path, or a path relative to the file that calls. */
  readonly source: string | URL
  /** Program inside the folder, such as `train.py`. */
  readonly entryPoint: string
  /** Where the packed code is uploaded to. */
  readonly code: CodePlace
  /** Given to the program as `--name value` and as JSON in `SM_HPS`. */
  readonly hyperparameters?: Readonly<Record<string, ScriptValue | undefined>>
  /** Facts of the fold report that become hyperparameters of each fold's training. */
  readonly facts?: readonly (keyof FoldFacts)[]
  /** Metrics by name, each with the regular expression whose first group is the value. */
  readonly metrics?: { readonly [K in M]: string }
  /** What an endpoint with the model takes and gives. @default text/csv */
  readonly contentTypes?: readonly string[]
  readonly responseTypes?: readonly string[]
}

/** A training with a program of the user, for `crossValidation`; `stepOptions` makes a `trainingStep` of it. */
export interface ScriptTemplate<M extends string> extends TrainingTemplate {
  readonly stepOptions: (place: TrainingPlace) => ConciseTraining<M>
}

/**
 * A training with a program of the user in a framework container ("script mode").
 *
 * The folder is packed and uploaded below its digest by an upsert, so an unchanged program has an unchanged URI and never
 * breaks a cache. The hyperparameters are those of the SageMaker Python SDK, JSON text included.
 *
 * @see https://github.com/aws/sagemaker-training-toolkit, `params.py`
 */
export function scriptTraining<const M extends string = string>(options: ScriptTrainingOptions<M>): ScriptTemplate<M> {
  const { framework, region, image, source, entryPoint, code, hyperparameters, facts = [], metrics, ...rest } = options
  const { contentTypes = ['text/csv'], responseTypes = ['text/csv'], ...settings } = rest
  const asset = sourceAsset(source, entryPoint, code)
  const toolkit = {
    sagemaker_program: JSON.stringify(entryPoint),
    sagemaker_submit_directory: JSON.stringify(assetUri(asset)),
    sagemaker_container_log_level: '20',
    sagemaker_region: JSON.stringify(region),
  }
  const own = encodeHyperparameters(hyperparameters ?? {})
  const shared = (instance: TrainingInstance) => ({
    ...settings,
    instance,
    image: image ?? frameworkImage(framework, region, instance),
    assets: [asset],
    ...(metrics !== undefined && { metrics }),
  })
  return Object.freeze({
    kind: 'foldwise.training',
    contentTypes,
    responseTypes,
    options: ({ fold, channels, facts: found }: TrainingContext) => ({
      ...shared(settings.instance ?? 'ml.m5.large'),
      ...foldCheckpoints(settings.checkpoints, fold),
      channels: { ...channels },
      hyperparameters: { ...pickFacts(facts, found), ...own, ...toolkit },
    }),
    stepOptions: ({ instance, ...place }: TrainingPlace) => ({
      ...shared(instance ?? settings.instance ?? 'ml.m5.large'),
      ...place,
      hyperparameters: { ...own, ...toolkit },
    }),
  } satisfies ScriptTemplate<M>)
}

function sourceAsset(source: string | URL, entryPoint: string, code: CodePlace): Asset {
  const { files, sha256, bytes } = readSource('scriptTraining', source)
  if (!files.includes(entryPoint)) {
    throw mistake(
      `scriptTraining: entryPoint — the source has no ${show(entryPoint)}; name a file in it.${didYouMean(String(entryPoint), files)}`,
    )
  }
  return codeAsset('scriptTraining: code', code, {
    sha256,
    name: 'sourcedir.tar.gz',
    contentType: 'application/gzip',
    bytes,
  })
}

/** As the Python SDK writes them: JSON, except what is known only when the pipeline runs, which is its plain text. */
function encodeHyperparameters(
  values: Readonly<Record<string, ScriptValue | undefined>>,
): Record<string, string | Expr<string>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      if (value === undefined) return []
      if (name.startsWith('sagemaker_')) {
        throw mistake(
          `scriptTraining: hyperparameters.${name} — names that begin with "sagemaker_" belong to the training toolkit; choose another name.`,
        )
      }
      return [[name, isExpr(value) ? text(value) : JSON.stringify(value)] as const]
    }),
  )
}

const pickFacts = (names: readonly (keyof FoldFacts)[], facts: FoldFacts): Record<string, Text | undefined> =>
  Object.fromEntries(names.map(name => [name, facts[name]]))

function frameworkImage(framework: Framework, region: string, instance: TrainingInstance): string {
  const accelerator = framework.accelerator ?? acceleratorOf(framework, instance)
  return imageUri({ ...framework, region, ...(accelerator && { accelerator }) } as Parameters<typeof imageUri>[0])
}

/** Frameworks with images for both need the choice; families that begin with g or p have GPUs. */
function acceleratorOf({ image }: Pick<Framework, 'image'>, instance: TrainingInstance): Accelerator | undefined {
  if (image !== 'pytorch' && image !== 'tensorflow') return undefined
  const types = instanceTypes(instance)
  if (types.every(type => typeof type === 'string')) {
    return types.some(type => /^ml\.[gp]/.test(String(type))) ? 'gpu' : 'cpu'
  }
  throw mistake(
    `scriptTraining: framework — the instance type is known only when the pipeline runs, and ${image} has images for cpu and gpu; give accelerator: "cpu" or "gpu" in the framework.`,
  )
}

function instanceTypes(instance: TrainingInstance): readonly unknown[] {
  if (typeof instance === 'string' || isExpr(instance)) return [instance]
  return 'groups' in instance ? instance.groups.map(({ type }) => type) : [instance.type]
}
