/** Behaviour of the service that no source settles; `local/SPEC.md` gives the evidence for each default. */
export interface Switches {
  /** What happens to ready steps after another step failed. @default 'finish-running': nothing new starts. */
  readonly afterFailure: 'finish-running' | 'run-independent'
  /** How order comparisons read two strings. @default 'lexicographic' */
  readonly stringOrder: 'lexicographic' | 'numeric'
  /** What a restarted engine does with executions that were running. @default 'resume' */
  readonly interrupted: 'resume' | 'fail'
}

export const defaultSwitches: Switches = {
  afterFailure: 'finish-running',
  stringOrder: 'lexicographic',
  interrupted: 'resume',
}
