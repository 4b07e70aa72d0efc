import type { Direction } from '../../schemas/direction.ts'
import { mistake, show } from '../dsl/mistake.ts'

/** What every fold is judged by, and which way is better. */
export interface Objective {
  readonly kind: 'foldwise.objective'
  readonly name: string
  readonly direction: Direction
  /** A metric of the training job, or a number in a JSON file of its `/opt/ml/output/data`. */
  readonly source: { readonly metric: string } | { readonly file: string; readonly path: string }
}

/** A number in a JSON file that the training writes to `/opt/ml/output/data`, at full precision. */
export interface ObjectiveFile {
  /** Name of the file, such as `metrics.json`. */
  readonly file: string
  /** Path of the number, such as `validation.accuracy`. */
  readonly path: string
  /** Name in the evaluation. @default the path with `:` for `.`, so `validation:accuracy` */
  readonly name?: string
}

/** More is better: a metric name of the training, such as `validation:accuracy`, or a number in a file. */
export const maximize = (objective: string | ObjectiveFile): Objective => makeObjective('maximize', objective)

/** Less is better: a metric name of the training, such as `validation:rmse`, or a number in a file. */
export const minimize = (objective: string | ObjectiveFile): Objective => makeObjective('minimize', objective)

function makeObjective(direction: Direction, objective: string | ObjectiveFile): Objective {
  const kind = 'foldwise.objective'
  if (typeof objective === 'string' && objective !== '') {
    return Object.freeze({ kind, name: objective, direction, source: { metric: objective } })
  }
  if (typeof objective === 'object' && objective !== null && objective.file && objective.path) {
    const { file, path, name = path.replaceAll('.', ':') } = objective
    return Object.freeze({ kind, name, direction, source: { file, path } })
  }
  throw mistake(
    `${direction}(${show(objective)}) — it names no objective; give a metric name such as "validation:accuracy", or { file: "metrics.json", path: "validation.accuracy" }.`,
  )
}
