import type { StepOf } from '../../schemas/definition.ts'
import { allHold } from '../engine/conditions.ts'
import type { JobRunner } from './job-runner.ts'

/** Decides which branch goes on. The step itself succeeds either way. */
export const conditionRunner: JobRunner<StepOf<'Condition'>> = {
  takesJobSlot: false,
  evaluatesArguments: false,
  run: async run => {
    const outcome = await allHold(run.step.Arguments.Conditions, run.scope, run.world.switches)
    return {
      status: 'Succeeded',
      metadata: { Condition: { Outcome: outcome ? 'True' : 'False' } },
      properties: { Outcome: outcome },
      branch: outcome ? 'if' : 'else',
    }
  },
}
