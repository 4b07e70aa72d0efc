import { retryExecution } from '../../pipeline/service/index.ts'
import { defineCommand } from '../command.ts'
import { executionDocument, resolveExecution } from '../execution/find-execution.ts'
import { exitCodeOf, followExecution } from '../execution/follow-execution.ts'
import { summarizeExecution } from '../execution/summary.ts'
import { targetFlags, toggle, wholeNumber } from '../flags.ts'
import { withTarget } from '../target.ts'

/** `foldwise retry`: the same execution again, from where it failed or was stopped. */
export const retry = defineCommand({
  positionals: [{ words: '<execution>', help: 'ARN of an execution, or a pipeline name for its newest one' }],
  flags: {
    watch: toggle('--watch', 'follow the execution until it ends'),
    maxParallel: wholeNumber('--max-parallel <n>', 'steps that may run at once', 1, 10_000),
    ...targetFlags,
  },
  examples: ['foldwise retry IrisCrossValidation --watch', 'foldwise retry IrisCrossValidation/7pinimwddh3a --local'],
  run: async ([word = ''], { watch, maxParallel, ...target }, host) =>
    withTarget(target, async ({ clients, ownServer }) => {
      const executionArn = await resolveExecution(clients, word)
      await retryExecution(clients, executionArn, { maxParallelSteps: maxParallel })
      if (!watch && !ownServer) return { data: { executionArn }, text: () => executionArn }
      const document = await executionDocument(clients, executionArn)
      const followed = await followExecution(clients, executionArn, host, { document })
      return { ...summarizeExecution(executionArn, followed), exitCode: exitCodeOf(followed, host) }
    }),
})
