import { renderDefinition } from '../pipeline/definition/index.ts'
import {
  type Clients,
  type PipelineWish,
  type UpsertResult,
  uploadAssets,
  upsertPipeline,
} from '../pipeline/service/index.ts'
import { explainingRefusal } from './explain-refusal.ts'
import type { LoadedPipeline } from './load-pipeline.ts'
import { LOCAL_BUCKET } from './local-data.ts'

/** The role that stands in the records of the local SageMaker, which checks no permissions. */
const LOCAL_ROLE = 'arn:aws:iam::000000000000:role/FoldwiseLocal'

/** Uploads what a loaded pipeline's steps need, then creates or updates it. */
export async function deploy(
  clients: Clients,
  loaded: LoadedPipeline,
  options: Pick<PipelineWish, 'roleArn' | 'bucket' | 'force' | 'beforeRefusal'> = {},
): Promise<UpsertResult> {
  const { name, description, displayName, tags, maxParallelSteps } = loaded
  const local = clients.local !== undefined
  await uploadAssets(clients, loaded.assets ?? [])
  return explainingRefusal(loaded, () =>
    upsertPipeline(clients, {
      ...options,
      name,
      definition: renderDefinition(loaded.document, 0),
      description,
      displayName,
      tags,
      maxParallelSteps,
      roleArn: options.roleArn ?? (local ? LOCAL_ROLE : undefined),
      bucket: options.bucket ?? (local ? LOCAL_BUCKET : undefined),
    }),
  )
}
