import { stopExecution } from '../../pipeline/service/index.ts'
import { defineCommand } from '../command.ts'
import { resolveExecution } from '../execution/find-execution.ts'
import { targetFlags } from '../flags.ts'
import { withTarget } from '../target.ts'

/** `foldwise stop`: asks the service to stop an execution. */
export const stop = defineCommand({
  positionals: [{ words: '<execution>', help: 'ARN of an execution, or a pipeline name for its newest one' }],
  flags: targetFlags,
  examples: ['foldwise stop IrisCrossValidation', 'foldwise stop IrisCrossValidation/7pinimwddh3a --local'],
  run: async ([word = ''], target) =>
    withTarget(target, async ({ clients }) => {
      const executionArn = await resolveExecution(clients, word)
      await stopExecution(clients, executionArn)
      return { data: { executionArn }, text: () => `Stopping ${executionArn}` }
    }),
})
