import * as z from 'zod'
import type { StepOf } from '../../schemas/definition.ts'
import { arnOf } from '../engine/names.ts'
import { refusedStep } from './job-end.ts'
import type { JobRunner, JobWorld } from './job-runner.ts'
import { readRequest, sharedMembers } from './request.ts'
import type { NewResource } from './resource-step.ts'
import { CreateRefused } from './step-fault.ts'

const containerSchema = z.looseObject({ Image: z.string().optional(), ModelPackageName: z.string().optional() })

/** What the local run reads of CreateModel. */
const requestSchema = z
  .looseObject({
    PrimaryContainer: containerSchema.optional(),
    Containers: z.array(containerSchema).min(1).max(15).optional(),
  })
  .refine(({ PrimaryContainer, Containers }) => (PrimaryContainer === undefined) !== (Containers === undefined), {
    message: 'exactly one of PrimaryContainer and Containers must be given',
  })

type Request = Readonly<Record<string, unknown>>

/**
 * Makes a model, of a step or of a client.
 *
 * @throws CreateRefused as the service refuses.
 */
export async function createModel(
  world: Pick<JobWorld, 'jobs' | 'clock'>,
  request: Request,
  made: Omit<NewResource, 'owner'> & {
    readonly roleArn?: string
    readonly executionArn?: string
    readonly step?: string
  },
): Promise<Request> {
  readRequest(requestSchema, request)
  const description = {
    ...(made.roleArn !== undefined && { ExecutionRoleArn: made.roleArn }),
    ...sharedMembers(request, 'DescribeModelOutput'),
    ModelName: made.name,
    ModelArn: arnOf(made.region, 'model', made.name),
    CreationTime: world.clock.now().toISOString(),
    EnableNetworkIsolation: request['EnableNetworkIsolation'] === true,
  }
  const { executionArn = '', step = '' } = made
  await world.jobs.save({ kind: 'Model', name: made.name, executionArn, step, description })
  return description
}

/** A model: a name for an image with its artifacts, which Transform steps and endpoints use. */
export const modelRunner: JobRunner<StepOf<'Model'>> = {
  takesJobSlot: false,
  evaluatesArguments: true,
  run: async run => {
    try {
      const properties = await createModel(run.world, run.arguments, {
        name: run.jobName,
        region: run.execution.region,
        roleArn: run.execution.roleArn,
        executionArn: run.execution.arn,
        step: run.step.Name,
      })
      const metadata = { Model: { Arn: String(properties['ModelArn']) } }
      run.executing(metadata)
      return { status: 'Succeeded', metadata, properties }
    } catch (error) {
      if (error instanceof CreateRefused) return refusedStep(run, 'CreateModel', error)
      throw error
    }
  },
}
