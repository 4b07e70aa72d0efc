import { foldValues } from '../../schemas/aggregate-options.ts'
import type { Expr } from '../dsl/expression.ts'
import { join } from '../dsl/join.ts'
import type { TrainingStep } from '../dsl/steps/training.ts'
import type { CrossValidationOptions } from './cross-validation-options.ts'

/** Whether the aggregation reads what the trainings wrote, not only their metrics. */
export const readsModels = ({ objective, predictions }: CrossValidationOptions): boolean =>
  'file' in objective.source || predictions !== undefined

/** Environment variables that `k` folds need. */
export function variableCount(options: CrossValidationOptions, k: number): number {
  const metrics = 'metric' in options.objective.source ? 1 + (options.metrics?.length ?? 0) : 0
  return (
    metrics * Math.ceil(k / foldValues.metric.perVariable) +
    (readsModels(options) ? Math.ceil(k / foldValues.file.perVariable) : 0)
  )
}

/** The folds' values in chunks: also what makes the aggregation wait for every fold. */
export function foldVariables(
  options: CrossValidationOptions,
  trainings: readonly TrainingStep[],
): Record<string, Expr<string>> {
  const { source } = options.objective
  const values = (metric: string) =>
    trainings.map(({ properties }) => properties.FinalMetricDataList[metric]?.Value as Expr<number>)
  const { metric, extra, file } = foldValues
  return {
    ...('metric' in source && {
      ...chunks(values(source.metric), metric.perVariable, metric.variable),
      ...Object.assign(
        {},
        ...(options.metrics ?? []).map((name, position) =>
          chunks(values(name), extra.perVariable, chunk => extra.variable(chunk, position)),
        ),
      ),
    }),
    ...(readsModels(options) &&
      chunks(
        trainings.map(({ properties }) => properties.TrainingJobName),
        file.perVariable,
        file.variable,
      )),
  }
}

function chunks(
  values: readonly (Expr<number> | Expr<string>)[],
  size: number,
  variable: (chunk: number) => string,
): Record<string, Expr<string>> {
  return Object.fromEntries(
    Array.from({ length: Math.ceil(values.length / size) }, (_, chunk) => [
      variable(chunk),
      join(',', values.slice(chunk * size, (chunk + 1) * size)),
    ]),
  )
}
