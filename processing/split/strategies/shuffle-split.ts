import { UserError } from '../../../schemas/problem.ts'
import type { SplitOptions } from '../../../schemas/split-options.ts'
import { Mt19937 } from '../mt19937.ts'
import type { RandomWords } from '../mt19937.ts'
import { permutation, shuffle } from '../shuffle.ts'
import type { IndexArray } from '../shuffle.ts'
import { cellsByGroup } from './group-kfold.ts'
import { column, countCodes, planOf, sortedCodes } from './strategy.ts'
import type { EncodedColumn, PlannedFold, Round, SplitPlan, Strategy } from './strategy.ts'

/** Cells of a shuffle split: what trains, what validates, and what does neither. */
export const TRAIN = 0
export const VALIDATION = 1
const UNUSED = 2

/** The one fold of such a round. */
export const drawnFold: PlannedFold = { train: { only: [TRAIN] }, validation: { only: [VALIDATION] } }

const sizes = ['testSize', 'trainSize'] as const

/** `ShuffleSplit`: k independent draws. As record sets; the order of the records stays that of the data. */
export const shuffleSplit: Strategy = {
  sklearn: 'ShuffleSplit',
  needs: [],
  random: 'always',
  folds: 'one or more',
  takes: sizes,
  plan({ count }, options) {
    const drawn = splitSizes(count, options, 0.1)
    return draws(options, random => ofDraw(count, drawRecords(count, drawn, random)))
  },
}

/** `GroupShuffleSplit`: the same with groups in place of records. */
export const groupShuffleSplit: Strategy = {
  sklearn: 'GroupShuffleSplit',
  needs: ['groups'],
  random: 'always',
  folds: 'one or more',
  takes: sizes,
  plan(records, options) {
    const groups = column(records, 'groups')
    const drawn = splitSizes(groups.values.length, options, 0.2)
    return draws(options, random => ({ cellOf: drawGroups(groups, drawn, random) }), { keepsGroups: true })
  },
}

/** The cell of every record, after a draw of groups. */
export function drawGroups(groups: EncodedColumn, drawn: Sizes, random: RandomWords): IndexArray {
  const codes = sortedCodes(groups)
  const cells = cellsOfDraw(codes.length, drawRecords(codes.length, drawn, random))
  const cellOfGroup = new Uint8Array(codes.length)
  codes.forEach((code, i) => {
    cellOfGroup[code] = cells[i] as number
  })
  return cellsByGroup(groups, cellOfGroup, 3)
}

/** `StratifiedShuffleSplit`: every class gives its share to both sides of each draw. */
export const stratifiedShuffleSplit: Strategy = {
  sklearn: 'StratifiedShuffleSplit',
  needs: ['label'],
  random: 'always',
  folds: 'one or more',
  takes: sizes,
  plan(records, options) {
    const drawn = splitSizes(records.count, options, 0.1)
    const label = column(records, 'label')
    checkClasses(label, drawn)
    const members = classMembers(label)
    return draws(options, random => ofDraw(records.count, drawStrata(members, drawn, random)))
  },
}

/** How many records (or groups) train and validate. */
export interface Sizes {
  readonly train: number
  readonly test: number
}

/** The records of both sides, in the order in which scikit-learn has them. */
export interface Draw {
  readonly train: Uint32Array
  readonly test: Uint32Array
}

interface DrawnCells {
  readonly cellOf: IndexArray
  readonly trainOrder?: Uint32Array
}

function ofDraw(count: number, draw: Draw): DrawnCells {
  return { cellOf: cellsOfDraw(count, draw), trainOrder: draw.train }
}

function draws(
  { k, seed, innerK }: SplitOptions,
  draw: (random: RandomWords) => DrawnCells,
  facts: Partial<SplitPlan> = {},
): SplitPlan {
  return planOf(rounds(), k, facts)

  function* rounds(): Generator<Round> {
    const random = new Mt19937(seed ?? 0)
    for (let i = 0; i < k; i++) {
      const { cellOf, trainOrder } = draw(random)
      // The order takes more memory than the cells, and only inner folds depend on it.
      const isOrdered = innerK !== undefined && trainOrder !== undefined
      yield { cells: 3, cellOf, folds: [isOrdered ? { ...drawnFold, trainOrder } : drawnFold] }
    }
  }
}

export function drawRecords(count: number, { train, test }: Sizes, random: RandomWords): Draw {
  const order = permutation(random, count)
  return { test: order.subarray(0, test), train: order.subarray(test, test + train) }
}

export function cellsOfDraw(count: number, { train, test }: Draw): IndexArray {
  const cellOf = new Uint8Array(count).fill(UNUSED)
  for (const record of test) cellOf[record] = VALIDATION
  for (const record of train) cellOf[record] = TRAIN
  return cellOf
}

/** scikit-learn's `_validate_shuffle_split`. */
export function splitSizes(
  count: number,
  { testSize, trainSize }: Pick<SplitOptions, 'testSize' | 'trainSize'>,
  standard: number,
): Sizes {
  const wantedTest = testSize ?? (trainSize === undefined ? standard : undefined)
  checkSize('test_size', wantedTest, count)
  checkSize('train_size', trainSize, count)
  if (isFraction(trainSize) && isFraction(wantedTest) && trainSize + wantedTest > 1)
    throw new UserError(
      `The sum of test_size and train_size = ${trainSize + wantedTest}, should be in the (0, 1) range. Reduce test_size and/or train_size.`,
    )
  const asked = {
    test: wantedTest === undefined ? undefined : isFraction(wantedTest) ? Math.ceil(wantedTest * count) : wantedTest,
    train: trainSize === undefined ? undefined : isFraction(trainSize) ? Math.floor(trainSize * count) : trainSize,
  }
  const train = asked.train ?? count - (asked.test ?? 0)
  const test = asked.test ?? count - train
  if (train + test > count)
    throw new UserError(
      `The sum of train_size and test_size = ${train + test}, should be smaller than the number of samples ${count}. Reduce test_size and/or train_size.`,
    )
  if (train === 0)
    throw new UserError(
      `With n_samples=${count}, test_size=${wantedTest ?? 'None'} and train_size=${trainSize ?? 'None'}, the resulting train set will be empty. Adjust any of the aforementioned parameters.`,
    )
  return { train, test }
}

function isFraction(size: number | undefined): size is number {
  return size !== undefined && !Number.isInteger(size)
}

function checkSize(name: string, size: number | undefined, count: number): void {
  if (size === undefined) return
  if (isFraction(size) ? size <= 0 || size >= 1 : size <= 0 || size >= count)
    throw new UserError(
      `${name}=${size} should be either positive and smaller than the number of samples ${count} or a float in the (0, 1) range`,
    )
}

/** scikit-learn's checks of the classes of a stratified draw. */
export function checkClasses(label: EncodedColumn, { train, test }: Sizes): void {
  const classes = label.values.length
  if (countCodes(label).some(count => count < 2))
    throw new UserError(
      'The least populated class in y has only 1 member, which is too few. The minimum number of groups for any class cannot be less than 2.',
    )
  for (const [name, size] of Object.entries({ train_size: train, test_size: test }))
    if (size < classes)
      throw new UserError(`The ${name} = ${size} should be greater or equal to the number of classes = ${classes}`)
}

/** Records of each class, classes in numpy's order. */
export function classMembers(label: EncodedColumn): Uint32Array[] {
  const counts = countCodes(label)
  const members = Array.from(counts, count => new Uint32Array(count))
  const next = new Uint32Array(counts.length)
  label.codes.forEach((code, record) => {
    const at = next[code] as number
    ;(members[code] as Uint32Array)[at] = record
    next[code] = at + 1
  })
  return sortedCodes(label).map(code => members[code] as Uint32Array)
}

/** @param members Records of each class, from {@link classMembers}. */
export function drawStrata(members: readonly Uint32Array[], { train, test }: Sizes, random: RandomWords): Draw {
  const counts = members.map(({ length }) => length)
  const trained = approximateMode(counts, train, random)
  const tested = approximateMode(
    counts.map((size, i) => size - (trained[i] as number)),
    test,
    random,
  )
  const drawn = { train: new Uint32Array(train), test: new Uint32Array(test) }
  let trainEnd = 0
  let testEnd = 0
  members.forEach((records, i) => {
    const order = permutation(random, records.length)
    const cut = trained[i] as number
    const stop = cut + (tested[i] as number)
    for (let at = 0; at < cut; at++) drawn.train[trainEnd++] = records[order[at] as number] as number
    for (let at = cut; at < stop; at++) drawn.test[testEnd++] = records[order[at] as number] as number
  })
  shuffle(random, drawn.train)
  shuffle(random, drawn.test)
  return drawn
}

/** scikit-learn's `_approximate_mode`: how many each class gives, ties of the remainders broken at random. */
function approximateMode(counts: readonly number[], wanted: number, random: RandomWords): number[] {
  const total = counts.reduce((a, b) => a + b, 0)
  const shares = counts.map(count => (count / total) * wanted)
  const given = shares.map(Math.floor)
  const remainders = shares.map((share, i) => share - (given[i] as number))
  let missing = Math.trunc(wanted - given.reduce((a, b) => a + b, 0))
  if (missing <= 0) return given
  for (const value of [...new Set(remainders)].sort((a, b) => b - a)) {
    const tied = [...remainders.keys()].filter(i => remainders[i] === value)
    const chosen = permutation(random, tied.length).subarray(0, Math.min(tied.length, missing))
    for (const i of chosen) given[tied[i] as number] = (given[tied[i] as number] as number) + 1
    missing -= chosen.length
    if (missing === 0) break
  }
  return given
}
