import { UserError } from '../../../schemas/problem.ts'
import type { SplitOptions } from '../../../schemas/split-options.ts'
import { Mt19937 } from '../mt19937.ts'
import type { RandomWords } from '../mt19937.ts'
import { permutation } from '../shuffle.ts'
import type { IndexArray } from '../shuffle.ts'
import { cellsByGroup } from './group-kfold.ts'
import { column, countCodes, planOf, sortedCodes } from './strategy.ts'
import type { EncodedColumn, Round, SplitPlan, Strategy } from './strategy.ts'

/** Cells of a shuffle split: what trains, what validates, and what does neither. */
const TRAIN = 0
const VALIDATION = 1
const UNUSED = 2

const sizes = ['testSize', 'trainSize'] as const

/** `ShuffleSplit`: k independent draws. As record sets; the order of the records stays that of the data. */
export const shuffleSplit: Strategy = {
  sklearn: 'ShuffleSplit',
  needs: [],
  random: 'always',
  takes: sizes,
  plan({ count }, options) {
    const drawn = splitSizes(count, options, 0.1)
    return draws(options, random => drawCells(count, drawn, random))
  },
}

/** `GroupShuffleSplit`: the same with groups in place of records. */
export const groupShuffleSplit: Strategy = {
  sklearn: 'GroupShuffleSplit',
  needs: ['groups'],
  random: 'always',
  takes: sizes,
  plan(records, options) {
    const groups = column(records, 'groups')
    const codes = sortedCodes(groups)
    const drawn = splitSizes(codes.length, options, 0.2)
    return draws(
      options,
      random => {
        const cells = drawCells(codes.length, drawn, random)
        const cellOfGroup = new Uint8Array(codes.length)
        codes.forEach((code, i) => {
          cellOfGroup[code] = cells[i] as number
        })
        return cellsByGroup(groups, cellOfGroup, 3)
      },
      { keepsGroups: true },
    )
  },
}

/** `StratifiedShuffleSplit`: every class gives its share to both sides of each draw. */
export const stratifiedShuffleSplit: Strategy = {
  sklearn: 'StratifiedShuffleSplit',
  needs: ['label'],
  random: 'always',
  takes: sizes,
  plan(records, options) {
    const drawn = splitSizes(records.count, options, 0.1)
    const label = column(records, 'label')
    checkClasses(label, drawn)
    const members = classMembers(label)
    return draws(options, random => drawStrata(records.count, members, drawn, random))
  },
}

interface Sizes {
  readonly train: number
  readonly test: number
}

function draws({ k, seed }: SplitOptions, draw: (random: RandomWords) => IndexArray, facts: Partial<SplitPlan> = {}) {
  return planOf(rounds(), k, facts)

  function* rounds(): Generator<Round> {
    const random = new Mt19937(seed ?? 0)
    for (let i = 0; i < k; i++)
      yield {
        cells: 3,
        cellOf: draw(random),
        folds: [{ train: { only: [TRAIN] }, validation: { only: [VALIDATION] } }],
      }
  }
}

function drawCells(count: number, { train, test }: Sizes, random: RandomWords): IndexArray {
  const cellOf = new Uint8Array(count).fill(UNUSED)
  const order = permutation(random, count)
  for (let i = 0; i < test; i++) cellOf[order[i] as number] = VALIDATION
  for (let i = test; i < test + train; i++) cellOf[order[i] as number] = TRAIN
  return cellOf
}

/** scikit-learn's `_validate_shuffle_split`. */
function splitSizes(count: number, { testSize, trainSize }: SplitOptions, standard: number): Sizes {
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

function checkClasses(label: EncodedColumn, { train, test }: Sizes): void {
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
function classMembers(label: EncodedColumn): Uint32Array[] {
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

function drawStrata(
  count: number,
  members: readonly Uint32Array[],
  { train, test }: Sizes,
  random: RandomWords,
): IndexArray {
  const counts = members.map(({ length }) => length)
  const trained = approximateMode(counts, train, random)
  const tested = approximateMode(
    counts.map((size, i) => size - (trained[i] as number)),
    test,
    random,
  )
  const cellOf = new Uint8Array(count).fill(UNUSED)
  members.forEach((records, i) => {
    const order = permutation(random, records.length)
    const cut = trained[i] as number
    for (let at = 0; at < cut; at++) cellOf[records[order[at] as number] as number] = TRAIN
    for (let at = cut; at < cut + (tested[i] as number); at++)
      cellOf[records[order[at] as number] as number] = VALIDATION
  })
  // scikit-learn shuffles both sides once more: it changes no set, but the state of the generator.
  permutation(random, train)
  permutation(random, test)
  return cellOf
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
