import { didYouMeanOrList } from '../../schemas/nearest.ts'
import type { FoldChoice } from '../../schemas/split-names.ts'
import { foldCount } from '../../schemas/split-options.ts'
import { isExpr } from '../dsl/expression.ts'
import { mistake, show } from '../dsl/mistake.ts'

/** How records are drawn into folds; made by a function such as `kFold`. */
export interface Folds {
  readonly kind: 'foldwise.folds'
  /** The function that made it, for sentences. */
  readonly call: string
  readonly options: FoldChoice
  /** Folds in all: k, times the repeats of a repeated strategy. */
  readonly count: number
  /** Classes are balanced, so the data must name its label. */
  readonly needsLabel: boolean
  /** The training set of a fold can be split again in the same way. */
  readonly canNest: boolean
}

/** A column: its name (data with a header, JSON Lines) or its 0-based index. */
export type Column = string | number

interface Making {
  readonly strategy: FoldChoice['strategy']
  /** The function's own options. */
  readonly takes: readonly (keyof FoldChoice)[]
  readonly needsLabel?: boolean
  /** `seed` decides the folds only with `shuffle`. */
  readonly seedNeedsShuffle?: boolean
  /** Every record has its fold by itself, so nothing can be held out first. @default false */
  readonly noHoldout?: boolean
  /** @default 2 */
  readonly leastK?: 1
  /** It makes one training set and one to test it, and no folds. @default false */
  readonly oneSplit?: boolean
}

/** Options of every strategy: what is done beside drawing the folds. */
const beside = ['holdout', 'fraction', 'cap', 'weight'] as const

/**
 * Checks a strategy's options and puts them into the container's form.
 *
 * @param call Name of the function that the user called.
 * @param given Its options; columns may be numbers.
 * @throws UserError that names the option, its value and what would be right
 */
export function makeFolds(call: string, given: object, making: Making): Folds {
  const { strategy, needsLabel = false, noHoldout = false, leastK = 2, oneSplit = false } = making
  const takes = [...new Set([...making.takes, 'seed' as const, ...beside])].filter(
    name => name !== 'holdout' || !noHoldout,
  )
  const options: Record<string, unknown> = { strategy }
  const unknown = Object.keys(given).find(name => !(takes as readonly string[]).includes(name))
  if (unknown !== undefined) {
    throw mistake(`${call}: ${unknown} — there is no such option.${didYouMeanOrList(unknown, takes)}`)
  }
  for (const name of takes) {
    const value: unknown = Reflect.get(given, name)
    if (value === undefined && !required.has(name)) continue
    options[name] = checkOption(
      call,
      name,
      value,
      name === 'k' && leastK === 1 ? oneOrMore : rules[name as keyof typeof rules],
    )
  }
  const choice = Object.freeze(options) as unknown as FoldChoice
  checkSeed(call, choice, making)
  checkWeight(call, choice)
  return Object.freeze({
    kind: 'foldwise.folds',
    call,
    options: choice,
    count: foldCount(choice),
    needsLabel,
    canNest: !oneSplit && !noHoldout,
  })
}

function checkSeed(call: string, options: FoldChoice, { takes, seedNeedsShuffle = false }: Making): void {
  const { seed, shuffle, fraction, cap, holdout, groups } = options
  if (seed === undefined || fraction !== undefined || cap !== undefined) return
  if (holdout !== undefined && groups !== undefined) return
  if (seedNeedsShuffle && shuffle !== true) {
    throw mistake(
      `${call}: seed — ${show(seed)} has no effect without shuffling; add shuffle: true or leave the seed out.`,
    )
  }
  if (!takes.includes('seed')) {
    throw mistake(`${call}: seed — ${show(seed)} has no effect, because nothing is drawn; leave the seed out.`)
  }
}

function checkWeight(call: string, { weight, fraction, cap }: FoldChoice): void {
  if (weight === undefined || fraction !== undefined || cap !== undefined) return
  throw mistake(`${call}: weight — it says how likely a record is drawn, and nothing is; add fraction or cap.`)
}

function checkOption(call: string, name: keyof FoldChoice, value: unknown, rule: Rule): unknown {
  if (isExpr(value)) {
    throw mistake(
      name === 'k'
        ? `${call}: k — it is a reference, but the number of training steps is fixed when the definition is written; give a literal number such as k: 5, and write one pipeline per k.`
        : `${call}: ${name} — it is a reference, but the folds are chosen when the definition is written; give a literal value.`,
    )
  }
  const { isRight, what, right } = rule
  if (isRight(value)) return columns.has(name) ? String(value) : value
  throw mistake(`${call}: ${name} — ${show(value)} is no ${what}; give ${right}.`)
}

interface Rule {
  readonly isRight: (value: unknown) => boolean
  readonly what: string
  readonly right: string
}

const wholeFrom =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (value: unknown) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most

const isSize = (value: unknown) => typeof value === 'number' && value > 0 && (value < 1 || Number.isSafeInteger(value))

const size: Rule = {
  isRight: isSize,
  what: 'size',
  right: 'a fraction below 1, such as 0.2, or a whole number of records (of groups)',
}

const column: Rule = {
  isRight: value => (typeof value === 'string' && value !== '') || wholeFrom(0)(value),
  what: 'column',
  right: 'the name of a column, or its 0-based index',
}

/** The k of strategies for which one split is enough. */
const oneOrMore: Rule = { isRight: wholeFrom(1), what: 'number of folds', right: 'a whole number of 1 or more' }

/** What each option may be. */
const rules = {
  k: { isRight: wholeFrom(2), what: 'number of folds', right: 'a whole number of 2 or more' },
  shuffle: { isRight: value => typeof value === 'boolean', what: 'choice', right: 'true or false' },
  seed: { isRight: wholeFrom(0, 4294967295), what: 'seed', right: 'a whole number from 0 to 4294967295' },
  repeats: { isRight: wholeFrom(1), what: 'number of repeats', right: 'a whole number of 1 or more' },
  testSize: size,
  trainSize: size,
  gap: { isRight: wholeFrom(0), what: 'number of records', right: 'a whole number of 0 or more' },
  maxTrainSize: { isRight: wholeFrom(1), what: 'number of records', right: 'a whole number of 1 or more' },
  p: { isRight: wholeFrom(1), what: 'number to leave out', right: 'a whole number of 1 or more' },
  groups: column,
  testFold: column,
  key: column,
  holdout: size,
  fraction: {
    isRight: value => typeof value === 'number' && value > 0 && value <= 1,
    what: 'fraction',
    right: 'a number above 0 and not above 1, such as 0.3',
  },
  cap: { isRight: wholeFrom(1), what: 'number of records', right: 'a whole number of 1 or more' },
  weight: column,
} as const satisfies Record<Exclude<keyof FoldChoice, 'strategy'>, Rule>

/** Options that name a column. */
const columnNames = ['groups', 'testFold', 'key', 'weight'] as const
const columns: ReadonlySet<string> = new Set(columnNames)
const required: ReadonlySet<string> = new Set(['k', 'p', 'groups', 'testFold'])

/** The columns that the folds read, by option. */
export const foldColumns = ({ options }: Folds): readonly (readonly [option: string, column: string])[] =>
  columnNames.flatMap(name => (options[name] === undefined ? [] : [[name, options[name]] as const]))
