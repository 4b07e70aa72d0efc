import type { CompletionCriteria } from './tuning-request.ts'
import type { Trial } from './tuning-trial.ts'

/** What `TuningJobCompletionDetails` says. */
export interface CompletionState {
  /** True when a criterion is met: nothing more is started, and what runs is stopped. */
  readonly isMet: boolean
  readonly hasConverged: boolean
  readonly notImproving: number
}

/** Results that have to be there before convergence is looked for, and over which the best one has not moved. */
const convergenceWindow = 10
/** Share of the distance between the median and the best result that counts as a move. */
const convergenceShare = 0.01

/**
 * Judges the criteria of `TuningJobCompletionCriteria` on the trainings that have ended.
 *
 * Source: API reference, TuningJobCompletionCriteria. How the service finds convergence is not told: here the best result
 * has moved by less than a hundredth of its distance from the median within the last ten results (ours).
 *
 * @param ended Trainings that have ended, in the order in which they did.
 * @param targetLoss The target value as a loss.
 */
export function judgeCompletion(
  criteria: CompletionCriteria,
  ended: readonly Trial[],
  targetLoss: number | undefined,
): CompletionState {
  const losses = ended.flatMap(({ loss }) => loss ?? [])
  const best = Math.min(...losses)
  // A training without the metric has not improved anything either.
  const notImproving =
    losses.length === 0 ? ended.length : ended.length - 1 - ended.findIndex(({ loss }) => loss === best)
  const most = criteria.BestObjectiveNotImproving?.MaxNumberOfTrainingJobsNotImproving
  const hasConverged = criteria.ConvergenceDetected?.CompleteOnConvergence === 'Enabled' && isConverged(losses)
  return {
    isMet:
      (targetLoss !== undefined && best <= targetLoss) || (most !== undefined && notImproving >= most) || hasConverged,
    hasConverged,
    notImproving,
  }
}

function isConverged(losses: readonly number[]): boolean {
  if (losses.length < 2 * convergenceWindow) return false
  const before = Math.min(...losses.slice(0, -convergenceWindow))
  const best = Math.min(...losses)
  const median = losses.toSorted((a, b) => a - b)[Math.floor(losses.length / 2)] as number
  return before - best <= convergenceShare * (median - best)
}
