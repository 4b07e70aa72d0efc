import { type Expr, makeExpression } from './expression.ts'
import { mistake, show } from './mistake.ts'

/**
 * A reference by its path, such as `Steps.Train.ModelArtifacts.S3ModelArtifacts` or `Parameters.Uri`: for what the typed
 * references do not reach. `validate` still judges it.
 */
export function reference<T = string>(path: string): Expr<T> {
  if (
    typeof path !== 'string' ||
    !/^(Parameters|Execution|PipelineExperimentConfig|Steps|ForEach|ChildOutput)\../.test(path)
  ) {
    throw mistake(
      `reference(${show(path)}) — a path begins with Parameters., Execution., PipelineExperimentConfig. or Steps. (in a ForEach also ForEach. or ChildOutput.); give the whole path.`,
    )
  }
  return makeExpression({ Get: path }, 'unknown')
}
