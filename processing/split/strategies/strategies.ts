import type { StrategyName } from '../../../schemas/split-options.ts'
import { kFold } from './kfold.ts'
import { stratifiedKFold } from './stratified-kfold.ts'
import type { Strategy } from './strategy.ts'

/** Every split strategy by the name that the command line uses. */
export const strategies = {
  kfold: kFold,
  'stratified-kfold': stratifiedKFold,
} as const satisfies Record<StrategyName, Strategy>
