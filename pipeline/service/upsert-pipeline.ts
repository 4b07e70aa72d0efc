import { createHash } from 'node:crypto'
import type { DescribePipelineResponse, Tag } from '@aws-sdk/client-sagemaker'
import type { PipelineDefinition } from '../../schemas/definition.ts'
import { MAX_DEFINITION_CHARACTERS } from '../../schemas/definition.ts'
import { UserError } from '../../schemas/problem.ts'
import { definitionHash } from '../definition/index.ts'
import { explainingAws } from './aws-problem.ts'
import type { Clients } from './clients.ts'
import { describePipeline } from './describe-pipeline.ts'
import { putObject } from './objects.ts'

/** From this size on a definition travels through S3; the API refuses requests that are much larger. */
export const INLINE_DEFINITION_BYTES = 100 * 1024

/** What a pipeline should be. A member that is left out is not managed: what is deployed stays. */
export interface PipelineWish {
  readonly name: string
  /** Text of the definition, as `renderDefinition` writes it. */
  readonly definition: string
  /** Role that the executions assume. @default the deployed pipeline's role */
  readonly roleArn?: string | undefined
  readonly description?: string | undefined
  readonly displayName?: string | undefined
  readonly tags?: readonly { readonly Key: string; readonly Value: string }[] | undefined
  readonly maxParallelSteps?: number | undefined
  /** Where a large definition is uploaded. @default `sagemaker-<region>-<account of the role>` */
  readonly bucket?: string | undefined
}

export interface UpsertResult {
  readonly action: 'created' | 'updated' | 'unchanged'
  readonly arn: string
  /** Number of the new version, when the service says it. */
  readonly versionId?: number
  /** What differed from what was deployed, such as `definition`. */
  readonly changes: readonly string[]
}

/**
 * Creates the pipeline, or updates it when something differs; sends nothing when nothing does.
 *
 * @throws UserError for what the service refuses, a missing role, a definition that is too long.
 */
export async function upsertPipeline(clients: Clients, wish: PipelineWish): Promise<UpsertResult> {
  if (wish.definition.length > MAX_DEFINITION_CHARACTERS) {
    throw new UserError(
      `Pipeline "${wish.name}": the definition has ${wish.definition.length} characters — the service takes ${MAX_DEFINITION_CHARACTERS} — use fewer steps, or move long arguments into files.`,
    )
  }
  const deployed = await describePipeline(clients, wish.name)
  return deployed === undefined ? create(clients, wish) : update(clients, wish, deployed)
}

async function create(clients: Clients, wish: PipelineWish): Promise<UpsertResult> {
  const { roleArn } = wish
  if (roleArn === undefined) {
    throw new UserError(
      `Pipeline "${wish.name}" does not exist yet and no role is given — a pipeline needs an execution role, such as arn:aws:iam::123456789012:role/PipelineRole — pass --role-arn.`,
      { exitCode: 2 },
    )
  }
  const { CreatePipelineCommand } = clients.sagemakerSdk
  const content = await definitionMembers(clients, wish, roleArn)
  const response = await explainingAws(clients, 'SageMaker CreatePipeline', () =>
    clients.sagemaker.send(
      new CreatePipelineCommand({
        PipelineName: wish.name,
        RoleArn: roleArn,
        ...content,
        ...describedMembers(wish),
        ...(wish.tags?.length ? { Tags: wish.tags.map(tag => ({ ...tag })) } : {}),
      }),
    ),
  )
  return { action: 'created', arn: response.PipelineArn ?? '', changes: [] }
}

async function update(clients: Clients, wish: PipelineWish, deployed: DescribePipelineResponse): Promise<UpsertResult> {
  const arn = deployed.PipelineArn ?? ''
  const changes = differences(wish, deployed)
  const missingTags = await tagsToAdd(clients, arn, wish)
  let versionId: number | undefined
  if (changes.length > 0) {
    const { UpdatePipelineCommand } = clients.sagemakerSdk
    const roleArn = wish.roleArn ?? deployed.RoleArn
    const content = changes.includes('definition') ? await definitionMembers(clients, wish, roleArn) : {}
    const response = await explainingAws(clients, 'SageMaker UpdatePipeline', () =>
      clients.sagemaker.send(
        new UpdatePipelineCommand({
          PipelineName: wish.name,
          ...content,
          ...describedMembers(wish),
          ...(wish.roleArn === undefined ? {} : { RoleArn: wish.roleArn }),
        }),
      ),
    )
    versionId = response.PipelineVersionId
  }
  if (missingTags.length > 0) {
    // UpdatePipeline takes no tags.
    const { AddTagsCommand } = clients.sagemakerSdk
    await explainingAws(clients, 'SageMaker AddTags', () =>
      clients.sagemaker.send(new AddTagsCommand({ ResourceArn: arn, Tags: missingTags })),
    )
    changes.push('tags')
  }
  return {
    action: changes.length === 0 ? 'unchanged' : 'updated',
    arn,
    changes,
    ...(versionId === undefined ? {} : { versionId }),
  }
}

function differences(wish: PipelineWish, deployed: DescribePipelineResponse): string[] {
  const wanted: Record<string, readonly [unknown, unknown]> = {
    description: [wish.description, deployed.PipelineDescription],
    displayName: [wish.displayName, deployed.PipelineDisplayName],
    roleArn: [wish.roleArn, deployed.RoleArn],
    maxParallelSteps: [wish.maxParallelSteps, deployed.ParallelismConfiguration?.MaxParallelExecutionSteps],
  }
  const others = Object.entries(wanted).filter(([, [wished, found]]) => wished !== undefined && wished !== found)
  const sameDefinition = hashOf(wish.definition) === hashOf(deployed.PipelineDefinition ?? '')
  return [...(sameDefinition ? [] : ['definition']), ...others.map(([name]) => name)]
}

/** By content, so that another order of keys is no change. A text that is no JSON equals only itself. */
function hashOf(definition: string): string {
  try {
    return definitionHash(JSON.parse(definition) as PipelineDefinition)
  } catch {
    return definition
  }
}

async function tagsToAdd(clients: Clients, arn: string, wish: PipelineWish): Promise<Tag[]> {
  if (!wish.tags?.length) return []
  const { paginateListTags } = clients.sagemakerSdk
  const found = new Map<string, string>()
  await explainingAws(clients, 'SageMaker ListTags', async () => {
    for await (const page of paginateListTags({ client: clients.sagemaker }, { ResourceArn: arn })) {
      for (const { Key, Value } of page.Tags ?? []) found.set(Key ?? '', Value ?? '')
    }
  })
  return wish.tags.filter(({ Key, Value }) => found.get(Key) !== Value).map(tag => ({ ...tag }))
}

const describedMembers = (wish: PipelineWish) => ({
  ...(wish.description === undefined ? {} : { PipelineDescription: wish.description }),
  ...(wish.displayName === undefined ? {} : { PipelineDisplayName: wish.displayName }),
  ...(wish.maxParallelSteps === undefined
    ? {}
    : { ParallelismConfiguration: { MaxParallelExecutionSteps: wish.maxParallelSteps } }),
})

/** The definition itself, or the place in S3 where it was put. */
async function definitionMembers(clients: Clients, wish: PipelineWish, roleArn: string | undefined) {
  const bytes = Buffer.from(wish.definition)
  if (bytes.length < INLINE_DEFINITION_BYTES) return { PipelineDefinition: wish.definition }
  const bucket = wish.bucket ?? defaultBucket(clients, roleArn, wish.name)
  const digest = createHash('sha256').update(bytes).digest('hex')
  // The key names the content: two upserts at the same time cannot swap definitions.
  const key = `foldwise/definitions/${wish.name}/${digest}.json`
  await putObject(clients, { bucket, key, body: bytes, contentType: 'application/json' })
  return { PipelineDefinitionS3Location: { Bucket: bucket, ObjectKey: key } }
}

function defaultBucket(clients: Clients, roleArn: string | undefined, name: string): string {
  const account = /^arn:aws[a-z-]*:iam::(\d{12}):role\//.exec(roleArn ?? '')?.[1]
  if (account !== undefined) return `sagemaker-${clients.region}-${account}`
  throw new UserError(
    `Pipeline "${name}": the definition is larger than ${INLINE_DEFINITION_BYTES} bytes and travels through S3, but no bucket is known — name one — pass --bucket.`,
    { exitCode: 2 },
  )
}
