import type { Choice } from '../../schemas/choice.ts'
import type { ChooseOptions } from '../../schemas/choose-options.ts'
import type { FoldReport } from '../../schemas/fold-report.ts'
import { UserError } from '../../schemas/problem.ts'
import { metricValues, readMetric } from '../report/collect-values.ts'
import { repairFloat32 } from '../report/float32.ts'
import { mean } from '../report/statistics.ts'

interface ChooseInputs {
  readonly foldReport: FoldReport
  readonly environment: Readonly<Record<string, string | undefined>>
}

/**
 * The candidate whose mean over the folds is the best, the first of equals: as scikit-learn's GridSearchCV ranks.
 *
 * @throws UserError that names every candidate and fold without a finite value, and folds that the report does not have
 */
export function chooseCandidate(options: ChooseOptions, { foldReport, environment }: ChooseInputs): Choice {
  const { objective, direction, folds, candidates } = options
  const records = folds.map(fold => foldReport.folds[fold]?.validation.records ?? missingFold(fold, foldReport))
  const texts = metricValues(environment, folds.length * candidates.length)
  const problems: string[] = []
  const tried = candidates.map(({ name }, candidate) => {
    const values = folds.map((fold, at) => {
      const found = readMetric(texts[candidate * folds.length + at] as string, objective)
      if ('value' in found) return repairFloat32(found.value, records[at])
      problems.push(`Candidate "${name}", fold ${fold}: ${found.problem}`)
      return Number.NaN
    })
    return { name, mean: mean(values), values }
  })
  if (problems.length > 0) throw new UserError(problems.join(' '))
  const isBetter = (value: number, other: number) => (direction === 'maximize' ? value > other : value < other)
  const best = tried.reduce((chosen, each) => (isBetter(each.mean, chosen.mean) ? each : chosen))
  return {
    version: 1,
    candidate: best.name,
    objective: { name: objective, direction, mean: best.mean },
    hyperparameters: { ...candidates[tried.indexOf(best)]?.hyperparameters },
    candidates: tried,
  }
}

function missingFold(fold: number, { folds }: FoldReport): never {
  throw new UserError(
    `Argument --folds: there is no fold ${fold}, the fold report has ${folds.length} — split and choice need the same folds.`,
    { exitCode: 2 },
  )
}
