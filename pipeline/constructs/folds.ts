import { mistake } from '../dsl/mistake.ts'
import { type Column, type Folds, makeFolds } from './make-folds.ts'

interface Count {
  /** Number of folds, scikit-learn's `n_splits`: a literal, because the definition has one training step per fold. */
  readonly k: number
}

/** A test set that no fold sees. */
interface Holdout {
  /**
   * Set aside as `test/` before the folds are drawn of the rest, as scikit-learn's `train_test_split` would: a fraction
   * below 1, or a number of records (of groups). The final training does not see it either. @default nothing
   */
  readonly holdout?: number
}

/** A part of every training set; validation sets and the final training keep all their records. */
interface TrainSubset {
  /** Share of its training records that a fold trains on, drawn by the seed: above 0, at most 1. @default all */
  readonly fraction?: number
  /** The most records that a fold trains on, drawn likewise. */
  readonly cap?: number
  /** Column with the weight of each record in the draw, a number of 0 or more. @default equal weights */
  readonly weight?: Column
  /** Seed of the draw, 0 to 4294967295. @default a random one, which the fold report names */
  readonly seed?: number
}

interface Seed {
  /** scikit-learn's `random_state`, 0 to 4294967295. @default a random one, which the fold report names */
  readonly seed?: number
}

interface Groups {
  /** Column whose equal values stay on one side of a fold: a name, or a 0-based index. */
  readonly groups: Column
}

export interface FoldOptions extends Count, Holdout, TrainSubset {
  /** @default false: folds are runs of neighbouring records (of groups) */
  readonly shuffle?: boolean
  /** scikit-learn's `random_state`, 0 to 4294967295; needs `shuffle`, or something else that is drawn. */
  readonly seed?: number
}

export interface GroupFoldOptions extends FoldOptions, Groups {}

/** The folds of scikit-learn's `KFold`, bit for bit. */
export const kFold = (options: FoldOptions): Folds =>
  makeFolds('kFold', options, { strategy: 'kfold', takes: ['k', 'shuffle', 'seed'], seedNeedsShuffle: true })

/** The folds of scikit-learn's `StratifiedKFold`, bit for bit: every fold has about the same share of each class. */
export const stratifiedKFold = (options: FoldOptions): Folds =>
  makeFolds('stratifiedKFold', options, {
    strategy: 'stratified-kfold',
    takes: ['k', 'shuffle', 'seed'],
    needsLabel: true,
    seedNeedsShuffle: true,
  })

/** The folds of scikit-learn's `GroupKFold`: records of one group are never on both sides. */
export const groupKFold = (options: GroupFoldOptions): Folds =>
  makeFolds('groupKFold', options, {
    strategy: 'group-kfold',
    takes: ['k', 'shuffle', 'seed', 'groups'],
    seedNeedsShuffle: true,
  })

/** The folds of scikit-learn's `StratifiedGroupKFold`: groups stay together, classes are balanced as far as they let. */
export const stratifiedGroupKFold = (options: GroupFoldOptions): Folds =>
  makeFolds('stratifiedGroupKFold', options, {
    strategy: 'stratified-group-kfold',
    takes: ['k', 'shuffle', 'seed', 'groups'],
    needsLabel: true,
    seedNeedsShuffle: true,
  })

export interface RepeatedFoldOptions extends Count, Seed, Holdout, TrainSubset {
  /** How often k folds are drawn, scikit-learn's `n_repeats`; k × repeats models are trained. @default 10 */
  readonly repeats?: number
}

/** The folds of scikit-learn's `RepeatedKFold`: k folds, drawn again and again. */
export const repeatedKFold = (options: RepeatedFoldOptions): Folds =>
  makeFolds('repeatedKFold', options, { strategy: 'repeated-kfold', takes: ['k', 'repeats', 'seed'] })

/** The folds of scikit-learn's `RepeatedStratifiedKFold`. */
export const repeatedStratifiedKFold = (options: RepeatedFoldOptions): Folds =>
  makeFolds('repeatedStratifiedKFold', options, {
    strategy: 'repeated-stratified-kfold',
    takes: ['k', 'repeats', 'seed'],
    needsLabel: true,
  })

export interface ShuffleSplitOptions extends Count, Seed, Holdout, TrainSubset {
  /** Share of the records that validates, below 1, or their number. @default 0.1 of the records, 0.2 of groups */
  readonly testSize?: number
  /** Share of the records that trains, below 1, or their number. @default what `testSize` leaves */
  readonly trainSize?: number
}

/** The splits of scikit-learn's `ShuffleSplit`: k independent draws, in which a record may validate often or never. */
export const shuffleSplit = (options: ShuffleSplitOptions): Folds =>
  makeFolds('shuffleSplit', options, { strategy: 'shuffle-split', takes: ['k', ...drawn], leastK: 1 })

/** The splits of scikit-learn's `StratifiedShuffleSplit`. */
export const stratifiedShuffleSplit = (options: ShuffleSplitOptions): Folds =>
  makeFolds('stratifiedShuffleSplit', options, {
    strategy: 'stratified-shuffle-split',
    takes: ['k', ...drawn],
    needsLabel: true,
    leastK: 1,
  })

/** The splits of scikit-learn's `GroupShuffleSplit`: groups are drawn, not records. */
export const groupShuffleSplit = (options: ShuffleSplitOptions & Groups): Folds =>
  makeFolds('groupShuffleSplit', options, {
    strategy: 'group-shuffle-split',
    takes: ['k', ...drawn, 'groups'],
    leastK: 1,
  })

const drawn = ['testSize', 'trainSize', 'seed'] as const

export interface TrainTestSplitOptions extends Seed, Holdout, TrainSubset {
  /** Share of the records that validates, below 1, or their number. @default 0.25 */
  readonly testSize?: number
  /** Share of the records that trains, below 1, or their number. @default what `testSize` leaves */
  readonly trainSize?: number
  /** @default true; otherwise the last records validate */
  readonly shuffle?: boolean
  /** Both sides get their share of every class, so the data must name its label. @default false */
  readonly stratify?: boolean
}

/**
 * The one split of scikit-learn's `train_test_split`, as a single fold. With `holdout` the data fall into training,
 * validation and test sets in one go, as when it is called twice.
 */
export function trainTestSplit({ stratify = false, shuffle = true, ...options }: TrainTestSplitOptions = {}): Folds {
  const takes = ['k', ...drawn] as const
  if (!stratify) {
    const given = { k: 1, ...(shuffle && { shuffle }), ...options }
    return makeFolds('trainTestSplit', given, {
      strategy: 'train-test-split',
      takes: [...takes, 'shuffle'],
      seedNeedsShuffle: true,
      leastK: 1,
      oneSplit: true,
    })
  }
  if (!shuffle)
    throw mistake('trainTestSplit: stratify — classes cannot be balanced without shuffling; leave out shuffle: false.')
  return makeFolds(
    'trainTestSplit',
    { k: 1, ...options },
    {
      strategy: 'stratified-train-test-split',
      takes,
      needsLabel: true,
      leastK: 1,
      oneSplit: true,
    },
  )
}

export interface TimeSeriesSplitOptions extends Count, Holdout, TrainSubset {
  /** Records in each validation set. @default the records divided by k + 1 */
  readonly testSize?: number
  /** Records left out between training and validation. @default 0 */
  readonly gap?: number
  /** The most records to train on, the latest ones. @default all that lie before */
  readonly maxTrainSize?: number
}

/** The splits of scikit-learn's `TimeSeriesSplit`: training on the past only. The records must be in the order of time. */
export const timeSeriesSplit = (options: TimeSeriesSplitOptions): Folds =>
  makeFolds('timeSeriesSplit', options, {
    strategy: 'time-series-split',
    takes: ['k', 'testSize', 'gap', 'maxTrainSize'],
  })

/** What the data decide, said beforehand: the split fails when the data have another number. */
interface KnownCount extends TrainSubset {
  /** The number of folds that the data give: the definition has one training step for each. */
  readonly k: number
}

interface LeftOut {
  /** How many are left out at once. */
  readonly p: number
}

/** The folds of scikit-learn's `LeaveOneOut`: k is the number of records. */
export const leaveOneOut = (options: KnownCount & Holdout): Folds =>
  makeFolds('leaveOneOut', options, { strategy: 'leave-one-out', takes: ['k'] })

/** The splits of scikit-learn's `LeavePOut`: k is the number of ways to choose p of the records. */
export const leavePOut = (options: KnownCount & LeftOut & Holdout): Folds =>
  makeFolds('leavePOut', options, { strategy: 'leave-p-out', takes: ['k', 'p'] })

/** The folds of scikit-learn's `LeaveOneGroupOut`: k is the number of groups. */
export const leaveOneGroupOut = (options: KnownCount & Groups & Holdout): Folds =>
  makeFolds('leaveOneGroupOut', options, { strategy: 'leave-one-group-out', takes: ['k', 'groups'] })

/** The splits of scikit-learn's `LeavePGroupsOut`: k is the number of ways to choose p of the groups. */
export const leavePGroupsOut = (options: KnownCount & LeftOut & Groups & Holdout): Folds =>
  makeFolds('leavePGroupsOut', options, { strategy: 'leave-p-groups-out', takes: ['k', 'p', 'groups'] })

export interface PredefinedSplitOptions extends KnownCount {
  /** Column with each record's fold, -1 for records that are always trained on. */
  readonly testFold: Column
}

/** The folds of scikit-learn's `PredefinedSplit`: a column says them. */
export const predefinedSplit = (options: PredefinedSplitOptions): Folds =>
  makeFolds('predefinedSplit', options, {
    strategy: 'predefined-split',
    takes: ['k', 'testFold'],
    noHoldout: true,
    leastK: 1,
  })

export interface HashKFoldOptions extends Count, TrainSubset {
  /** Column whose hashed value decides the fold, such as a customer's number: equal values stay together. @default the whole record */
  readonly key?: Column
  /** Another seed gives other folds. @default 0 */
  readonly seed?: number
}

/** Folds by a hash of a column: a record keeps its fold when the data grow. They are not of equal size. */
export const hashKFold = (options: HashKFoldOptions): Folds =>
  makeFolds('hashKFold', options, { strategy: 'hash-kfold', takes: ['k', 'key', 'seed'], noHoldout: true })

/** The folds of SMX-Validator, index for index, by its own random numbers. */
export const smxKFold = (options: Count & Seed & Holdout & TrainSubset): Folds =>
  makeFolds('smxKFold', options, { strategy: 'smx-kfold', takes: ['k', 'seed'] })
