import type { HyperParameterScalingType, ParameterRanges } from '@aws-sdk/client-sagemaker'
import type { Args } from './args.ts'
import { type Text, text } from './emit.ts'
import { hasKind, isExpr, type Value } from './expression.ts'
import { mistake, show } from './mistake.ts'

/** Values of one hyperparameter that a tuning job tries; made by {@link continuous}, {@link integers}, {@link categorical}. */
export type TuningRange =
  | {
      readonly kind: 'foldwise.tuning-range'
      readonly type: 'Continuous' | 'Integer'
      readonly min: Value<number>
      readonly max: Value<number>
      readonly scaling: HyperParameterScalingType | undefined
    }
  | { readonly kind: 'foldwise.tuning-range'; readonly type: 'Categorical'; readonly values: readonly Text[] }

/**
 * Numbers from `min` to `max`.
 *
 * @param scaling How the range is searched: `Logarithmic` for values over several orders of magnitude, above 0;
 * `ReverseLogarithmic` for values just below 1. @default 'Auto' by the service
 */
export const continuous = (min: Value<number>, max: Value<number>, scaling?: HyperParameterScalingType): TuningRange =>
  numbers('continuous', 'Continuous', min, max, scaling)

/**
 * Whole numbers from `min` to `max`.
 *
 * @param scaling As for {@link continuous}, without `ReverseLogarithmic`. @default 'Auto' by the service
 */
export const integers = (
  min: Value<number>,
  max: Value<number>,
  scaling?: Exclude<HyperParameterScalingType, 'ReverseLogarithmic'>,
): TuningRange => numbers('integers', 'Integer', min, max, scaling)

/** One of these values. */
export function categorical(values: readonly Text[]): TuningRange {
  const call = 'categorical(…)'
  if (!Array.isArray(values) || values.length === 0) {
    throw mistake(`${call} — ${show(values)} has no values; list at least one.`)
  }
  const texts = values.filter(value => !isExpr(value)).map(String)
  const twice = texts.find((value, index) => texts.indexOf(value) !== index)
  if (twice !== undefined) throw mistake(`${call} — ${show(twice)} is listed twice; list every value once.`)
  return Object.freeze({ kind: 'foldwise.tuning-range', type: 'Categorical', values: Object.freeze([...values]) })
}

function numbers(
  name: string,
  type: 'Continuous' | 'Integer',
  min: Value<number>,
  max: Value<number>,
  scaling: HyperParameterScalingType | undefined,
): TuningRange {
  const call = `${name}(${[min, max].map(bound => (isExpr(bound) ? '…' : show(bound))).join(', ')}${scaling === undefined ? '' : `, ${show(scaling)}`})`
  const isNumber = type === 'Integer' ? Number.isSafeInteger : Number.isFinite
  const what = type === 'Integer' ? 'whole number' : 'number'
  for (const bound of [min, max]) {
    if (!isExpr(bound) && !isNumber(bound)) throw mistake(`${call} — ${show(bound)} is no ${what}; give one.`)
  }
  if (typeof min === 'number' && typeof max === 'number' && min >= max) {
    throw mistake(`${call} — the least value, ${min}, is not below the greatest, ${max}; exchange or change them.`)
  }
  checkScaling(call, type, min, max, scaling)
  return Object.freeze({ kind: 'foldwise.tuning-range', type, min, max, scaling })
}

/**
 * Where the scalings are defined.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-define-ranges.html
 */
function checkScaling(call: string, type: string, min: unknown, max: unknown, scaling: string | undefined): void {
  if (scaling === undefined) return
  const known = ['Auto', 'Linear', 'Logarithmic', 'ReverseLogarithmic']
  if (!known.includes(scaling))
    throw mistake(`${call} — ${show(scaling)} is no scaling; give one of ${known.join(', ')}.`)
  if (scaling === 'Logarithmic' && typeof min === 'number' && min <= 0) {
    throw mistake(`${call} — a logarithmic scale begins above 0; give a greater least value, or another scaling.`)
  }
  if (scaling !== 'ReverseLogarithmic') return
  if (type === 'Integer') throw mistake(`${call} — ReverseLogarithmic is for continuous ranges; give another scaling.`)
  if ((typeof min === 'number' && min < 0) || (typeof max === 'number' && max >= 1)) {
    throw mistake(`${call} — ReverseLogarithmic needs values from 0 to below 1; give such, or another scaling.`)
  }
}

/** Most ranges of a tuning job (CreateHyperParameterTuningJob, ParameterRanges). */
const MAX_RANGES = 30

/** The ranges as the request has them, by kind and in the order they were written. */
export function emitRanges(step: string, ranges: Readonly<Record<string, TuningRange>>): Args<ParameterRanges> {
  const all = Object.entries(ranges)
  const where = `Step "${step}": ranges`
  if (all.length === 0)
    throw mistake(`${where} — there are none; give at least one, such as { eta: continuous(0.01, 0.5) }.`)
  if (all.length > MAX_RANGES) {
    throw mistake(
      `${where} — there are ${all.length}, and a tuning job takes ${MAX_RANGES}; fix the less important ones.`,
    )
  }
  const wrong = all.find(([, range]) => !hasKind(range, 'foldwise.tuning-range'))
  if (wrong !== undefined) {
    throw mistake(
      `${where}.${wrong[0]} — ${show(wrong[1])} is no range; give continuous(…), integers(…) or categorical(…).`,
    )
  }
  const ofType = (type: 'Continuous' | 'Integer') =>
    all.flatMap(([Name, range]) =>
      range.type !== type
        ? []
        : [
            {
              Name,
              MinValue: text(range.min),
              MaxValue: text(range.max),
              ...(range.scaling !== undefined && { ScalingType: range.scaling }),
            },
          ],
    )
  const [integer, continuousRanges] = [ofType('Integer'), ofType('Continuous')]
  const categories = all.flatMap(([Name, range]) =>
    range.type === 'Categorical' ? [{ Name, Values: range.values.map(text) }] : [],
  )
  return {
    ...(integer.length > 0 && { IntegerParameterRanges: integer }),
    ...(continuousRanges.length > 0 && { ContinuousParameterRanges: continuousRanges }),
    ...(categories.length > 0 && { CategoricalParameterRanges: categories }),
  }
}
