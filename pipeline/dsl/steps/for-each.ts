import type { Scalar } from '../../../schemas/definition.ts'
import { isGet } from '../../definition/index.ts'
import { emit } from '../emit.ts'
import { type Expr, isExpr, makeExpression, type Value } from '../expression.ts'
import { mistake, show } from '../mistake.ts'
import { isStep, makeStep, type Step, type StepOptions } from '../step.ts'

/** The item that the body's run is for: text, or the members of an object, one level deep. */
export type ForEachItem<I extends Scalar | object = string> = [I] extends [Scalar]
  ? Expr<I>
  : { readonly [K in keyof I]: Expr<I[K]> }

export interface ForEachOptions<I extends Scalar | object, P> extends StepOptions {
  /** A reference to a JSON list as text, such as a parameter or a value of a JSON file. */
  readonly items: Expr<string>
  /** Runs at the same time, 1 to 50. */
  readonly maxConcurrency: Value<number>
  /** The step that runs for every item; no Condition, Fail or ForEach. Its runs are named `<name>-0`, `<name>-1`, …. */
  readonly body: (item: ForEachItem<I>) => Step<P>
  /** The run that `Selected` names: that with the greatest or the least value. */
  readonly select?:
    | { readonly maxBy: (run: P) => Expr<number>; readonly minBy?: never }
    | { readonly minBy: (run: P) => Expr<number>; readonly maxBy?: never }
}

/** What the runs gave together. */
export interface ForEachProperties<P> {
  /** `Succeeded`, `PartiallySucceeded` or `Failed`. */
  readonly Status: Expr<string>
  readonly InputItemCount: Expr<number>
  readonly TotalStepCount: Expr<number>
  readonly SucceededStepCount: Expr<number>
  readonly FailedStepCount: Expr<number>
  readonly StoppedStepCount: Expr<number>
  /** What the run of each item gave, by its 0-based position. */
  readonly ChildOutputs: { readonly [position: number]: P }
  /** What the selected run gave. */
  readonly Selected: P
}

export type ForEachStep<P = unknown> = Step<ForEachProperties<P>>

/** Types that cannot be a body. */
const refused: ReadonlySet<string> = new Set(['Condition', 'Fail', 'ForEach'])

/**
 * EXPERIMENTAL: a step that runs another for every item of a list that is known only when the pipeline runs.
 *
 * Members of an item that are called `kind`, `json` or `valueType` are read with `reference('ForEach.CurrentItem.kind')`.
 *
 * The pipeline must say `experimental: { forEach: true }`. The form is that of a change to the SageMaker Python SDK that was
 * never released (pull request 6074); no service model knows the step, so the service may refuse it, and `validate` warns.
 *
 * @throws UserError for a body that the form does not allow
 */
export function forEachStep<P, const I extends Scalar | object = string>(
  name: string,
  options: ForEachOptions<I, P>,
): ForEachStep<P> {
  const where = `Step "${name}"`
  const { items, maxConcurrency, select } = options
  if (!isExpr(items)) {
    throw mistake(
      `${where}: items — ${show(items)} is known already; write one step per item in the program, or give a reference to a JSON list.`,
    )
  }
  if (!isExpr(maxConcurrency) && !(Number.isInteger(maxConcurrency) && maxConcurrency >= 1 && maxConcurrency <= 50)) {
    throw mistake(`${where}: maxConcurrency — ${show(maxConcurrency)} is no whole number from 1 to 50; give one.`)
  }
  const body = options.body(currentItem as ForEachItem<I>)
  if (!isStep(body)) throw mistake(`${where}: body — it gives ${show(body)}, which is no step; return one step.`)
  if (refused.has(body.type)) {
    throw mistake(
      `${where}: body — "${body.name}" is a ${body.type} step, which cannot be a body; give a step with a job.`,
    )
  }
  if (body.definition.DependsOn !== undefined) {
    throw mistake(
      `${where}: body — "${body.name}" has steps to wait for, and the runs wait for what the step around them waits for; give dependsOn to "${name}".`,
    )
  }
  const inside = `Steps.${body.name}`
  return makeStep(name, {
    type: 'ForEach',
    arguments: {
      IterableItems: items,
      MaxConcurrency: maxConcurrency,
      Selector: select && emitSelector(where, select, rebase(body.properties, inside, `ChildOutput.${body.name}`)),
      ForEachBody: [body.definition],
    },
    options,
    properties: Object.freeze({
      ...counts(name),
      Status: makeExpression<string>({ Get: `Steps.${name}.Status` }, 'String'),
      ChildOutputs: childOutputs(name, body.properties, inside),
      Selected: rebase(body.properties, inside, `Steps.${name}.Selected`),
    }),
    inside: [body],
  })
}

function emitSelector<P>(where: string, select: NonNullable<ForEachOptions<string, P>['select']>, run: P) {
  const [pick, choose] =
    select.maxBy === undefined ? (['MinBy', select.minBy] as const) : (['MaxBy', select.maxBy] as const)
  const field = choose(run)
  if (!isExpr(field) || !isGet(field.json) || !field.json.Get.startsWith('ChildOutput.')) {
    throw mistake(
      `${where}: select — it gives ${show(field)}; return a value of the run, such as run.FinalMetricDataList['auc'].Value.`,
    )
  }
  return { Pick: pick, Field: emit(field, `${where}: select`) }
}

/** The item, and its members one level deep. */
const currentItem: unknown = new Proxy(makeExpression<string>({ Get: 'ForEach.CurrentItem' }, 'unknown'), {
  get: (target, key, receiver) =>
    typeof key === 'symbol' || key in target || ['toJSON', 'then', 'toString', 'valueOf'].includes(key)
      ? (Reflect.get(target, key, receiver) as unknown)
      : makeExpression({ Get: `ForEach.CurrentItem.${key}` }, 'unknown'),
})

const countNames = [
  'InputItemCount',
  'TotalStepCount',
  'SucceededStepCount',
  'FailedStepCount',
  'StoppedStepCount',
] as const

const counts = (name: string) =>
  Object.fromEntries(
    countNames.map(count => [count, makeExpression<number>({ Get: `Steps.${name}.${count}` }, 'Integer')]),
  ) as { readonly [C in (typeof countNames)[number]]: Expr<number> }

function childOutputs<P>(name: string, properties: P, inside: string): { readonly [position: number]: P } {
  return new Proxy<{ readonly [position: number]: P }>(Object.freeze({}), {
    get(_target, key) {
      if (typeof key === 'symbol' || key === 'then') return undefined
      if (/^\d+$/.test(key)) return rebase(properties, inside, `Steps.${name}.ChildOutputs[${key}]`)
      throw mistake(`Steps.${name}.ChildOutputs — it is a list, and "${key}" is no position in it; write [0], [1], ….`)
    },
  })
}

/** The same properties as another place gives them: every path below `from` lies below `to`. */
function rebase<T>(value: T, from: string, to: string): T {
  if (isExpr(value)) return rebaseExpression(value, from, to) as T
  if (typeof value !== 'object' || value === null) return value
  // Around nothing: a proxy of frozen data may not answer otherwise than the data.
  return new Proxy({} as T & object, {
    get(_target, key) {
      const found: unknown = Reflect.get(value, key)
      // The path that sentences name.
      if (typeof key === 'symbol') return typeof found === 'string' ? found.replace(from, to) : found
      return typeof found === 'function' ? found : rebase(found, from, to)
    },
  })
}

function rebaseExpression(value: Expr<unknown>, from: string, to: string): Expr<unknown> {
  const { json, valueType } = value
  if (!isGet(json) || !json.Get.startsWith(from)) return value
  const moved = makeExpression({ Get: `${to}${json.Get.slice(from.length)}` }, valueType)
  if (!('at' in value)) return moved
  const at = (...path: readonly never[]): unknown =>
    rebase((value.at as (...path: unknown[]) => unknown)(...path), from, to)
  return Object.freeze(Object.create(moved, { at: { value: at } })) as Expr<unknown>
}
