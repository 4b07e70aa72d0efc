import type {
  DescribePipelineExecutionResponse,
  PipelineExecutionStep,
  PipelineExecutionSummary,
  StartPipelineExecutionCommandInput,
} from '@aws-sdk/client-sagemaker'
import { UserError } from '../../schemas/problem.ts'
import { awsErrorName, explainAwsError, explainingAws } from './aws-problem.ts'
import type { Clients } from './clients.ts'

/** How to start an execution. */
export interface StartWish {
  readonly pipelineName: string
  /** Start values by parameter name; they travel as strings. */
  readonly parameters?: Readonly<Record<string, string>>
  readonly displayName?: string | undefined
  readonly description?: string | undefined
  /** Number of the version to run. @default the newest */
  readonly pipelineVersion?: number | undefined
  /** Steps that may run at once in this execution. @default the pipeline's own limit */
  readonly maxParallelSteps?: number | undefined
  /** Runs these steps only; the results of the others come from an earlier execution. */
  readonly only?: { readonly steps: readonly string[]; readonly sourceExecutionArn: string | undefined } | undefined
}

/** Starts an execution. @returns its ARN. @throws UserError when there is no such pipeline or the service refuses. */
export async function startExecution(clients: Clients, wish: StartWish): Promise<string> {
  const { StartPipelineExecutionCommand } = clients.sagemakerSdk
  const input: StartPipelineExecutionCommandInput = {
    PipelineName: wish.pipelineName,
    PipelineParameters: Object.entries(wish.parameters ?? {}).map(([Name, Value]) => ({ Name, Value })),
    ...(wish.displayName === undefined ? {} : { PipelineExecutionDisplayName: wish.displayName }),
    ...(wish.description === undefined ? {} : { PipelineExecutionDescription: wish.description }),
    ...(wish.pipelineVersion === undefined ? {} : { PipelineVersionId: wish.pipelineVersion }),
    ...(wish.maxParallelSteps === undefined
      ? {}
      : { ParallelismConfiguration: { MaxParallelExecutionSteps: wish.maxParallelSteps } }),
    ...(wish.only === undefined
      ? {}
      : {
          SelectiveExecutionConfig: {
            SelectedSteps: wish.only.steps.map(StepName => ({ StepName })),
            ...(wish.only.sourceExecutionArn === undefined
              ? {}
              : { SourcePipelineExecutionArn: wish.only.sourceExecutionArn }),
          },
        }),
  }
  try {
    const response = await clients.sagemaker.send(new StartPipelineExecutionCommand(input))
    return response.PipelineExecutionArn ?? ''
  } catch (error) {
    if (awsErrorName(error) === 'ResourceNotFound' && wish.pipelineVersion === undefined)
      throw noSuchPipeline(wish.pipelineName, clients, error)
    throw explainAwsError(error, clients, 'SageMaker StartPipelineExecution')
  }
}

/** Asks the service to stop an execution; it goes through `Stopping` to `Stopped`. */
export async function stopExecution(clients: Clients, arn: string): Promise<void> {
  const { StopPipelineExecutionCommand } = clients.sagemakerSdk
  await explainingAws(clients, 'SageMaker StopPipelineExecution', () =>
    // The SDK's type calls the token required although its serializer fills it in.
    clients.sagemaker.send(
      new StopPipelineExecutionCommand({ PipelineExecutionArn: arn, ClientRequestToken: undefined }),
    ),
  )
}

/** Runs the failed and the missing steps of a finished execution again, under the same ARN. */
export async function retryExecution(
  clients: Clients,
  arn: string,
  options: { readonly maxParallelSteps?: number | undefined } = {},
): Promise<void> {
  const { RetryPipelineExecutionCommand } = clients.sagemakerSdk
  await explainingAws(clients, 'SageMaker RetryPipelineExecution', () =>
    clients.sagemaker.send(
      new RetryPipelineExecutionCommand({
        PipelineExecutionArn: arn,
        ClientRequestToken: undefined,
        ...(options.maxParallelSteps === undefined
          ? {}
          : { ParallelismConfiguration: { MaxParallelExecutionSteps: options.maxParallelSteps } }),
      }),
    ),
  )
}

/** Executions of a pipeline, newest first, at most `limit`. */
export async function listExecutions(
  clients: Clients,
  pipelineName: string,
  options: { readonly limit?: number } = {},
): Promise<PipelineExecutionSummary[]> {
  const limit = options.limit ?? 100
  const { paginateListPipelineExecutions } = clients.sagemakerSdk
  const found: PipelineExecutionSummary[] = []
  try {
    const pages = paginateListPipelineExecutions(
      { client: clients.sagemaker, pageSize: Math.min(limit, 100) },
      { PipelineName: pipelineName, SortBy: 'CreationTime', SortOrder: 'Descending' },
    )
    for await (const page of pages) {
      found.push(...(page.PipelineExecutionSummaries ?? []))
      if (found.length >= limit) break
    }
  } catch (error) {
    if (awsErrorName(error) === 'ResourceNotFound') throw noSuchPipeline(pipelineName, clients, error)
    throw explainAwsError(error, clients, 'SageMaker ListPipelineExecutions')
  }
  return found.slice(0, limit)
}

/** An execution's own record, without its steps. */
export async function getExecution(clients: Clients, arn: string): Promise<DescribePipelineExecutionResponse> {
  const { DescribePipelineExecutionCommand } = clients.sagemakerSdk
  return explainingAws(clients, 'SageMaker DescribePipelineExecution', () =>
    clients.sagemaker.send(new DescribePipelineExecutionCommand({ PipelineExecutionArn: arn })),
  )
}

/** Text of the definition that an execution runs; undefined when the service does not keep it any more. */
export async function describeExecutionDefinition(clients: Clients, arn: string): Promise<string | undefined> {
  const { DescribePipelineDefinitionForExecutionCommand } = clients.sagemakerSdk
  const action = 'SageMaker DescribePipelineDefinitionForExecution'
  return explainingAws(clients, action, async () => {
    const command = new DescribePipelineDefinitionForExecutionCommand({ PipelineExecutionArn: arn })
    return (await clients.sagemaker.send(command)).PipelineDefinition
  })
}

/** All steps of an execution that have started, oldest first, over as many pages as there are. */
export async function listSteps(clients: Clients, arn: string): Promise<PipelineExecutionStep[]> {
  const { paginateListPipelineExecutionSteps } = clients.sagemakerSdk
  return explainingAws(clients, 'SageMaker ListPipelineExecutionSteps', async () => {
    const steps: PipelineExecutionStep[] = []
    const pages = paginateListPipelineExecutionSteps(
      { client: clients.sagemaker, pageSize: 100 },
      { PipelineExecutionArn: arn, SortOrder: 'Ascending' },
    )
    for await (const page of pages) steps.push(...(page.PipelineExecutionSteps ?? []))
    return steps
  })
}

/** The refusal of whatever is asked of a pipeline that is not deployed. */
export const noSuchPipeline = (name: string, clients: Clients, cause?: unknown): UserError =>
  new UserError(
    `Pipeline "${name}" does not exist ${clients.local === undefined ? `in ${clients.region}` : 'in the local SageMaker'} — it must be deployed first — run "foldwise upsert".`,
    { cause },
  )
