import type { Hyperparameters } from './tuning-ranges.ts'

/** A result that a search may learn from. */
export interface Observation {
  readonly hyperparameters: Hyperparameters
  /** Smaller is better, whatever the objective's direction. */
  readonly loss: number
  /** 0 for results on the same data and algorithm; other numbers for other data, each with values of its own scale. */
  readonly source: number
}

/** A training of a tuning job as its strategy sees it. */
export interface Trial {
  /** 0-based number within the tuning job. */
  readonly index: number
  readonly hyperparameters: Hyperparameters
  /** The objective after every epoch, as a loss: smaller is better. An epoch ends with a line that gives the objective metric. */
  readonly epochs: readonly number[]
  /** True when the training has ended, in whatever way. */
  readonly isOver: boolean
  /** The final result of a training that counts. */
  readonly loss?: number
}
