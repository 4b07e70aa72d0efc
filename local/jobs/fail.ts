import type { StepOf } from '../../schemas/definition.ts'
import type { JobRunner } from './job-runner.ts'

/** Ends the execution as failed, with the author's message. Source: SageMaker Python SDK, integration test of FailStep. */
export const failRunner: JobRunner<StepOf<'Fail'>> = {
  takesJobSlot: false,
  evaluatesArguments: true,
  run: async run => {
    const message = String(run.arguments['ErrorMessage'] ?? '').slice(0, longestMessage)
    return {
      status: 'Failed',
      metadata: { Fail: { ErrorMessage: message } },
      ...(message === '' ? {} : { failureReason: message }),
    }
  },
}

/** Source: API reference, FailStepMetadata. */
const longestMessage = 3072
