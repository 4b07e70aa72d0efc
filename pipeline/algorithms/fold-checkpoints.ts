import { execution } from '../dsl/execution.ts'
import type { Expr } from '../dsl/expression.ts'
import type { StringValue } from '../dsl/job-options.ts'
import { join } from '../dsl/join.ts'

/**
 * Where one training of a cross-validation keeps its checkpoints, below the place that the user gave.
 *
 * The platform restores what lies there when a job starts. A place that two folds or two executions share would hand a model
 * to a fold that has seen the fold's validation records.
 *
 * @param fold null for the final training on all data
 */
export function foldCheckpoints(
  checkpoints: StringValue | undefined,
  fold: number | null,
): { readonly checkpoints?: Expr<string> } {
  if (checkpoints === undefined) return {}
  const base = typeof checkpoints === 'string' ? checkpoints.replace(/\/+$/, '') : checkpoints
  const name = fold === null ? 'final' : `fold-${fold}`
  return { checkpoints: join`${base}/${execution.PipelineName}/${execution.PipelineExecutionId}/${name}` }
}
