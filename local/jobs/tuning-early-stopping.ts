import type { Trial } from './tuning-trial.ts'

/**
 * True when a training is to be stopped early: its objective is worse than the median of the running averages that the
 * trainings before it had up to the same epoch.
 *
 * Source: Developer Guide, "Stop Training Jobs Early". Trainings before it are those with a smaller number that have reached
 * the epoch and have not failed; without any, nothing is stopped (ours).
 */
export function isBelowMedian(trial: Trial, trials: readonly Trial[]): boolean {
  const epoch = trial.epochs.length
  const loss = trial.epochs.at(-1)
  if (loss === undefined) return false
  const averages = trials
    .filter(other => other.index < trial.index && other.epochs.length >= epoch && !hasFailed(other))
    .map(other => other.epochs.slice(0, epoch).reduce((sum, value) => sum + value, 0) / epoch)
    .toSorted((a, b) => a - b)
  if (averages.length === 0) return false
  const middle = (averages.length - 1) / 2
  const median = ((averages[Math.floor(middle)] as number) + (averages[Math.ceil(middle)] as number)) / 2
  return loss > median
}

const hasFailed = (trial: Trial): boolean => trial.isOver && trial.loss === undefined
