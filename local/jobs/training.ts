import type { StepOf } from '../../schemas/definition.ts'
import { failedStep, refusedStep } from './job-end.ts'
import type { AttemptResult, JobRunner, StepRun } from './job-runner.ts'
import { CreateRefused } from './step-fault.ts'
import { runTrainingJob } from './training-job.ts'

/** One training job. */
export const trainingRunner: JobRunner<StepOf<'Training'>> = {
  takesJobSlot: true,
  evaluatesArguments: true,
  run: runTraining,
}

async function runTraining(run: StepRun<StepOf<'Training'>>): Promise<AttemptResult> {
  let metadata = {}
  try {
    const end = await runTrainingJob({
      ...run,
      onCreated: arn => {
        metadata = { TrainingJob: { Arn: arn } }
        run.executing(metadata)
      },
    })
    if (end.failureReason !== undefined) return failedStep(end.failureReason, metadata, end.exceptionType)
    if (end.status === 'Stopped') return { status: 'Stopped', metadata }
    return { status: 'Succeeded', metadata, properties: end.description }
  } catch (error) {
    if (error instanceof CreateRefused) return refusedStep(run, 'CreateTrainingJob', error)
    throw error
  }
}
