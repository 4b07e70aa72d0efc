import type { JobRunner } from './job-runner.ts'

/** The step fails with a sentence that says why; it never looks as if it had done its work. */
export const notRun = (type: string): JobRunner => ({
  takesJobSlot: false,
  evaluatesArguments: true,
  run: async run => ({
    status: 'Failed',
    metadata: {},
    failureReason: `Step type ${type} is not run locally yet — ${run.step.Name} was not started — run the pipeline in AWS or take the step out for a local run.`,
  }),
})
