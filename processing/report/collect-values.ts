import pLimit from 'p-limit'
import { foldValues } from '../../schemas/aggregate-options.ts'
import type { AggregateOptions } from '../../schemas/aggregate-options.ts'
import { UserError } from '../../schemas/problem.ts'
import { numberAtPath } from './number-at-path.ts'
import { describeFold, readTrainingFile, trainingOutput } from './training-output.ts'

/** A fold's value as it arrived, or the sentence that says why there is none. */
export type CollectedValue =
  | { readonly index: number; readonly value: number }
  | { readonly index: number; readonly problem: string }

/** Where values come from: the container's environment and the input folder `models`. */
export interface ValueSources {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly models: string
}

/** Archives read at the same time. */
const MAX_OPEN_ARCHIVES = 4

type Source = AggregateOptions['source']

/** How the folds' values of the objective are found, one way per source. */
const collectors = {
  metric: async (options, { environment }) =>
    joinedValues(environment, foldValues.metric, options.k).map((text, index) => parseMetric(text, index, options)),
  file: async (options, sources) => {
    const { file, path } = options
    if (file === undefined || path === undefined) {
      throw new UserError(
        'Source "file" needs --file and --path, such as --file metrics.json --path validation.accuracy.',
        {
          exitCode: 2,
        },
      )
    }
    const jobs = joinedValues(sources.environment, foldValues.file, options.k)
    const limit = pLimit(MAX_OPEN_ARCHIVES)
    return await Promise.all(jobs.map((job, index) => limit(() => readValue(sources.models, job, index, file, path))))
  },
} satisfies Record<Source, (options: AggregateOptions, sources: ValueSources) => Promise<CollectedValue[]>>

/**
 * The objective's value of every fold, in fold order; a fold without a finite number has a `problem` instead.
 *
 * @throws UserError when the folds as a whole are not there
 */
export function collectValues(options: AggregateOptions, sources: ValueSources): Promise<CollectedValue[]> {
  return collectors[options.source](options, sources)
}

/** The comma-joined chunks of one variable family, as k texts. */
function joinedValues(
  environment: ValueSources['environment'],
  family: { readonly variable: (chunk: number) => string; readonly perVariable: number },
  k: number,
): string[] {
  const chunks = Math.ceil(k / family.perVariable)
  const texts = Array.from({ length: chunks }, (_, chunk) => {
    const text = environment[family.variable(chunk)]
    if (text !== undefined) return text.split(',').map(part => part.trim())
    throw new UserError(
      `Environment variable ${family.variable(chunk)} is missing: ${k} folds need ${chunks} such variables of up to ${family.perVariable} values.`,
    )
  }).flat()
  if (texts.length === k) return texts
  throw new UserError(
    `${family.variable(0)} and its followers hold ${texts.length} values, but k is ${k} — the definition must join the values of exactly ${k} folds.`,
  )
}

function parseMetric(text: string, index: number, { objective }: AggregateOptions): CollectedValue {
  const value = text === '' ? Number.NaN : Number(text)
  if (Number.isFinite(value)) return { index, value }
  const got = text === '' ? 'no value' : `"${text}"`
  return {
    index,
    problem: `Fold ${index}: the training gave ${got} for "${objective}", which is not a finite number.`,
  }
}

async function readValue(
  models: string,
  job: string,
  index: number,
  file: string,
  path: string,
): Promise<CollectedValue> {
  try {
    const output = trainingOutput(models, index, job)
    const found = numberAtPath(await readTrainingFile(output, file), path)
    if ('value' in found) return { index, value: found.value }
    return { index, problem: `${describeFold(output)}: ${file} ${found.missing}.` }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { index, problem: error.message }
  }
}
