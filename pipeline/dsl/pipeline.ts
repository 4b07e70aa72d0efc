import type { PipelineDefinition } from '../../schemas/definition.ts'
import { DEFINITION_VERSION } from '../../schemas/definition.ts'
import { didYouMean } from '../../schemas/nearest.ts'
import type { Origins } from '../../schemas/problem.ts'
import { expressionsOf, isGet, parseGetPath } from '../definition/index.ts'
import type { Asset } from './asset.ts'
import { emit } from './emit.ts'
import { deepFreeze } from './expression.ts'
import type { StringValue } from './job-options.ts'
import { mistake, show } from './mistake.ts'
import { formatOrigin } from './origin.ts'
import {
  emitParameters,
  type ParameterDeclaration,
  type ParameterRefs,
  type Parameters,
  referParameters,
} from './parameters.ts'
import { isStep, type Step, withInside } from './step.ts'

/** Experiment and trial that the jobs of an execution belong to; made when they do not exist. */
export interface Experiment {
  readonly name: StringValue
  readonly trial?: StringValue
}

export interface PipelineOptions<P extends Parameters> {
  /** Values given when an execution starts; the names are AWS's names. */
  readonly parameters?: P
  readonly description?: string
  readonly displayName?: string
  readonly tags?: Readonly<Record<string, string>>
  /** Steps that run at the same time in one execution, 1 or more. @default as many as are ready */
  readonly maxParallelSteps?: number
  /** Experiment and trial that the jobs belong to; null says that there is none. */
  readonly experiment?: Experiment | null | ((parameters: ParameterRefs<P>) => Experiment)
  readonly mlflow?: { readonly resourceArn?: StringValue; readonly experimentName?: StringValue } | null
  /** The definition's `Metadata`. */
  readonly metadata?: Readonly<Record<string, string>>
  /** What may change or may be refused by the service, asked for by name. */
  readonly experimental?: {
    /** Lets {@link forEachStep} in, which no service model knows yet. */
    readonly forEach?: boolean
  }
}

/** Steps, or something made of steps, such as `crossValidation` returns. */
export type PipelineSteps = Step | readonly PipelineSteps[] | { readonly steps: readonly Step[] }

/** A pipeline: its definition and what an upsert tells the service beside it. Frozen data. */
export interface Pipeline<P extends Parameters = Parameters> {
  readonly kind: 'foldwise.pipeline'
  readonly name: string
  readonly description?: string
  readonly displayName?: string
  readonly tags?: readonly { readonly Key: string; readonly Value: string }[]
  readonly maxParallelSteps?: number
  readonly parameters: P
  readonly document: PipelineDefinition
  readonly origins: Origins
  /** Files that must lie in S3 before an execution starts, each once; an upsert uploads them. */
  readonly assets: readonly Asset[]
}

/** The values that an execution of the pipeline can be started with; those without a default are required. */
export type StartParameters<T> =
  T extends Pipeline<infer P>
    ? { readonly [K in keyof P as P[K]['required'] extends true ? K : never]: StartValue<P[K]> } & {
        readonly [K in keyof P as P[K]['required'] extends true ? never : K]?: StartValue<P[K]>
      }
    : never

type StartValue<D> = D extends ParameterDeclaration<infer T> ? T : never

/**
 * Writes a pipeline. The steps appear in the definition in the order in which `build` returns them.
 *
 * @throws UserError for two steps with one name, and for a reference to a step that is not returned
 */
export function pipeline<const P extends Parameters = Record<never, never>>(
  name: string,
  options: PipelineOptions<P>,
  build: (parameters: ParameterRefs<P>) => PipelineSteps,
): Pipeline<P> {
  if (typeof name !== 'string' || !/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}$/.test(name)) {
    throw mistake(
      `Pipeline ${show(name)} — a name has 1 to 256 letters, digits and "-", and begins and ends with a letter or digit; rename it.`,
    )
  }
  const parameters = options.parameters ?? ({} as P)
  const references = referParameters(name, parameters)
  const steps = collect(build(references), name)
  const all = steps.flatMap(withInside)
  const byName = checkNames(name, all)
  checkReferences(all)
  checkExperiments(name, all, options.experimental)
  const { mlflow } = options
  const experiment = typeof options.experiment === 'function' ? options.experiment(references) : options.experiment
  const head = {
    Version: DEFINITION_VERSION,
    ...(options.metadata && { Metadata: options.metadata }),
    ...(options.parameters && { Parameters: emitParameters(name, parameters) }),
    ...(experiment !== undefined && {
      PipelineExperimentConfig: experiment && { ExperimentName: experiment.name, TrialName: experiment.trial },
    }),
    ...(mlflow !== undefined && {
      MlflowConfig: mlflow && {
        MlflowResourceArn: mlflow.resourceArn,
        MlflowExperimentName: mlflow.experimentName,
      },
    }),
  }
  const document = deepFreeze({
    ...(emit(head, `Pipeline "${name}"`) as Omit<PipelineDefinition, 'Steps'>),
    Steps: steps.map(step => step.definition),
  })
  return Object.freeze({
    kind: 'foldwise.pipeline',
    name,
    ...(options.description !== undefined && { description: options.description }),
    ...(options.displayName !== undefined && { displayName: options.displayName }),
    ...(options.tags && { tags: Object.entries(options.tags).map(([Key, Value]) => ({ Key, Value })) }),
    ...(options.maxParallelSteps !== undefined && { maxParallelSteps: options.maxParallelSteps }),
    parameters,
    document,
    origins: Object.freeze({ get: (step: string) => byName.get(step)?.at }),
    assets: Object.freeze(uniqueAssets(all)),
  })
}

/** By place, because the key names the content. */
function uniqueAssets(steps: readonly Step[]): Asset[] {
  const byPlace = new Map<string, Asset>()
  for (const asset of steps.flatMap(step => step.assets)) {
    const place = `${asset.bucket}/${asset.key}`
    if (!byPlace.has(place)) byPlace.set(place, asset)
  }
  return [...byPlace.values()]
}

function collect(made: unknown, name: string): Step[] {
  if (isStep(made)) return [made]
  if (Array.isArray(made)) return made.flatMap(item => collect(item, name))
  const steps = typeof made === 'object' && made !== null && 'steps' in made ? made.steps : undefined
  if (Array.isArray(steps)) return collect(steps, name)
  throw mistake(
    `Pipeline "${name}" — its function returns ${show(made)}, which is no step; return a step, a list of steps, or what crossValidation returns.`,
  )
}

/** @returns the steps by name */
function checkNames(pipelineName: string, steps: readonly Step[]): ReadonlyMap<string, Step> {
  if (steps.length === 0) throw mistake(`Pipeline "${pipelineName}" — it has no steps; return at least one.`)
  const first = new Map<string, Step>()
  for (const step of steps) {
    const earlier = first.get(step.name)
    if (earlier === undefined) {
      first.set(step.name, step)
    } else if (earlier === step) {
      throw mistake(
        `Step "${step.name}" — it is listed twice; a step has one place, at the top or in one branch of one condition.`,
        step.at,
      )
    } else {
      const other = earlier.at === undefined ? 'another step' : `the step made at ${formatOrigin(earlier.at)}`
      throw mistake(
        `Step "${step.name}" — ${other} has the same name; step names are unique in a pipeline, so rename one.`,
        step.at,
      )
    }
  }
  return first
}

function checkExperiments(
  pipelineName: string,
  steps: readonly Step[],
  experimental: PipelineOptions<Parameters>['experimental'],
): void {
  const found = experimental?.forEach === true ? undefined : steps.find(step => step.type === 'ForEach')
  if (found === undefined) return
  throw mistake(
    `Pipeline "${pipelineName}" — step "${found.name}" is a ForEach step, which is experimental: the service may refuse it; say experimental: { forEach: true } in the pipeline's options, or write one step per item.`,
    found.at,
  )
}

function checkReferences(steps: readonly Step[]): void {
  const names = new Set(steps.map(step => step.name))
  for (const step of steps) {
    const check = (name: string, how: string) => {
      if (names.has(name)) return
      throw mistake(
        `Step "${step.name}" — it ${how} step "${name}", which the pipeline does not have; return that step too.${didYouMean(name, names)}`,
        step.at,
      )
    }
    for (const name of step.definition.DependsOn ?? []) check(name, 'depends on')
    for (const { expression } of expressionsOf(step.definition)) {
      const reference = isGet(expression) ? parseGetPath(expression.Get) : undefined
      if (reference?.root === 'Steps') check(reference.step, `reads ${(expression as { Get: string }).Get} of`)
    }
  }
}
