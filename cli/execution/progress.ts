import type { Screen } from '../host.ts'
import { createLiveProgress } from './live-progress.ts'
import { createPlainProgress } from './plain-progress.ts'
import type { StepLine } from './progress-model.ts'

/** What the progress shows before anything has happened. */
export interface ProgressPlan {
  /** Names of all steps in document order; empty when the document is not known. */
  readonly steps: readonly string[]
  /** Steps that are drawn as one group. */
  readonly folds: readonly string[]
}

/** A view of a running execution on stderr. */
export interface Progress {
  /** Takes the new line of a step. */
  update(line: StepLine): void
  /** Draws the last state and leaves the screen to others. */
  finish(): void
}

/** Lines that are drawn again on a terminal; one line per change in CI and in files. */
export const createProgress = (screen: Screen, plan: ProgressPlan): Progress =>
  screen.live ? createLiveProgress(screen, plan) : createPlainProgress(screen, plan)
