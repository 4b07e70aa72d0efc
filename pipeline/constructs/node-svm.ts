import { svmContainer } from '../../schemas/containers.ts'
import type { Text } from '../dsl/emit.ts'
import type { ConciseTraining } from '../dsl/steps/training.ts'
import { mistake } from '../dsl/mistake.ts'
import type { TrainingContext, TrainingTemplate } from './training-template.ts'

/** Hyperparameters of the Node C-SVC trainer; names and defaults are those of scikit-learn's `SVC`. */
export interface SvmHyperparameters {
  /** Penalty of a misclassified record. @default 1 */
  readonly C?: Text
  /** `linear`, `poly`, `rbf` or `sigmoid`. @default 'rbf' */
  readonly kernel?: Text
  /** `scale`, `auto` or a number. @default 'scale' */
  readonly gamma?: Text
  /** @default 3 */
  readonly degree?: Text
  /** @default 0 */
  readonly coef0?: Text
  /** @default 0.001 */
  readonly tol?: Text
  /** Column that identifies a record in the predictions; it is not a feature. */
  readonly key?: Text
}

export interface NodeSvmOptions
  extends Partial<
    Pick<ConciseTraining, 'image' | 'instance' | 'maxRuntimeInSeconds' | 'environment' | 'spot' | 'retry' | 'arguments'>
  > {
  readonly hyperparameters?: SvmHyperparameters
}

/** Support vector classification in Node, equal to scikit-learn's `SVC`: the program of Foldwise's training image. */
export function nodeSvm({ hyperparameters, ...options }: NodeSvmOptions = {}): TrainingTemplate {
  return Object.freeze({
    kind: 'foldwise.training',
    contentTypes: Object.freeze(['text/csv']),
    responseTypes: Object.freeze(['text/csv']),
    options: ({ channels, data }: TrainingContext) => {
      if (data.format !== 'csv') {
        throw mistake(
          `nodeSvm: data — its format is ${data.format}, and the trainer reads CSV; convert the data, or give a training of your own.`,
        )
      }
      const stored =
        data.numberPairs === true ? 'numberPairs' : (data.compress ?? 'none') === 'none' ? undefined : 'compress'
      if (stored !== undefined) {
        throw mistake(
          `nodeSvm: ${stored} — the trainer reads plain CSV with the label in it; leave ${stored} out, or give a training of your own.`,
        )
      }
      return {
        ...options,
        channels: { ...channels },
        hyperparameters: { ...hyperparameters, label: data.label, header: data.header ? 'true' : undefined },
        metrics: svmContainer.metrics,
      }
    },
  })
}
