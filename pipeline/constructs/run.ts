import { execution } from '../dsl/execution.ts'
import type { Expr } from '../dsl/expression.ts'
import { join } from '../dsl/join.ts'
import type { ConciseTraining } from '../dsl/steps/training.ts'
import type { CrossValidationOptions } from './cross-validation-options.ts'
import { outputUri } from './output-uri.ts'

/** What the makers of the steps share. */
export interface Run {
  readonly options: CrossValidationOptions
  /** Nested: how often every training set is split again. */
  readonly innerK: number | undefined
  /** Name of a step. */
  readonly name: (step: string) => string
  /** S3 URI of everything this execution writes, without a trailing `/`. */
  readonly base: Expr<string>
  readonly shared: Pick<ConciseTraining, 'role' | 'cache' | 'retry' | 'vpc' | 'kmsKey' | 'networkIsolation' | 'tags'>
}

export function makeRun(options: CrossValidationOptions, innerK?: number): Run {
  const { output, stepPrefix = '', cache, retry, role, jobs } = options
  const folder = stepPrefix === '' ? '' : `/${stepPrefix}`
  return {
    options,
    innerK,
    name: step => `${stepPrefix}${step}`,
    base: join`${outputUri('crossValidation: output', output)}/${execution.PipelineName}/${execution.PipelineExecutionId}${folder}`,
    shared: {
      role,
      ...(cache !== undefined && { cache }),
      ...(retry !== undefined && { retry }),
      ...jobs,
    },
  }
}
