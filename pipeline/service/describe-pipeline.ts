import type { DescribePipelineResponse, PipelineSummary } from '@aws-sdk/client-sagemaker'
import { awsErrorName, explainAwsError, explainingAws } from './aws-problem.ts'
import type { Clients } from './clients.ts'

/**
 * The deployed pipeline, or undefined when there is none of that name.
 *
 * @param version Number of the version whose definition is wanted; undefined is given back when there is no such version. @default the newest
 */
export async function describePipeline(
  clients: Clients,
  name: string,
  version?: number,
): Promise<DescribePipelineResponse | undefined> {
  const { DescribePipelineCommand } = clients.sagemakerSdk
  try {
    return await clients.sagemaker.send(
      new DescribePipelineCommand({
        PipelineName: name,
        ...(version === undefined ? {} : { PipelineVersionId: version }),
      }),
    )
  } catch (error) {
    if (awsErrorName(error) === 'ResourceNotFound') return undefined
    throw explainAwsError(error, clients, 'SageMaker DescribePipeline')
  }
}

/** Pipelines of the account and region, newest first. */
export async function listPipelines(
  clients: Clients,
  options: { readonly namePrefix?: string | undefined; readonly limit?: number } = {},
): Promise<PipelineSummary[]> {
  const { limit = Number.POSITIVE_INFINITY } = options
  const { paginateListPipelines } = clients.sagemakerSdk
  return explainingAws(clients, 'SageMaker ListPipelines', async () => {
    const found: PipelineSummary[] = []
    const pages = paginateListPipelines(
      { client: clients.sagemaker, pageSize: Math.min(limit, 100) },
      {
        SortBy: 'CreationTime',
        SortOrder: 'Descending',
        ...(options.namePrefix === undefined ? {} : { PipelineNamePrefix: options.namePrefix }),
      },
    )
    for await (const page of pages) {
      found.push(...(page.PipelineSummaries ?? []))
      if (found.length >= limit) break
    }
    return found.slice(0, limit)
  })
}
