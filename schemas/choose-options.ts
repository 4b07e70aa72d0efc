import type { Direction } from './direction.ts'

/** A set of hyperparameters that is tried; values are text, as the service wants them. */
export interface Candidate {
  readonly name: string
  readonly hyperparameters: Readonly<Record<string, string>>
}

/** What the container that chooses is told on its command line. */
export interface ChooseOptions {
  /** Name of the objective, such as `validation:accuracy`. */
  readonly objective: string
  readonly direction: Direction
  /** The folds that were tried, as indices in the fold report. */
  readonly folds: readonly number[]
  readonly candidates: readonly Candidate[]
}

/**
 * `--objective … --direction … --folds 0,1,2`, more folds in more such arguments, then of every candidate `--candidate <name>` and
 * its `--set <name>=<value>`.
 *
 * The values of the objective travel as those of an aggregation do, candidate by candidate.
 */
export function chooseArguments({ objective, direction, folds, candidates }: ChooseOptions): string[] {
  return [
    '--objective',
    objective,
    '--direction',
    direction,
    ...Array.from({ length: Math.ceil(folds.length / FOLDS_PER_ARGUMENT) }, (_, at) => [
      '--folds',
      folds.slice(at * FOLDS_PER_ARGUMENT, (at + 1) * FOLDS_PER_ARGUMENT).join(','),
    ]).flat(),
    ...candidates.flatMap(({ name, hyperparameters }) => [
      '--candidate',
      name,
      ...Object.entries(hyperparameters).flatMap(([key, value]) => ['--set', `${key}=${value}`]),
    ]),
  ]
}

/** An argument has at most 256 characters. */
const FOLDS_PER_ARGUMENT = 40

/** Arguments that a processing container may have (CreateProcessingJob, ContainerArguments). */
export const MAX_CONTAINER_ARGUMENTS = 100
