import { defineCommand } from '../command.ts'
import { executionDocument, resolveExecution } from '../execution/find-execution.ts'
import { exitCodeOf, followExecution } from '../execution/follow-execution.ts'
import { summarizeExecution } from '../execution/summary.ts'
import { targetFlags, wholeNumber } from '../flags.ts'
import { withTarget } from '../target.ts'

/** `foldwise watch`: an execution until it ends; exit 1 unless it succeeds. */
export const watch = defineCommand({
  positionals: [{ words: '<execution>', help: 'ARN of an execution, or a pipeline name for its newest one' }],
  flags: {
    interval: wholeNumber('--interval <seconds>', 'pause between two looks (default: 10 in AWS)', 1, 3600),
    ...targetFlags,
  },
  examples: [
    'foldwise watch IrisCrossValidation',
    'foldwise watch arn:aws:sagemaker:…:pipeline/Iris/execution/7pinimwddh3a',
  ],
  run: async ([word], { interval, ...target }, host) =>
    withTarget(target, async ({ clients }) => {
      const arn = await resolveExecution(clients, word ?? '')
      const document = await executionDocument(clients, arn)
      const intervalMilliseconds = interval === undefined ? undefined : interval * 1000
      const followed = await followExecution(clients, arn, host, { document, intervalMilliseconds })
      return { ...summarizeExecution(arn, followed), exitCode: exitCodeOf(followed, host) }
    }),
})
