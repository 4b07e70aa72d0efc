import type { StepOf } from '../../schemas/definition.ts'
import type { JobRunner } from './job-runner.ts'
import { outputResult } from './output-parameters.ts'

/**
 * Puts a message on a local queue and waits for `SendPipelineExecutionStepSuccess` or `…Failure` with its token.
 *
 * The token is the end of the step's job name, so that an execution that is taken up again after a crash still waits for it.
 */
export const callbackRunner: JobRunner<StepOf<'Callback'>> = {
  takesJobSlot: false,
  evaluatesArguments: true,
  run: async run => {
    const { callbacks, closing } = run.world
    const token = run.jobName.slice(-10)
    const queue = run.step.SqsQueueUrl
    const metadata = (list: readonly object[]): Record<string, unknown> => ({
      Callback: { CallbackToken: token, SqsQueueUrl: queue, OutputParameters: list },
    })
    const put = (status: 'Executing' | 'Stopping'): Promise<void> =>
      callbacks.queues.put(
        queue,
        `${token}-${status.toLowerCase()}`,
        JSON.stringify({ token, pipelineExecutionArn: run.execution.arn, arguments: run.arguments, status }),
      )
    const answer = callbacks.wait(token, run.execution.arn, closing)
    await put('Executing')
    run.executing(metadata([]))
    // A stop is told to whoever works on it; the step ends when that one answers.
    const onStop = (): void => {
      if (!closing.aborted) put('Stopping').catch(() => {})
    }
    if (run.signal.aborted) onStop()
    run.signal.addEventListener('abort', onStop, { once: true })
    try {
      const settled = await answer
      if (settled === undefined) return { status: 'Stopped', metadata: metadata([]) }
      if ('failureReason' in settled)
        return {
          status: 'Failed',
          metadata: metadata([]),
          failureReason: settled.failureReason ?? 'The callback failed',
        }
      if (run.signal.aborted) return { status: 'Stopped', metadata: metadata([]) }
      return outputResult(run.step.OutputParameters, settled.outputs, metadata)
    } finally {
      run.signal.removeEventListener('abort', onStop)
    }
  },
}
