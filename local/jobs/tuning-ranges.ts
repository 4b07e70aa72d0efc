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
 * Hyperparameters of the n-th training of a random search. They are a function of the seed and n alone, so that a tuning
 * job that is taken up again after a crash goes on with the same ones.
 */
export function randomHyperparameters(ranges: Ranges, seed: string, index: number): Hyperparameters {
  const draw = (name: string): number => uniform(`${seed}/${index}/${name}`)
  return Object.fromEntries([
    ...(ranges.IntegerParameterRanges ?? []).map(range => [range.Name, String(integer(range, draw(range.Name)))]),
    ...(ranges.ContinuousParameterRanges ?? []).map(range => [range.Name, String(scaled(range, draw(range.Name)))]),
    ...(ranges.CategoricalParameterRanges ?? []).map(({ Name, Values }) => [
      Name,
      Values[Math.floor(draw(Name) * Values.length)],
    ]),
  ])
}

/** A number from 0 up to and without 1: 48 bits of a digest. */
const uniform = (text: string): number => createHash('sha256').update(text).digest().readUIntBE(0, 6) / 2 ** 48

/** Every value of a range has its own stretch of the scale: a bound is as likely as what lies between. */
function integer(range: NumericRange, u: number): number {
  const { low, high } = bounds(range)
  const between = scaled(
    {
      ...range,
      MinValue: String(low - 0.5),
      MaxValue: String(high + 0.5),
      ...(low - 0.5 <= 0 ? { ScalingType: 'Linear' } : {}),
    },
    u,
  )
  return Math.min(high, Math.max(low, Math.round(between)))
}

function scaled(range: NumericRange, u: number): number {
  const { low, high } = bounds(range)
  switch (range.ScalingType) {
    case 'Logarithmic':
      return Math.min(high, Math.max(low, Math.exp(Math.log(low) + u * (Math.log(high) - Math.log(low)))))
    case 'ReverseLogarithmic':
      return Math.min(high, Math.max(low, 1 - Math.exp(Math.log1p(-low) + u * (Math.log1p(-high) - Math.log1p(-low)))))
    default:
      return low + u * (high - low)
  }
}

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
