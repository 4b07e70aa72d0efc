import * as z from 'zod'
import type { StepOf } from '../../schemas/definition.ts'
import { refusedStep } from './job-end.ts'
import type { AttemptResult, JobRunner, StepRun } from './job-runner.ts'
import { readRequest } from './request.ts'
import { CreateRefused } from './step-fault.ts'

/** What the local run reads of CreateModelPackage. */
const requestSchema = z.looseObject({
  ModelPackageGroupName: z.string().regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/),
  ModelApprovalStatus: z.enum(['Approved', 'Rejected', 'PendingManualApproval']).optional(),
  InferenceSpecification: z
    .looseObject({
      Containers: z
        .array(z.looseObject({ Image: z.string() }))
        .min(1)
        .max(15),
    })
    .optional(),
})

/** A new version in a model package group; the group comes into being when it is not there. */
export const registerModelRunner: JobRunner<StepOf<'RegisterModel'>> = {
  takesJobSlot: false,
  evaluatesArguments: true,
  run: async run => {
    try {
      return await register(run)
    } catch (error) {
      if (error instanceof CreateRefused) return refusedStep(run, 'CreateModelPackage', error)
      throw error
    }
  },
}

async function register(run: StepRun): Promise<AttemptResult> {
  const request = readRequest(requestSchema, run.arguments)
  const { registry, clock } = run.world
  await registry.ensureGroup(request.ModelPackageGroupName, run.execution.region, clock.now())
  const description = await registry.createPackage({
    ...run.arguments,
    ModelPackageGroupName: request.ModelPackageGroupName,
    region: run.execution.region,
    at: clock.now(),
    // After a crash between this and the journal's line the same step finds the version that it made.
    token: `${run.execution.id}/${run.jobName}`,
    executionArn: run.execution.arn,
  })
  const metadata = { RegisterModel: { Arn: String(description['ModelPackageArn']) } }
  run.executing(metadata)
  return { status: 'Succeeded', metadata, properties: description }
}
