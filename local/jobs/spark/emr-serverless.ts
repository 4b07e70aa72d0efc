import * as z from 'zod'
import type { StepOf } from '../../../schemas/definition.ts'
import { LOCAL_ACCOUNT } from '../../engine/names.ts'
import { failedStep, jobFault, refusedStep } from '../job-end.ts'
import type { AttemptResult, JobRunner } from '../job-runner.ts'
import { readRequest } from '../request.ts'
import { ClientFault, CreateRefused } from '../step-fault.ts'
import { sparkStep } from './run-spark.ts'
import { shellWords } from './shell-words.ts'

const sparkSubmitSchema = z.looseObject({
  entryPoint: z.string().min(1),
  entryPointArguments: z.array(z.string()).optional(),
  sparkSubmitParameters: z.string().optional(),
})

/** What the local run reads of an EMR Serverless step. Source: SageMaker Python SDK, EMRServerlessStep; StartJobRun. */
const requestSchema = z
  .looseObject({
    ExecutionRoleArn: z.string(),
    ApplicationId: z.string().optional(),
    ApplicationConfig: z.looseObject({}).optional(),
    JobConfig: z.looseObject({
      name: z.string().optional(),
      jobDriver: z.looseObject({ sparkSubmit: sparkSubmitSchema.optional(), hive: z.looseObject({}).optional() }),
    }),
  })
  .refine(
    ({ ApplicationId, ApplicationConfig }) => (ApplicationId === undefined) !== (ApplicationConfig === undefined),
    {
      message: 'exactly one of ApplicationId and ApplicationConfig must be given',
    },
  )

/** A job run of EMR Serverless, by Spark on this machine. */
export const emrServerlessRunner: JobRunner<StepOf<'EMRServerless'>> = {
  takesJobSlot: true,
  evaluatesArguments: true,
  run: async run => {
    const failed = (error: unknown): AttemptResult => {
      if (error instanceof ClientFault) return failedStep(error.message, {})
      const { reason, exceptionType } = jobFault(error)
      return failedStep(reason, {}, exceptionType)
    }
    try {
      const request = readRequest(requestSchema, run.arguments)
      const { jobDriver, name } = request.JobConfig
      if (jobDriver.sparkSubmit === undefined)
        throw new ClientFault(
          'The job driver of the EMR Serverless step is not sparkSubmit — on this machine only spark-submit is run — give jobDriver.sparkSubmit, or run the pipeline in AWS.',
        )
      const { entryPoint, entryPointArguments = [], sparkSubmitParameters = '' } = jobDriver.sparkSubmit
      const applicationId = request.ApplicationId ?? `local${run.execution.id}`
      const jobRunId = `local${run.jobName.slice(-10)}`
      const { region } = run.execution
      return await sparkStep(run, {
        // The service's metadata has no member for this type; the journal has ours.
        metadata: { EMRServerless: { ApplicationId: applicationId, JobRunId: jobRunId } },
        arguments: [...shellWords(sparkSubmitParameters), entryPoint, ...entryPointArguments],
        properties: ({ began, ended }) => ({
          jobRun: {
            applicationId,
            jobRunId,
            arn: `arn:aws:emr-serverless:${region}:${LOCAL_ACCOUNT}:/applications/${applicationId}/jobruns/${jobRunId}`,
            name: name ?? run.jobName,
            executionRole: request.ExecutionRoleArn,
            state: 'SUCCESS',
            stateDetails: '',
            jobDriver,
            createdAt: began,
            updatedAt: ended,
          },
        }),
        failed,
      })
    } catch (error) {
      if (error instanceof CreateRefused) {
        const { failureReason = '', ...rest } = refusedStep(run, 'StartJobRun', error)
        return { ...rest, failureReason: failureReason.replace('sagemaker:StartJobRun', 'emr-serverless:StartJobRun') }
      }
      if (error instanceof ClientFault) return failed(error)
      throw error
    }
  },
}
