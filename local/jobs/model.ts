import { z } from 'zod'
import type { StepOf } from '../../schemas/definition.ts'
import { arnOf } from '../engine/names.ts'
import { refusedStep } from './job-end.ts'
import type { JobRunner } from './job-runner.ts'
import { readRequest, sharedMembers } from './request.ts'
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

/** A model: a name for an image with its artifacts, which Transform steps and endpoints use. */
export const modelRunner: JobRunner<StepOf<'Model'>> = {
  takesJobSlot: false,
  evaluatesArguments: true,
  run: async run => {
    try {
      readRequest(requestSchema, run.arguments)
    } catch (error) {
      if (error instanceof CreateRefused) return refusedStep(run, 'CreateModel', error)
      throw error
    }
    const arn = arnOf(run.execution.region, 'model', run.jobName)
    const description = {
      ExecutionRoleArn: run.execution.roleArn,
      ...sharedMembers(run.arguments, 'DescribeModelOutput'),
      ModelName: run.jobName,
      ModelArn: arn,
      CreationTime: run.world.clock.now().toISOString(),
      EnableNetworkIsolation: run.arguments['EnableNetworkIsolation'] === true,
    }
    await run.world.jobs.save({
      kind: 'Model',
      name: run.jobName,
      executionArn: run.execution.arn,
      step: run.step.Name,
      description,
    })
    const metadata = { Model: { Arn: arn } }
    run.executing(metadata)
    return { status: 'Succeeded', metadata, properties: description }
  },
}
