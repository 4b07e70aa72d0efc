import { Mt19937 } from '../mt19937.ts'
import {
  cellsOfDraw,
  checkClasses,
  classMembers,
  drawnFold,
  drawRecords,
  drawStrata,
  splitSizes,
} from './shuffle-split.ts'
import type { Draw, Sizes } from './shuffle-split.ts'
import { column, planOf } from './strategy.ts'
import type { Records, SplitPlan, Strategy } from './strategy.ts'

/** What `train_test_split` holds back when it is not told. */
export const TEST_SHARE = 0.25

/** `train_test_split`: one fold, which validates on what scikit-learn calls the test side. Without `shuffle` that is the end of the data. */
export const trainTestSplit: Strategy = {
  sklearn: 'train_test_split',
  needs: [],
  random: 'optional',
  folds: 'one',
  takes: ['testSize', 'trainSize'],
  plan(records, options) {
    const sizes = splitSizes(records.count, options, TEST_SHARE)
    const random = options.shuffle ? new Mt19937(options.seed ?? 0) : null
    return oneFold(records, random === null ? ends(sizes) : drawRecords(records.count, sizes, random))
  },
}

/** `train_test_split` with `stratify`: both sides get their share of every class. */
export const stratifiedTrainTestSplit: Strategy = {
  sklearn: 'train_test_split',
  needs: ['label'],
  random: 'always',
  folds: 'one',
  takes: ['testSize', 'trainSize'],
  plan(records, options) {
    return oneFold(records, stratifiedDraw(records, splitSizes(records.count, options, TEST_SHARE), options.seed ?? 0))
  },
}

/** Both sides of `train_test_split` without shuffling. */
export function ends({ train, test }: Sizes): Draw {
  return { train: range(0, train), test: range(train, train + test) }
}

export function stratifiedDraw(records: Records, sizes: Sizes, seed: number): Draw {
  const label = column(records, 'label')
  checkClasses(label, sizes)
  return drawStrata(classMembers(label), sizes, new Mt19937(seed))
}

function oneFold({ count }: Records, draw: Draw): SplitPlan {
  return planOf([{ cells: 3, cellOf: cellsOfDraw(count, draw), folds: [drawnFold] }], 1)
}

function range(from: number, to: number): Uint32Array {
  return Uint32Array.from({ length: to - from }, (_, i) => from + i)
}
