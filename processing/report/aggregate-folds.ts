import type { AggregateOptions } from '../../schemas/aggregate-options.ts'
import type { Evaluation } from '../../schemas/evaluation.ts'
import type { FoldReport } from '../../schemas/fold-report.ts'
import { UserError } from '../../schemas/problem.ts'
import { collectValues } from './collect-values.ts'
import type { ValueSources } from './collect-values.ts'
import { repairFloat32 } from './float32.ts'
import { registryGroups } from './registry-metrics.ts'
import { summarize } from './statistics.ts'

/** What the aggregation reads besides its options. */
export interface AggregateInputs extends ValueSources {
  readonly foldReport: FoldReport
}

/**
 * The folds' values as one evaluation: statistics of the objective and the registry's form of them.
 *
 * @throws UserError that names every fold without a value
 */
export async function aggregateFolds(options: AggregateOptions, inputs: AggregateInputs): Promise<Evaluation> {
  const { foldReport } = inputs
  if (foldReport.folds.length !== options.k) {
    throw new UserError(
      `The fold report has ${foldReport.folds.length} folds, but --k is ${options.k} — split and aggregation need the same k.`,
    )
  }
  const collected = await collectValues(options, inputs)
  const problems = collected.flatMap(fold => ('problem' in fold ? [fold.problem] : []))
  if (problems.length > 0) throw new UserError(problems.join(' '))
  const folds = collected.flatMap(fold => ('value' in fold ? [repaired(fold, options, foldReport)] : []))
  const summary = summarize(folds.map(fold => fold.value))
  return {
    ...registryGroups([{ name: options.objective, ...summary }], Object.keys(foldReport.classes).length),
    objective: {
      name: options.objective,
      direction: options.direction,
      source: options.source,
      value: summary.mean,
      ...summary,
      ci95: [...summary.ci95],
      folds,
    },
  }
}

/** Only the service's metrics went through float32; a number in a JSON file is what the training meant. */
function repaired(
  fold: { readonly index: number; readonly value: number },
  { source }: AggregateOptions,
  foldReport: FoldReport,
): Evaluation['objective']['folds'][number] {
  const records = foldReport.folds[fold.index]?.validation.records
  const value = source === 'metric' ? repairFloat32(fold.value, records) : fold.value
  return {
    index: fold.index,
    value,
    ...(value === fold.value ? {} : { reported: fold.value }),
    ...(records === undefined ? {} : { records }),
  }
}
