import { foldCount } from '../../../schemas/split-options.ts'
import type { SplitOptions } from '../../../schemas/split-options.ts'
import { strategies } from '../strategies/strategies.ts'
import type { Records, SplitPlan, Strategy } from '../strategies/strategy.ts'
import { planWithHoldout } from './holdout.ts'
import { planInnerFolds } from './inner-folds.ts'
import { planSingleFiles } from './single-files.ts'
import { planTrainSubset } from './train-subset.ts'

/** The strategy's folds, with what other options make of them: a test set beside them, folds within them, less to train on. */
export function planSplit(records: Records, options: SplitOptions): SplitPlan {
  const strategy: Strategy = strategies[options.strategy]
  const plan =
    options.holdout === undefined
      ? planFolds(records, options, strategy)
      : planWithHoldout(records, options, strategy, rest => planFolds(rest, options, strategy))
  const part =
    options.fraction === undefined && options.cap === undefined ? plan : planTrainSubset(plan, records, options)
  return options.singleFile === true || options.numberPairs === true ? planSingleFiles(part, foldCount(options)) : part
}

function planFolds(records: Records, options: SplitOptions, strategy: Strategy): SplitPlan {
  const outer = strategy.plan(records, options)
  const { innerK } = options
  if (innerK === undefined) return outer
  const { innerK: _innerK, ...outerOptions } = options
  return planInnerFolds(outer, foldCount(outerOptions), records, rest =>
    strategy.plan(rest, { ...outerOptions, k: innerK }),
  )
}
