import type { PipelineExecutionStep } from '@aws-sdk/client-sagemaker'
import { secondsBetween } from '../render/quantities.ts'

/** Where a step is, as people see it: `waiting` has no record at the service yet. */
export type StepState = 'waiting' | 'running' | 'succeeded' | 'failed' | 'stopped'

/** One line of the progress. */
export interface StepLine {
  readonly name: string
  readonly state: StepState
  readonly startedAt: Date | undefined
  /** Seconds it took; null while it runs. */
  readonly seconds: number | null
  /** Such as `validation:accuracy 0.966667` or `true`. */
  readonly detail: string
}

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

const states: Readonly<Record<string, StepState>> = {
  Starting: 'running',
  Executing: 'running',
  Stopping: 'running',
  Stopped: 'stopped',
  Failed: 'failed',
  Succeeded: 'succeeded',
}

/** The line of a step that the service knows. */
export function stepLine(step: PipelineExecutionStep, detail: string): StepLine {
  return {
    name: step.StepName ?? '',
    state: states[step.StepStatus ?? ''] ?? 'running',
    startedAt: step.StartTime,
    seconds: secondsBetween(step.StartTime, step.EndTime),
    detail,
  }
}

/** The line of a step that has not started. */
export const waitingLine = (name: string): StepLine => ({
  name,
  state: 'waiting',
  startedAt: undefined,
  seconds: null,
  detail: '',
})
