import { createHash } from 'node:crypto'
import * as z from 'zod'
import { CreateRefused } from './step-fault.ts'

const scaling = z.enum(['Auto', 'Linear', 'Logarithmic', 'ReverseLogarithmic']).optional()
const numericRange = z.looseObject({
  Name: z.string(),
  MinValue: z.string(),
  MaxValue: z.string(),
  ScalingType: scaling,
})

/** ParameterRanges of a tuning job; bounds are texts. */
export const rangesSchema = z.looseObject({
  IntegerParameterRanges: z.array(numericRange).optional(),
  ContinuousParameterRanges: z.array(numericRange).optional(),
  CategoricalParameterRanges: z
    .array(z.looseObject({ Name: z.string(), Values: z.array(z.string()).min(1) }))
    .optional(),
})

export type Ranges = z.infer<typeof rangesSchema>
export type Hyperparameters = Readonly<Record<string, string>>

type NumericRange = z.infer<typeof numericRange>

/**
 * One tuned hyperparameter as coordinates of the unit cube, in which strategies search: a number has one coordinate, on its
 * scale; a category has one per value, 1 for the value and 0 for the others.
 */
export interface Dimension {
  readonly name: string
  /** How many coordinates it has. */
  readonly width: number
  /** The value at `u`, from 0 up to and without 1, on the hyperparameter's scale. */
  readonly decode: (u: number) => string
  /** The coordinates of a value; undefined for one that the range does not have. */
  readonly encode: (text: string) => readonly number[] | undefined
}

export function dimensionsOf(ranges: Ranges): readonly Dimension[] {
  return [
    ...(ranges.IntegerParameterRanges ?? []).map(range => numeric(range, integerScale(range), Math.round)),
    ...(ranges.ContinuousParameterRanges ?? []).map(range => numeric(range, scaleOf(range), value => value)),
    ...(ranges.CategoricalParameterRanges ?? []).map(
      ({ Name, Values }): Dimension => ({
        name: Name,
        width: Values.length,
        decode: u => Values[Math.floor(u * Values.length)] as string,
        encode: text => (Values.includes(text) ? Values.map(value => Number(value === text)) : undefined),
      }),
    ),
  ]
}

/**
 * Hyperparameters of the n-th training of a random search. They are a function of the seed and n alone, so that a tuning
 * job that is taken up again after a crash goes on with the same ones.
 */
export function randomHyperparameters(ranges: Ranges, seed: string, index: number): Hyperparameters {
  return Object.fromEntries(
    dimensionsOf(ranges).map(({ name, decode }) => [name, decode(uniform(`${seed}/${index}/${name}`))]),
  )
}

/** A number from 0 up to and without 1: 48 bits of a digest. */
export const uniform = (text: string): number => createHash('sha256').update(text).digest().readUIntBE(0, 6) / 2 ** 48

interface Scale {
  readonly at: (u: number) => number
  readonly of: (value: number) => number
}

function numeric(range: NumericRange, scale: Scale, round: (value: number) => number): Dimension {
  const { low, high } = bounds(range)
  return {
    name: range.Name,
    width: 1,
    decode: u => String(Math.min(high, Math.max(low, round(scale.at(u))))),
    encode: text => {
      const value = text.trim() === '' ? Number.NaN : Number(text)
      return value >= low && value <= high ? [scale.of(value)] : undefined
    },
  }
}

/** Every value of a range has its own stretch of the scale: a bound is as likely as what lies between. */
function integerScale(range: NumericRange): Scale {
  const { low, high } = bounds(range)
  return scaleOf({
    ...range,
    MinValue: String(low - 0.5),
    MaxValue: String(high + 0.5),
    ...(low - 0.5 <= 0 ? { ScalingType: 'Linear' } : {}),
  })
}

/** A range that spans so many times its lower bound is searched by orders of magnitude when it leaves the scale open. */
const autoLogarithmic = 1000

function scaleOf(range: NumericRange): Scale {
  const { low, high } = bounds(range)
  const between = (from: number, to: number, at: (x: number) => number, of: (value: number) => number): Scale => ({
    at: u => at(from + u * (to - from)),
    of: value => (to === from ? 0 : (of(value) - from) / (to - from)),
  })
  switch (range.ScalingType === undefined || range.ScalingType === 'Auto' ? autoScale(low, high) : range.ScalingType) {
    case 'ReverseLogarithmic':
      return between(
        Math.log1p(-low),
        Math.log1p(-high),
        x => -Math.expm1(x),
        value => Math.log1p(-value),
      )
    case 'Logarithmic':
      return between(Math.log(low), Math.log(high), Math.exp, Math.log)
    case 'Linear':
      return between(
        low,
        high,
        x => x,
        x => x,
      )
  }
}

const autoScale = (low: number, high: number): 'Linear' | 'Logarithmic' =>
  low > 0 && high / low >= autoLogarithmic ? 'Logarithmic' : 'Linear'

const bounds = (range: NumericRange): { low: number; high: number } => ({
  low: Number(range.MinValue),
  high: Number(range.MaxValue),
})

/** Every combination of categorical values, the last range turning fastest. Source: Developer Guide, grid search. */
export function gridHyperparameters(ranges: Ranges): Hyperparameters[] {
  return (ranges.CategoricalParameterRanges ?? []).reduce<Hyperparameters[]>(
    (rows, { Name, Values }) => rows.flatMap(row => Values.map(value => ({ ...row, [Name]: value }))),
    [{}],
  )
}

/** @throws CreateRefused for bounds that are no range on their scale. Source: Developer Guide, "Define Hyperparameter Ranges". */
export function checkRanges(ranges: Ranges): void {
  const continuous = ranges.ContinuousParameterRanges ?? []
  for (const range of [...(ranges.IntegerParameterRanges ?? []), ...continuous]) {
    const { low, high } = bounds(range)
    const refuse = (why: string): CreateRefused =>
      new CreateRefused(`The range of hyperparameter ${range.Name} from ${range.MinValue} to ${range.MaxValue} ${why}`)
    if (!Number.isFinite(low) || !Number.isFinite(high) || low > high) throw refuse('is no range of numbers')
    if (range.ScalingType === 'Logarithmic' && low <= 0) throw refuse('must be above 0 for Logarithmic scaling')
    if (range.ScalingType === 'ReverseLogarithmic' && (!continuous.includes(range) || low < 0 || high >= 1)) {
      throw refuse('must be continuous and within 0 and 1 for ReverseLogarithmic scaling')
    }
  }
  for (const range of ranges.IntegerParameterRanges ?? []) {
    if (!/^-?\d+$/.test(range.MinValue) || !/^-?\d+$/.test(range.MaxValue))
      throw new CreateRefused(`The range of the integer hyperparameter ${range.Name} has bounds that are no integers`)
  }
}
