import { didYouMeanOrList } from '../../schemas/nearest.ts'
import { text } from '../dsl/emit.ts'
import { type Expr, isExpr } from '../dsl/expression.ts'
import { mistake, show } from '../dsl/mistake.ts'
import type { FoldFacts } from '../dsl/training-template.ts'

interface Common {
  /** What the algorithm takes when nothing is given. */
  readonly default?: string | number | boolean
  readonly required?: true
  /** In a cross-validation the fold report gives the value when the user does not. */
  readonly fact?: 'num_classes' | 'num_training_samples'
  /** Another hyperparameter and its values for which this one is needed. */
  readonly neededFor?: readonly [name: string, values: readonly string[]]
}

/** What one hyperparameter takes. Types of the user's values and the check at run time come from the same rule. */
export type HyperparameterRule = Common &
  (
    | {
        readonly type: 'integer' | 'float'
        readonly min?: number
        readonly max?: number
        /** Exclusive lower bound. */
        readonly above?: number
        /** Exclusive upper bound. */
        readonly below?: number
        /** Words that stand beside numbers, such as `auto`. */
        readonly words?: readonly string[]
      }
    | { readonly type: 'oneOf'; readonly values: readonly (string | number)[] }
    /** `no` and `yes` are the spellings of false and true; `words` stand beside them. */
    | { readonly type: 'boolean'; readonly no: string; readonly yes: string; readonly words?: readonly string[] }
    | { readonly type: 'text' }
  )

export type HyperparameterTable = Readonly<Record<string, HyperparameterRule>>

type Words<R> = R extends { readonly words: readonly (infer W)[] } ? W : never
type AnyExpr = Expr<string> | Expr<number> | Expr<boolean>

type ValueOf<R> = R extends { readonly type: 'integer' | 'float' }
  ? number | Words<R> | AnyExpr
  : R extends { readonly type: 'oneOf'; readonly values: readonly (infer V)[] }
    ? V | AnyExpr
    : R extends { readonly type: 'boolean' }
      ? boolean | Words<R> | Expr<string>
      : string | Expr<string>

/** The values that a table of rules allows; a misspelt name does not compile. */
export type HyperparametersOf<T extends HyperparameterTable> = {
  readonly [K in keyof T as T[K] extends { readonly required: true } ? K : never]: ValueOf<T[K]>
} & {
  readonly [K in keyof T as T[K] extends { readonly required: true } ? never : K]?: ValueOf<T[K]> | undefined
}

type Values = Readonly<Record<string, unknown>>

/**
 * Checks values against their rules and writes them as the algorithm reads them.
 *
 * @param facts Of the fold report; 'later' while there is none yet; undefined outside a cross-validation, where every needed
 * value must be given.
 * @throws UserError for a name that the algorithm does not have, a value out of range, and one that is missing
 */
export function renderHyperparameters(
  call: string,
  table: HyperparameterTable,
  values: Values,
  facts: FoldFacts | 'later' | undefined,
): Record<string, string | Expr<string>> {
  for (const name of Object.keys(values)) {
    if (Object.hasOwn(table, name)) continue
    throw mistake(
      `${call}: hyperparameters — the algorithm has no "${name}".${didYouMeanOrList(name, Object.keys(table))}`,
    )
  }
  const rendered: Record<string, string | Expr<string>> = {}
  for (const [name, rule] of Object.entries(table)) {
    const value = values[name] ?? (isNeeded(rule, values) ? missingValue(call, name, rule, facts) : undefined)
    if (value !== undefined)
      rendered[name] = isExpr(value) ? text(value as Expr<string>) : render(call, name, rule, value)
  }
  return rendered
}

function isNeeded({ required, fact, neededFor }: HyperparameterRule, values: Values): boolean {
  if (neededFor === undefined) return required === true || fact !== undefined
  const [name, wanted] = neededFor
  return wanted.includes(String(isExpr(values[name]) ? undefined : values[name]))
}

function missingValue(
  call: string,
  name: string,
  { fact }: HyperparameterRule,
  facts: FoldFacts | 'later' | undefined,
): Expr<string> | undefined {
  if (fact !== undefined && facts !== undefined) return facts === 'later' ? undefined : facts[fact]
  throw mistake(`${call}: hyperparameters.${name} — the algorithm needs it and it is missing; give it.`)
}

function render(call: string, name: string, rule: HyperparameterRule, value: unknown): string {
  const problem = findProblem(rule, value)
  if (problem !== undefined) {
    throw mistake(`${call}: hyperparameters.${name} — ${show(value)} is no value for it; give ${problem}.`)
  }
  return rule.type === 'boolean' && typeof value === 'boolean' ? (value ? rule.yes : rule.no) : String(value)
}

/** @returns what would be right, or undefined when the value is */
function findProblem(rule: HyperparameterRule, value: unknown): string | undefined {
  switch (rule.type) {
    case 'text':
      return typeof value === 'string' && value !== '' ? undefined : 'a text'
    case 'oneOf':
      return rule.values.includes(value as string) ? undefined : `one of ${rule.values.join(', ')}`
    case 'boolean':
      return typeof value === 'boolean' || isWord(rule, value) ? undefined : `true or false${orWords(rule)}`
    case 'integer':
    case 'float':
      return isWord(rule, value) || isInRange(rule, value) ? undefined : `${describeRange(rule)}${orWords(rule)}`
    default:
      return rule satisfies never
  }
}

type NumberRule = Extract<HyperparameterRule, { type: 'integer' | 'float' }>

function isInRange(rule: NumberRule, value: unknown): boolean {
  if (typeof value !== 'number' || !Number.isFinite(value)) return false
  if (rule.type === 'integer' && !Number.isSafeInteger(value)) return false
  const { min = -Infinity, max = Infinity, above = -Infinity, below = Infinity } = rule
  return value >= min && value <= max && value > above && value < below
}

function describeRange({ type, min, max, above, below }: NumberRule): string {
  const bounds = [
    min === undefined ? '' : `at least ${min}`,
    above === undefined ? '' : `above ${above}`,
    max === undefined ? '' : `at most ${max}`,
    below === undefined ? '' : `below ${below}`,
  ].filter(bound => bound !== '')
  const kind = type === 'integer' ? 'a whole number' : 'a number'
  return bounds.length === 0 ? kind : `${kind}, ${bounds.join(' and ')}`
}

const isWord = ({ words }: { readonly words?: readonly string[] }, value: unknown): boolean =>
  words?.includes(value as string) ?? false

const orWords = ({ words }: { readonly words?: readonly string[] }): string =>
  words === undefined ? '' : `, or ${words.map(word => `"${word}"`).join(', ')}`
