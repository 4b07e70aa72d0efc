import { UserError } from '../../../schemas/problem.ts'
import type { SplitOptions } from '../../../schemas/split-options.ts'
import { Pcg64 } from '../pcg64.ts'
import { compactArray } from '../shuffle.ts'
import { cellsOf } from '../strategies/strategy.ts'
import type { EncodedColumn, PlannedFold, Records, Round, SplitPlan } from '../strategies/strategy.ts'

/**
 * Every fold trains on a part of its training records, drawn without replacement: `fraction` of them, at most `cap`, with
 * probabilities in the ratio of `weight` (Efraimidis and Spirakis 2006). Validation sets stay as they are.
 *
 * A record's place in the draw depends on the seed and its index alone. So a smaller fraction of the same seed is part of
 * a larger one, and the folds' subsets overlap as their training sets do.
 */
export function planTrainSubset(plan: SplitPlan, records: Records, options: SplitOptions): SplitPlan {
  const { order, eligible } = drawOrder(records, options)
  return { ...plan, rounds: rounds() }

  function* rounds(): Generator<Round> {
    for (const round of plan.rounds) yield subsetRound(round, order, eligible, options)
  }
}

/** All records by their place in the draw; those that can be drawn come first. */
interface DrawOrder {
  readonly order: Uint32Array
  readonly eligible: number
}

function drawOrder({ count, columns }: Records, { seed = 0, weight }: SplitOptions): DrawOrder {
  const weights = columns.weight === undefined ? null : readWeights(columns.weight, weight ?? '')
  const random = new Pcg64(seed)
  const places = new Float64Array(count)
  let eligible = 0
  for (let i = 0; i < count; i++) {
    const share = weights === null ? 1 : (weights.ofCode[weights.codes[i] as number] as number)
    // Uniform in (0, 1], from 53 bits; then exponential with the weight as its rate: the least are drawn.
    const uniform = ((random.next32() >>> 5) * 67108864 + (random.next32() >>> 6) + 1) / 2 ** 53
    places[i] = share === 0 ? Number.POSITIVE_INFINITY : -Math.log(uniform) / share
    if (share > 0) eligible++
  }
  const order = Uint32Array.from({ length: count }, (_, i) => i)
  order.sort((a, b) => {
    const [first, second] = [places[a] as number, places[b] as number]
    return first === second ? a - b : first < second ? -1 : 1
  })
  return { order, eligible }
}

function readWeights(column: EncodedColumn, name: string) {
  const ofCode = Float64Array.from(column.values, Number)
  const wrong = column.values.find((_, code) => !(Number.isFinite(ofCode[code]) && (ofCode[code] as number) >= 0))
  if (wrong !== undefined)
    throw new UserError(
      `column ${JSON.stringify(name)} holds the weight ${JSON.stringify(wrong)} — a weight is a number of 0 or more — repair the record`,
    )
  return { codes: column.codes, ofCode }
}

/** Each cell is cut where the draw of some fold ends, so that every subset is again a union of cells. */
function subsetRound(round: Round, order: Uint32Array, eligible: number, options: SplitOptions): Round {
  const limits = round.folds.map(fold => drawLimit(round, fold, order, eligible, options))
  const cuts = [...new Set(limits)].sort((a, b) => a - b)
  const width = cuts.length + 1
  if (round.cells * width * round.folds.length > MOST_FILES)
    throw new UserError(
      `drawing a part of each of ${round.folds.length} training sets makes ${round.cells * width} files, too many to list in every fold — use fewer folds`,
    )
  const cellOf = compactArray(round.cellOf.length, round.cells * width)
  let slice = 0
  for (let place = 0; place < order.length; place++) {
    while (slice < cuts.length && place >= (cuts[slice] as number)) slice++
    const record = order[place] as number
    cellOf[record] = (round.cellOf[record] as number) * width + slice
  }
  const slices = (cells: readonly number[], to: number) =>
    cells.flatMap(cell => Array.from({ length: to }, (_, i) => cell * width + i))
  return {
    cells: round.cells * width,
    cellOf,
    folds: round.folds.map((fold, i) => ({
      ...fold,
      train: { only: slices(cellsOf(fold.train, round.cells), cuts.indexOf(limits[i] as number) + 1) },
      validation: { only: slices(cellsOf(fold.validation, round.cells), width) },
    })),
    ...(round.test && { test: slices(round.test, width) }),
  }
}

/** Shards of all folds together. */
const MOST_FILES = 4_000_000

/** The place in the draw before which a fold's subset lies. */
function drawLimit(
  round: Round,
  fold: PlannedFold,
  order: Uint32Array,
  eligible: number,
  { fraction = 1, cap = Number.POSITIVE_INFINITY }: SplitOptions,
): number {
  const isTrained = new Uint8Array(round.cells)
  for (const cell of cellsOf(fold.train, round.cells)) isTrained[cell] = 1
  let trained = 0
  for (let i = 0; i < order.length; i++) trained += isTrained[round.cellOf[i] as number] as number
  const wanted = Math.min(Math.max(1, Math.floor(fraction * trained)), cap, trained)
  let drawn = 0
  let place = 0
  for (; place < eligible && drawn < wanted; place++)
    drawn += isTrained[round.cellOf[order[place] as number] as number] as number
  if (drawn < wanted)
    throw new UserError(
      `only ${drawn} of the ${wanted} records to draw have a weight above 0 — give more records a weight, or a smaller fraction`,
    )
  return place
}
