import type {
  DescribePipelineExecutionResponse,
  DescribeProcessingJobResponse,
  DescribeTrainingJobResponse,
  PipelineExecutionStep,
} from '@aws-sdk/client-sagemaker'
import pLimit from 'p-limit'
import { explainingAws } from './aws-problem.ts'
import type { Clients } from './clients.ts'
import { getExecution, listSteps } from './executions.ts'

/** A step's record with what its training job reported. */
export interface StepRecord {
  readonly step: PipelineExecutionStep
  /** Name of the job that the step ran. */
  readonly jobName?: string
  /** Final metrics of a training job by name; the service keeps them as float32. */
  readonly metrics: Readonly<Record<string, number>>
}

export interface ExecutionRecord {
  readonly execution: DescribePipelineExecutionResponse
  readonly steps: readonly StepRecord[]
  /** Start values with the defaults merged in. */
  readonly parameters: Readonly<Record<string, string>>
}

/** An execution with its parameters, its steps and the metrics of their training jobs. */
export async function describeExecution(clients: Clients, arn: string): Promise<ExecutionRecord> {
  const limit = pLimit(4)
  const [execution, steps, parameters] = await Promise.all([
    getExecution(clients, arn),
    listSteps(clients, arn),
    executionParameters(clients, arn),
  ])
  const records = await Promise.all(
    steps.map(step =>
      limit(async (): Promise<StepRecord> => {
        const jobName = jobNameOf(step)
        const metrics = await finalMetrics(clients, step)
        return { step, metrics, ...(jobName === undefined ? {} : { jobName }) }
      }),
    ),
  )
  return { execution, steps: records, parameters }
}

/** Name of the training or processing job of a step; undefined when it ran none. */
export function jobNameOf(step: PipelineExecutionStep): string | undefined {
  const arn = step.Metadata?.TrainingJob?.Arn ?? step.Metadata?.ProcessingJob?.Arn
  return arn?.slice(arn.lastIndexOf('/') + 1)
}

/** Final metrics of a step's training job; empty for any other step. */
export async function finalMetrics(clients: Clients, step: PipelineExecutionStep): Promise<Record<string, number>> {
  const name = step.Metadata?.TrainingJob?.Arn === undefined ? undefined : jobNameOf(step)
  if (name === undefined) return {}
  const job = await describeTrainingJob(clients, name)
  const pairs = (job.FinalMetricDataList ?? []).map(({ MetricName, Value }) => [MetricName, Value] as const)
  return Object.fromEntries(pairs.filter((pair): pair is [string, number] => pair[1] !== undefined))
}

/** A training job's record. */
export async function describeTrainingJob(clients: Clients, name: string): Promise<DescribeTrainingJobResponse> {
  const { DescribeTrainingJobCommand } = clients.sagemakerSdk
  return explainingAws(clients, 'SageMaker DescribeTrainingJob', () =>
    clients.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name })),
  )
}

/** A processing job's record. */
export async function describeProcessingJob(clients: Clients, name: string): Promise<DescribeProcessingJobResponse> {
  const { DescribeProcessingJobCommand } = clients.sagemakerSdk
  return explainingAws(clients, 'SageMaker DescribeProcessingJob', () =>
    clients.sagemaker.send(new DescribeProcessingJobCommand({ ProcessingJobName: name })),
  )
}

async function executionParameters(clients: Clients, arn: string): Promise<Record<string, string>> {
  const { paginateListPipelineParametersForExecution } = clients.sagemakerSdk
  return explainingAws(clients, 'SageMaker ListPipelineParametersForExecution', async () => {
    const values: Record<string, string> = {}
    const pages = paginateListPipelineParametersForExecution(
      { client: clients.sagemaker },
      { PipelineExecutionArn: arn },
    )
    for await (const page of pages) {
      for (const { Name, Value } of page.PipelineParameters ?? []) values[Name ?? ''] = Value ?? ''
    }
    return values
  })
}
