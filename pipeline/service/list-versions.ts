import type { PipelineVersionSummary } from '@aws-sdk/client-sagemaker'
import { awsErrorName, explainAwsError } from './aws-problem.ts'
import type { Clients } from './clients.ts'
import { noSuchPipeline } from './executions.ts'

/** Versions of a pipeline, newest first, at most `limit`: the service makes one with every create and update. */
export async function listVersions(
  clients: Clients,
  pipelineName: string,
  options: { readonly limit?: number } = {},
): Promise<PipelineVersionSummary[]> {
  const limit = options.limit ?? 100
  const { paginateListPipelineVersions } = clients.sagemakerSdk
  const found: PipelineVersionSummary[] = []
  try {
    const pages = paginateListPipelineVersions(
      { client: clients.sagemaker, pageSize: Math.min(limit, 100) },
      { PipelineName: pipelineName, SortOrder: 'Descending' },
    )
    for await (const page of pages) {
      found.push(...(page.PipelineVersionSummaries ?? []))
      if (found.length >= limit) break
    }
  } catch (error) {
    if (awsErrorName(error) === 'ResourceNotFound') throw noSuchPipeline(pipelineName, clients, error)
    throw explainAwsError(error, clients, 'SageMaker ListPipelineVersions')
  }
  return found.slice(0, limit)
}
