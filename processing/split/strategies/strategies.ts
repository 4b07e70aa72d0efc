import type { StrategyName } from '../../../schemas/split-names.ts'
import { groupKFold } from './group-kfold.ts'
import { hashKFold } from './hash-kfold.ts'
import { kFold, repeatedKFold, smxKFold } from './kfold.ts'
import { leaveOneGroupOut, leaveOneOut, leavePGroupsOut, leavePOut } from './leave-out.ts'
import { predefinedSplit } from './predefined-split.ts'
import { groupShuffleSplit, shuffleSplit, stratifiedShuffleSplit } from './shuffle-split.ts'
import { stratifiedGroupKFold } from './stratified-group-kfold.ts'
import { repeatedStratifiedKFold, stratifiedKFold } from './stratified-kfold.ts'
import type { Strategy } from './strategy.ts'
import { stratifiedTrainTestSplit, trainTestSplit } from './train-test-split.ts'
import { timeSeriesSplit } from './time-series-split.ts'

/** Every split strategy by the name that the command line uses. */
export const strategies = {
  kfold: kFold,
  'stratified-kfold': stratifiedKFold,
  'group-kfold': groupKFold,
  'stratified-group-kfold': stratifiedGroupKFold,
  'repeated-kfold': repeatedKFold,
  'repeated-stratified-kfold': repeatedStratifiedKFold,
  'shuffle-split': shuffleSplit,
  'stratified-shuffle-split': stratifiedShuffleSplit,
  'group-shuffle-split': groupShuffleSplit,
  'train-test-split': trainTestSplit,
  'stratified-train-test-split': stratifiedTrainTestSplit,
  'time-series-split': timeSeriesSplit,
  'leave-one-out': leaveOneOut,
  'leave-p-out': leavePOut,
  'leave-one-group-out': leaveOneGroupOut,
  'leave-p-groups-out': leavePGroupsOut,
  'predefined-split': predefinedSplit,
  'smx-kfold': smxKFold,
  'hash-kfold': hashKFold,
} as const satisfies Record<StrategyName, Strategy>
