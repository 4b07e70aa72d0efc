import { UserError } from '../../schemas/problem.ts'
import { splitFlagName, splitOptionsSchema } from '../../schemas/split-options.ts'
import type { SplitOptions } from '../../schemas/split-options.ts'
import { nearest } from '../../schemas/nearest.ts'
import { optionRules } from './option-rules.ts'
import { strategies } from './strategies/strategies.ts'
import type { Strategy } from './strategies/strategy.ts'

/** Values of the flags in `splitFlags`, as `node:util` parseArgs or commander give them. */
export type SplitFlagValues = Readonly<Record<string, string | boolean | undefined>>

/**
 * Flags into options, with their defaults.
 *
 * @throws UserError with exit code 2: one sentence, scikit-learn's own where it has one.
 */
export function parseSplitOptions(flags: SplitFlagValues): SplitOptions {
  const input: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(flags))
    if (value !== undefined) input[optionName(name)] = parseFlag(optionName(name), value)
  if (input['strategy'] === undefined)
    throw wrong('--strategy is missing — say how folds are drawn, such as --strategy kfold')
  const strategy = (strategies as Partial<Record<string, Strategy>>)[input['strategy'] as string]
  if (input['k'] === undefined && strategy?.folds === 'one') input['k'] = 1
  if (input['k'] === undefined) throw wrong('--k is missing — give the number of folds, such as --k 5')
  if ((input['k'] as number) < (strategy?.folds === undefined ? 2 : 1))
    throw wrong(
      `k-fold cross-validation requires at least one train/test split by setting n_splits=${strategy?.folds === undefined ? 2 : 1} or more, got n_splits=${String(input['k'])}.`,
    )
  const result = splitOptionsSchema.safeParse(input)
  if (!result.success) throw wrong(describeIssue(result.error.issues[0], input))
  for (const rule of optionRules) {
    const message = rule(result.data)
    if (message !== null) throw wrong(message)
  }
  return result.data
}

function parseFlag(name: string, value: string | boolean): unknown {
  const { shape } = splitOptionsSchema
  if (!Object.hasOwn(shape, name)) return value
  if (typeof value === 'boolean' || !numeric.has(name)) return value
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value.trim()))
    throw wrong(`${flagText(name)} is ${JSON.stringify(value)} — it must be a number`)
  return Number(value)
}

const numeric: ReadonlySet<string> = new Set([
  'k',
  'seed',
  'repeats',
  'testSize',
  'trainSize',
  'gap',
  'maxTrainSize',
  'p',
  'holdout',
  'innerK',
  'fraction',
  'cap',
  'shardSize',
])

/** `test-size`, as a command line has it, is the option `testSize`. */
function optionName(flag: string): string {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

type Issue = {
  readonly code?: string
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly values?: readonly unknown[]
  readonly keys?: readonly string[]
}

function describeIssue(issue: Issue | undefined, input: Readonly<Record<string, unknown>>): string {
  if (issue === undefined) return 'the options are wrong'
  if (issue.keys !== undefined) {
    const meant = nearest(issue.keys[0] ?? '', Object.keys(splitOptionsSchema.shape))
    return `there is no option ${flagText(issue.keys[0] ?? '')}${meant === undefined ? '' : ` — did you mean ${flagText(meant)}?`}`
  }
  const name = String(issue.path[0])
  const value = input[name]
  if (name === 'seed') return `--seed is ${String(value)} — Seed must be between 0 and 2**32 - 1`
  if (issue.values !== undefined) {
    const meant = nearest(String(value), issue.values.map(String))
    return `${flagText(name)} is ${JSON.stringify(value)}${meant === undefined ? '' : ` — did you mean ${JSON.stringify(meant)}?`} — it must be one of ${issue.values.join(', ')}`
  }
  return `${flagText(name)} is ${JSON.stringify(value)} — ${issue.message}`
}

function flagText(option: string): string {
  return `--${splitFlagName(option as keyof SplitOptions)}`
}

function wrong(message: string): UserError {
  return new UserError(message, { exitCode: 2 })
}
