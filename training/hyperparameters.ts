import { didYouMean, didYouMeanOrList } from '../schemas/nearest.ts'
import { UserError } from '../schemas/problem.ts'

const kernels = ['linear', 'poly', 'rbf', 'sigmoid'] as const

export type Kernel = (typeof kernels)[number]

/** What the C-SVC trainer can be told; names and defaults are scikit-learn's `SVC`, then our own three about the data. */
export interface Hyperparameters {
  /** Penalty of a misclassified record. @default 1 */
  readonly C: number
  /** @default 'rbf' */
  readonly kernel: Kernel
  /** `scale` is 1 / (features * variance of the training data), `auto` is 1 / features. @default 'scale' */
  readonly gamma: number | 'scale' | 'auto'
  /** Degree of `poly`. @default 3 */
  readonly degree: number
  /** Constant of `poly` and `sigmoid`. @default 0 */
  readonly coef0: number
  /** Tolerance of the stopping criterion. @default 0.001 */
  readonly tol: number
  /** Column name (with `header`) or 0-based index. @default the last column */
  readonly label?: string
  /** The first record of every file is a header. @default false, as SageMaker's built-in algorithms have it */
  readonly header: boolean
  /** Column that identifies a record in `predictions.csv`; it is not a feature. @default the record's number */
  readonly key?: string
}

const defaults: Hyperparameters = { C: 1, kernel: 'rbf', gamma: 'scale', degree: 3, coef0: 0, tol: 1e-3, header: false }

/** One reader per hyperparameter: the text as SageMaker delivers it to the value. */
const readers = {
  C: text => float('C', text, value => value > 0, 'float in the range (0.0, inf)'),
  kernel: text => oneOf('kernel', text, kernels),
  gamma: text =>
    text === 'scale' || text === 'auto'
      ? text
      : float('gamma', text, value => value >= 0, "str among {'auto', 'scale'} or a float in the range [0.0, inf)"),
  degree: text =>
    float('degree', text, value => Number.isInteger(value) && value >= 0, 'int in the range [0, inf)', 'an'),
  coef0: text => float('coef0', text, () => true, 'float in the range (-inf, inf)'),
  tol: text => float('tol', text, value => value > 0, 'float in the range (0.0, inf)'),
  label: text => text,
  header: text => oneOf('header', text.toLowerCase(), ['true', 'false'] as const) === 'true',
  key: text => text,
} satisfies { readonly [Name in keyof Required<Hyperparameters>]: (text: string) => Required<Hyperparameters>[Name] }

/** Names that others add to a job's hyperparameters: the fold report, SageMaker's tuner and its script mode. */
const foreign = /^(num_.*|fold_name|sagemaker_.*|_tuning_objective_metric|default_user_module_name)$/

/**
 * The trainer's hyperparameters from SageMaker's map of strings.
 *
 * A value may be JSON-encoded once more (`"\"linear\""`), as the SageMaker Python SDK does. Sentences about values are
 * scikit-learn's; an unknown name is refused, because a misspelt one would train something else.
 *
 * @throws UserError
 */
export function parseHyperparameters(raw: Readonly<Record<string, string>>): Hyperparameters {
  const known = Object.keys(readers) as (keyof Hyperparameters)[]
  const unknown = Object.keys(raw).find(name => !foreign.test(name) && !(known as string[]).includes(name))
  if (unknown !== undefined) {
    throw new UserError(
      `Hyperparameter "${unknown}": the C-SVC trainer has no such hyperparameter.${didYouMeanOrList(unknown, known)}`,
    )
  }
  const given = known.flatMap(name => {
    const text = raw[name]
    return text === undefined ? [] : [[name, readers[name](decoded(text))] as const]
  })
  return { ...defaults, ...Object.fromEntries(given) }
}

function decoded(text: string): string {
  const trimmed = text.trim()
  if (!/^".*"$/s.test(trimmed)) return trimmed
  try {
    return String(JSON.parse(trimmed))
  } catch {
    return trimmed
  }
}

function float(name: string, text: string, accepts: (value: number) => boolean, range: string, article = 'a'): number {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  if (Number.isFinite(value) && accepts(value)) return value
  const got = Number.isNaN(value) ? `'${text}'` : text
  throw new UserError(`The '${name}' parameter of SVC must be ${article} ${range}. Got ${got} instead.`)
}

function oneOf<const Value extends string>(name: string, text: string, values: readonly Value[]): Value {
  const value = values.find(candidate => candidate === text)
  if (value !== undefined) return value
  const among = values.map(candidate => `'${candidate}'`).join(', ')
  throw new UserError(
    `The '${name}' parameter must be a str among {${among}}. Got '${text}' instead.${didYouMean(text, values)}`,
  )
}
