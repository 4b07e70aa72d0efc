import type { DescribePipelineResponse } from '@aws-sdk/client-sagemaker'
import type { PipelineDefinition } from '../../schemas/definition.ts'
import { UserError } from '../../schemas/problem.ts'
import { definitionHash } from '../definition/index.ts'
import { explainingAws } from './aws-problem.ts'
import type { Clients } from './clients.ts'

/**
 * Tag of a pipeline with the hash of the definition that Foldwise put last. Whoever changes the pipeline by other means leaves
 * the tag as it is, so that definition and tag no longer agree. The service has no compare-and-set: two upserts within the same
 * second are not kept apart.
 */
export const RECORD_TAG = 'foldwise:definition'

/** Hash by content, so that another order of keys is no change. A text that is no JSON equals only itself. */
export function hashOf(definition: string): string {
  try {
    return definitionHash(JSON.parse(definition) as PipelineDefinition)
  } catch (error) {
    if (error instanceof SyntaxError) return definition
    throw error
  }
}

/** All tags of a pipeline. */
export async function readTags(clients: Clients, arn: string): Promise<ReadonlyMap<string, string>> {
  const { paginateListTags } = clients.sagemakerSdk
  const found = new Map<string, string>()
  await explainingAws(clients, 'SageMaker ListTags', async () => {
    for await (const page of paginateListTags({ client: clients.sagemaker }, { ResourceArn: arn })) {
      for (const { Key, Value } of page.Tags ?? []) found.set(Key ?? '', Value ?? '')
    }
  })
  return found
}

/** Adds tags to a pipeline, or gives them another value. */
export async function addTags(
  clients: Clients,
  arn: string,
  tags: readonly { readonly Key: string; readonly Value: string }[],
): Promise<void> {
  const { AddTagsCommand } = clients.sagemakerSdk
  await explainingAws(clients, 'SageMaker AddTags', () =>
    clients.sagemaker.send(new AddTagsCommand({ ResourceArn: arn, Tags: tags.map(tag => ({ ...tag })) })),
  )
}

/**
 * The refusal to overwrite what somebody else put, or undefined when the deployed definition is the one that Foldwise put last.
 *
 * @param record Value of {@link RECORD_TAG}; undefined when there is none, an error when it could not be read.
 */
export function foreignChange(
  name: string,
  deployed: DescribePipelineResponse,
  record: string | UserError | undefined,
): UserError | undefined {
  if (record === hashOf(deployed.PipelineDefinition ?? '')) return undefined
  const why =
    record === undefined
      ? 'the deployed definition was not put by Foldwise (no tag foldwise:definition)'
      : typeof record === 'string'
        ? `somebody else changed the definition after the last upsert by Foldwise${changedBy(deployed)}`
        : `nobody knows who put the deployed definition, because its tags cannot be read (${record.message})`
  return new UserError(
    `Pipeline "${name}": ${why} — an upsert would overwrite it — look at the difference, take over what is right, then pass --force.`,
  )
}

function changedBy({ LastModifiedBy: user, LastModifiedTime: time }: DescribePipelineResponse): string {
  const who = user?.UserProfileName ?? user?.IamIdentity?.Arn
  const parts = [
    ...(time === undefined ? [] : [`last change ${time.toISOString()}`]),
    ...(who === undefined ? [] : [`by ${who}`]),
  ]
  return parts.length === 0 ? '' : ` (${parts.join(' ')})`
}
