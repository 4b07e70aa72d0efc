import * as z from 'zod'
import type { StepOf } from '../../../schemas/definition.ts'
import { failedStep, jobFault, refusedStep } from '../job-end.ts'
import type { JobRunner, StepRun } from '../job-runner.ts'
import { readRequest } from '../request.ts'
import { ClientFault, CreateRefused } from '../step-fault.ts'
import { sparkStep } from './run-spark.ts'

/** What the local run reads of an EMR step. Source: SageMaker Python SDK, EMRStep; EMR API reference, HadoopJarStepConfig. */
const requestSchema = z
  .looseObject({
    ClusterId: z.string().optional(),
    ClusterConfig: z.looseObject({}).optional(),
    ExecutionRoleArn: z.string().optional(),
    StepConfig: z.looseObject({
      HadoopJarStep: z.looseObject({
        Jar: z.string().min(1),
        MainClass: z.string().optional(),
        Args: z.array(z.string()).optional(),
        Properties: z.array(z.looseObject({ Key: z.string(), Value: z.string() })).optional(),
      }),
    }),
  })
  .refine(({ ClusterId, ClusterConfig }) => (ClusterId === undefined) !== (ClusterConfig === undefined), {
    message: 'exactly one of ClusterId and ClusterConfig must be given',
  })

type JarStep = z.infer<typeof requestSchema>['StepConfig']['HadoopJarStep']

/** Work of an EMR cluster, by Spark on this machine: `command-runner.jar` with `spark-submit …`, or a jar with its main class. */
export const emrRunner: JobRunner<StepOf<'EMR'>> = {
  takesJobSlot: true,
  evaluatesArguments: true,
  run: async run => {
    try {
      const request = readRequest(requestSchema, run.arguments)
      const { HadoopJarStep: jar } = request.StepConfig
      const ClusterId = request.ClusterId ?? `j-LOCAL${run.execution.id.toUpperCase()}`
      const StepId = `s-LOCAL${run.jobName.slice(-10).toUpperCase()}`
      const metadata = {
        EMR: { ClusterId, StepId, StepName: run.jobName, LogFilePath: `jobs/${run.jobName}/log.txt` },
      }
      return await sparkStep(run, {
        metadata,
        arguments: submitArguments(jar),
        properties: ({ began, ended }) => ({
          Id: StepId,
          Name: run.jobName,
          ClusterId,
          ActionOnFailure: 'CONTINUE',
          Config: { Jar: jar.Jar, MainClass: jar.MainClass, Args: jar.Args ?? [], Properties: propertiesOf(jar) },
          ...(request.ExecutionRoleArn !== undefined && { ExecutionRoleArn: request.ExecutionRoleArn }),
          Status: {
            State: 'COMPLETED',
            StateChangeReason: {},
            Timeline: { CreationDateTime: began, StartDateTime: began, EndDateTime: ended },
          },
        }),
        failed: error => fault(error, metadata),
      })
    } catch (error) {
      if (error instanceof CreateRefused) return refused(run, error)
      if (error instanceof ClientFault) return fault(error, {})
      throw error
    }
  },
}

const fault = (error: unknown, metadata: Readonly<Record<string, unknown>>): ReturnType<typeof failedStep> => {
  const { reason, exceptionType } = jobFault(error)
  return failedStep(error instanceof ClientFault ? error.message : reason, metadata, exceptionType)
}

/** EMR's operation, where the others are SageMaker's. */
function refused(run: StepRun, error: CreateRefused): ReturnType<typeof failedStep> {
  const { failureReason = '', ...rest } = refusedStep(run, 'AddJobFlowSteps', error)
  return {
    ...rest,
    failureReason: failureReason.replace('sagemaker:AddJobFlowSteps', 'elasticmapreduce:AddJobFlowSteps'),
  }
}

const propertiesOf = ({ Properties = [] }: JarStep): Record<string, string> =>
  Object.fromEntries(Properties.map(({ Key, Value }) => [Key, Value]))

/** @throws ClientFault for work that is not Spark's. */
function submitArguments(jar: JarStep): string[] {
  const [program, ...rest] = jar.Args ?? []
  if (jar.Jar === 'command-runner.jar') {
    if (program === 'spark-submit') return rest
    throw new ClientFault(
      `The EMR step runs ${JSON.stringify(program ?? '')} by command-runner.jar — on this machine only spark-submit is run — let Args begin with "spark-submit", or run the pipeline in AWS.`,
    )
  }
  return [...(jar.MainClass === undefined ? [] : ['--class', jar.MainClass]), jar.Jar, ...(jar.Args ?? [])]
}
