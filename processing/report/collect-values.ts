import pLimit from 'p-limit'
import { foldValues } from '../../schemas/aggregate-options.ts'
import type { AggregateOptions } from '../../schemas/aggregate-options.ts'
import { UserError } from '../../schemas/problem.ts'
import { numberAtPath } from './number-at-path.ts'
import { describeFold, readTrainingFile, trainingOutput } from './training-output.ts'
import type { TrainingOutput } from './training-output.ts'

/** A fold's value as it arrived, or the sentence that says why there is none. */
export type CollectedValue =
  | { readonly index: number; readonly value: number }
  | { readonly index: number; readonly problem: string }

/** One metric of every fold, in fold order. */
export interface CollectedMetric {
  readonly name: string
  readonly folds: readonly CollectedValue[]
}

/** Where values come from: the container's environment and the input folder `models`. */
export interface ValueSources {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly models: string
}

type Source = AggregateOptions['source']

/** Archives read at the same time. */
const MAX_OPEN_ARCHIVES = 4

/** How the folds' values of the objective and of the further metrics are found, one way per source. */
const collectors = {
  metric: async (options, { environment }) =>
    [options.objective, ...metricNames(options)].map((name, position) => {
      const texts =
        position === 0 ? metricValues(environment, options.k) : extraValues(environment, options.k, position - 1)
      return { name, folds: texts.map((text, index) => parseMetric(text, index, name)) }
    }),
  file: async (options, sources) => {
    const { file = '', path = '' } = options
    const paths = [path, ...metricNames(options)]
    const folds = await eachFold(options.k, sources, async output => {
      const text = await readTrainingFile(output, file)
      return paths.map((wanted): CollectedValue => {
        const found = numberAtPath(text, wanted)
        if ('value' in found) return { index: output.index, value: found.value }
        return { index: output.index, problem: `${describeFold(output)}: ${file} ${found.missing}.` }
      })
    })
    return paths.map((name, position) => ({
      name: position === 0 ? options.objective : name,
      folds: folds.map((fold): CollectedValue => {
        if ('problem' in fold) return fold
        return fold.value[position] ?? { index: fold.index, problem: `Fold ${fold.index}: no value.` }
      }),
    }))
  },
} satisfies Record<Source, (options: AggregateOptions, sources: ValueSources) => Promise<CollectedMetric[]>>

/**
 * The objective, then the further metrics that were asked for, of every fold; a fold without a finite number has a
 * `problem` instead.
 *
 * @throws UserError when the folds as a whole are not there
 */
export function collectValues(options: AggregateOptions, sources: ValueSources): Promise<CollectedMetric[]> {
  return collectors[options.source](options, sources)
}

/** What a fold's training output gave, or why it gave nothing. */
export type OfFold<Value> =
  | { readonly index: number; readonly value: Value }
  | { readonly index: number; readonly problem: string }

/** Calls `read` with every fold's training output, a few at a time; a user's mistake in one fold is that fold's. */
export async function eachFold<Value>(
  k: number,
  { environment, models }: ValueSources,
  read: (output: TrainingOutput) => Promise<Value>,
): Promise<OfFold<Value>[]> {
  const jobs = joinedValues(environment, foldValues.file.variable, foldValues.file.perVariable, k)
  const limit = pLimit(MAX_OPEN_ARCHIVES)
  return await Promise.all(
    jobs.map((job, index) =>
      limit(async () => {
        try {
          return { index, value: await read(trainingOutput(models, index, job)) }
        } catch (error) {
          if (!(error instanceof UserError)) throw error
          return { index, problem: error.message }
        }
      }),
    ),
  )
}

function metricNames({ metrics }: AggregateOptions): string[] {
  return (metrics ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
}

/**
 * The values of the objective, `count` texts as they were joined.
 *
 * @throws UserError when there are more or fewer
 */
export const metricValues = (environment: ValueSources['environment'], count: number): string[] =>
  joinedValues(environment, foldValues.metric.variable, foldValues.metric.perVariable, count)

const extraValues = (environment: ValueSources['environment'], count: number, metric: number): string[] =>
  joinedValues(environment, chunk => foldValues.extra.variable(chunk, metric), foldValues.extra.perVariable, count)

/** The comma-joined chunks of one variable family, as k texts. */
function joinedValues(
  environment: ValueSources['environment'],
  variable: (chunk: number) => string,
  perVariable: number,
  k: number,
): string[] {
  const chunks = Math.ceil(k / perVariable)
  const texts = Array.from({ length: chunks }, (_, chunk) => {
    const text = environment[variable(chunk)]
    if (text !== undefined) return text.split(',').map(part => part.trim())
    throw new UserError(
      `Environment variable ${variable(chunk)} is missing: ${k} folds need ${chunks} such variables of up to ${perVariable} values.`,
    )
  }).flat()
  if (texts.length === k) return texts
  throw new UserError(
    `${variable(0)} and its followers hold ${texts.length} values, but k is ${k} — the definition must join the values of exactly ${k} folds.`,
  )
}

function parseMetric(text: string, index: number, name: string): CollectedValue {
  const found = readMetric(text, name)
  return 'value' in found ? { index, ...found } : { index, problem: `Fold ${index}: ${found.problem}` }
}

/** A value as it travelled; what is no finite number as the end of a sentence. */
export function readMetric(text: string, name: string): { readonly value: number } | { readonly problem: string } {
  const value = text === '' ? Number.NaN : Number(text)
  if (Number.isFinite(value)) return { value }
  const got = text === '' ? 'no value' : `"${text}"`
  return { problem: `the training gave ${got} for "${name}", which is not a finite number.` }
}
