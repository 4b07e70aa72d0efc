import { parseArgs } from 'node:util'
import { aggregateFlagName, aggregateFlags, aggregateOptionsSchema } from '../../schemas/aggregate-options.ts'
import type { AggregateOptions } from '../../schemas/aggregate-options.ts'
import { UserError } from '../../schemas/problem.ts'

const names = Object.keys(aggregateFlags) as (keyof AggregateOptions)[]

/**
 * The aggregation's options from its command line.
 *
 * @throws UserError that names the argument
 */
export function parseAggregateOptions(args: readonly string[]): AggregateOptions {
  const given = readFlags(args)
  const number = (text: string | undefined) =>
    text === undefined ? undefined : text === '' ? Number.NaN : Number(text)
  const present = Object.entries({ ...given, k: number(given.k), minFolds: number(given.minFolds) })
  const options = aggregateOptionsSchema.safeParse(
    Object.fromEntries(present.filter(([, value]) => value !== undefined)),
  )
  if (options.success) return checked(options.data)
  const issue = options.error.issues[0]
  const name = names.find(candidate => candidate === issue?.path[0]) ?? 'k'
  const value = given[name]
  throw new UserError(
    `Argument --${aggregateFlagName(name)}: ${value === undefined ? 'it is missing' : `"${value}" does not fit`} — ${issue?.message}.`,
    { exitCode: 2 },
  )
}

function checked(options: AggregateOptions): AggregateOptions {
  const { k, minFolds, source, file, path } = options
  if (source === 'file' && (file === undefined || path === undefined)) {
    throw new UserError(
      'Argument --source: "file" needs --file and --path, such as --file metrics.json --path validation.accuracy.',
      { exitCode: 2 },
    )
  }
  if (minFolds !== undefined && minFolds > k) {
    throw new UserError(`Argument --min-folds: ${minFolds} is more than the ${k} folds that there are.`, {
      exitCode: 2,
    })
  }
  return options
}

function readFlags(args: readonly string[]): Partial<Record<keyof AggregateOptions, string>> {
  try {
    const options = Object.fromEntries(names.map(name => [aggregateFlagName(name), aggregateFlags[name]]))
    const values: Readonly<Record<string, unknown>> = parseArgs({ args: [...args], options }).values
    return Object.fromEntries(
      names.flatMap(name => {
        const value = values[aggregateFlagName(name)]
        return typeof value === 'string' ? [[name, value]] : []
      }),
    )
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error), { exitCode: 2, cause: error })
  }
}
