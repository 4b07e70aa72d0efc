import type { Step } from '../../schemas/definition.ts'
import type { JobRunner, JobWorld, StepRun } from './job-runner.ts'
import { refusedStep } from './job-end.ts'
import { CreateRefused } from './step-fault.ts'

/** What making a resource needs; an engine has it, too. */
export type ResourceWorld = Pick<JobWorld, 'jobs' | 'registry' | 'resources' | 'endpoints' | 'clock'>

/** The new resource's name and who makes it. */
export interface NewResource {
  readonly name: string
  readonly region: string
  /** `<execution ARN>/<step>`: the same step, made again after a crash, finds what it made. */
  readonly owner?: string
}

/** A step that makes a resource and is done. */
export function resourceRunner<S extends Step>(kind: {
  readonly operation: string
  /** Member of the step's metadata, which has the resource's ARN. */
  readonly metadata: string
  /** Member of the description that is the ARN. */
  readonly arn: string
  readonly name: (run: StepRun) => string
  readonly create: (
    world: ResourceWorld,
    request: Readonly<Record<string, unknown>>,
    made: NewResource,
  ) => Promise<Readonly<Record<string, unknown>>>
}): JobRunner<S> {
  return {
    takesJobSlot: false,
    evaluatesArguments: true,
    run: async run => {
      try {
        const properties = await kind.create(run.world, run.arguments, {
          name: kind.name(run),
          region: run.execution.region,
          owner: `${run.execution.arn}/${run.step.Name}`,
        })
        const metadata = { [kind.metadata]: { Arn: String(properties[kind.arn]) } }
        run.executing(metadata)
        return { status: 'Succeeded', metadata, properties }
      } catch (error) {
        if (error instanceof CreateRefused) return refusedStep(run, kind.operation, error)
        throw error
      }
    },
  }
}

/** The name that the request gives, or the step's own. */
export const requestedName =
  (member: string) =>
  (run: StepRun): string => {
    const name = run.arguments[member]
    return typeof name === 'string' ? name : run.jobName
  }
