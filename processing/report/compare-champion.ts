import type { ChampionComparison, Evaluation } from '../../schemas/evaluation.ts'
import { correctedStandardError, mean, tInterval } from './statistics.ts'
import { twoSidedP } from './student-t.ts'

/**
 * The paired comparison of an evaluation with the champion's: the corrected resampled t-test (Nadeau and Bengio 2003) on
 * the folds' differences. Only equal folds and the same objective can be compared; else the result says why not.
 */
export function compareChampion(evaluation: Evaluation, champion: Evaluation, testToTrain: number): ChampionComparison {
  const reason = whyNotComparable(evaluation, champion)
  if (reason !== undefined) return { comparable: false, reason, champion_mean: champion.objective.mean }
  const sign = evaluation.objective.direction === 'maximize' ? 1 : -1
  const folds = evaluation.objective.folds.flatMap(({ index, value }) => {
    const other = champion.objective.folds.find(fold => fold.index === index)
    if (other === undefined) return []
    return [{ index, value, champion: other.value, difference: sign * (value - other.value) }]
  })
  const differences = folds.map(fold => fold.difference)
  const centre = mean(differences)
  const standardError = correctedStandardError(differences, testToTrain)
  return {
    comparable: true,
    champion_mean: champion.objective.mean,
    mean_difference: centre,
    ci95: tInterval(centre, standardError, folds.length - 1),
    p_value: pValue(centre, standardError, folds.length - 1),
    wins: differences.filter(difference => difference > 0).length,
    ties: differences.filter(difference => difference === 0).length,
    losses: differences.filter(difference => difference < 0).length,
    folds,
  }
}

function whyNotComparable(evaluation: Evaluation, champion: Evaluation): string | undefined {
  const { objective } = evaluation
  const other = champion.objective
  if (objective.name !== other.name || objective.direction !== other.direction) {
    return `The champion's objective is ${other.direction} "${other.name}", this one is ${objective.direction} "${objective.name}".`
  }
  if (champion.folds_digest === undefined) return "The champion's evaluation does not say on which folds it was made."
  if (champion.folds_digest !== evaluation.folds_digest) return 'The champion was evaluated on other folds.'
  const shared = objective.folds.filter(({ index }) => other.folds.some(fold => fold.index === index)).length
  return shared < 2 ? `Only ${shared} folds have a value in both evaluations.` : undefined
}

/** With no spread the t statistic is 0/0 or infinite: equal models, or a difference that never varies. */
function pValue(centre: number, standardError: number, df: number): number {
  if (standardError === 0) return centre === 0 ? 1 : 0
  return twoSidedP(centre / standardError, df)
}
