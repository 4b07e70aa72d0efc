import { createHash } from 'node:crypto'
import type { DescribePipelineResponse } from '@aws-sdk/client-sagemaker'
import { MAX_DEFINITION_CHARACTERS } from '../../schemas/definition.ts'
import { isUserError, UserError } from '../../schemas/problem.ts'
import type { Change } from '../definition/index.ts'
import { awsErrorName, explainAwsError, explainingAws } from './aws-problem.ts'
import type { Clients } from './clients.ts'
import { describePipeline } from './describe-pipeline.ts'
import { putObject } from './objects.ts'
import { addTags, foreignChange, hashOf, readTags, RECORD_TAG } from './upsert-record.ts'

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
  /** Overwrites a definition that somebody else put or changed. @default false: that is refused */
  readonly force?: boolean | undefined
  /** Called with what is deployed before an upsert is refused, so that one can show what would be lost. */
  readonly beforeRefusal?: ((deployed: DescribePipelineResponse) => void | Promise<void>) | undefined
}

export interface UpsertResult {
  readonly action: 'created' | 'updated' | 'unchanged'
  readonly arn: string
  /** Number of the new version, when the service says it. */
  readonly versionId?: number
  /** What differed from what was deployed, such as `definition`. */
  readonly changes: readonly string[]
  /** Why it could not be recorded that this definition is ours; the next change of it will then be refused without `force`. */
  readonly unrecorded?: string
}

/**
 * Creates the pipeline, or updates it when something differs; changes nothing when nothing does.
 *
 * @throws UserError for what the service refuses, a missing role, a definition that is too long, and one that somebody else changed.
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
  const command = new CreatePipelineCommand({
    PipelineName: wish.name,
    RoleArn: roleArn,
    ...(await definitionMembers(clients, wish, roleArn)),
    ...describedMembers(wish),
    ...(wish.tags?.length ? { Tags: wish.tags.map(tag => ({ ...tag })) } : {}),
  })
  let arn: string
  try {
    arn = (await clients.sagemaker.send(command)).PipelineArn ?? ''
  } catch (error) {
    if (isNameTaken(error)) {
      throw new UserError(
        `Pipeline "${wish.name}": somebody created it while this upsert was on its way (${error.message}) — nothing was overwritten — repeat the upsert to see what differs.`,
        { cause: error },
      )
    }
    throw explainAwsError(error, clients, 'SageMaker CreatePipeline')
  }
  // Not among the tags of the call: whoever may create a pipeline without tags need not be allowed to tag it.
  return { action: 'created', arn, changes: [], ...(await record(clients, arn, wish)) }
}

/** The service says it with a ValidationException, newer models have an error of its own for it. */
const isNameTaken = (error: unknown): error is Error =>
  error instanceof Error &&
  (awsErrorName(error) === 'ConflictException' || /Pipeline with name .* already exists/s.test(error.message))

/** Remembers that this definition is ours. Somebody who may not tag still gets the upsert, and is told what that means. */
async function record(clients: Clients, arn: string, { definition }: PipelineWish): Promise<{ unrecorded?: string }> {
  try {
    await addTags(clients, arn, [{ Key: RECORD_TAG, Value: hashOf(definition) }])
    return {}
  } catch (error) {
    if (isUserError(error)) return { unrecorded: error.message }
    throw error
  }
}

async function update(clients: Clients, wish: PipelineWish, deployed: DescribePipelineResponse): Promise<UpsertResult> {
  const arn = deployed.PipelineArn ?? ''
  const changes = differences(wish, deployed)
  const tags = await tagsOf(clients, arn, wish)
  if (changes.includes('definition') && wish.force !== true) {
    const refusal = foreignChange(wish.name, deployed, isUserError(tags) ? tags : tags.get(RECORD_TAG))
    if (refusal !== undefined) {
      await wish.beforeRefusal?.(deployed)
      throw refusal
    }
  }
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
  const found = isUserError(tags) ? new Map<string, string>() : tags
  const missingTags = (wish.tags ?? []).filter(({ Key, Value }) => found.get(Key) !== Value)
  if (missingTags.length > 0) {
    // UpdatePipeline takes no tags.
    await addTags(clients, arn, missingTags)
    changes.push('tags')
  }
  // Also when nothing changed: an earlier upsert may have ended before it came to this, and an equal definition is ours too.
  const isRecorded = found.get(RECORD_TAG) === hashOf(wish.definition)
  return {
    action: changes.length === 0 ? 'unchanged' : 'updated',
    arn,
    changes,
    ...(versionId === undefined ? {} : { versionId }),
    ...(isRecorded ? {} : await record(clients, arn, wish)),
  }
}

/** The pipeline's tags; why they cannot be read when no tag is wished, so that only the lock needs them. */
async function tagsOf(
  clients: Clients,
  arn: string,
  { tags }: PipelineWish,
): Promise<ReadonlyMap<string, string> | UserError> {
  try {
    return await readTags(clients, arn)
  } catch (error) {
    if (isUserError(error) && !tags?.length) return error
    throw error
  }
}

function differences(wish: PipelineWish, deployed: DescribePipelineResponse): string[] {
  const sameDefinition = hashOf(wish.definition) === hashOf(deployed.PipelineDefinition ?? '')
  return [...(sameDefinition ? [] : ['definition']), ...settingChanges(wish, deployed).map(({ path }) => path)]
}

/** What an upsert would change beside the definition; what is not wished stays, and is no change. */
export function settingChanges(
  wish: Pick<PipelineWish, 'description' | 'displayName' | 'roleArn' | 'maxParallelSteps'>,
  deployed: DescribePipelineResponse,
): Change[] {
  const settings = {
    description: [deployed.PipelineDescription, wish.description],
    displayName: [deployed.PipelineDisplayName, wish.displayName],
    roleArn: [deployed.RoleArn, wish.roleArn],
    maxParallelSteps: [deployed.ParallelismConfiguration?.MaxParallelExecutionSteps, wish.maxParallelSteps],
  } as const
  return Object.entries(settings).flatMap(([path, [before, after]]): Change[] => {
    if (after === undefined || after === before) return []
    return [before === undefined ? { kind: 'added', path, after } : { kind: 'changed', path, before, after }]
  })
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
