import type { Engine } from '../engine/engine.ts'
import { nameInArn } from '../engine/names.ts'
import { findResource, listResources, type ResourceListInput } from './list-resources.ts'
import { toResponse } from './response.ts'

type Wanted = ResourceListInput & Readonly<Record<string, unknown>>

/** Operations on what Lineage steps recorded. */
export function lineageOperations(engine: Engine) {
  const describe =
    (kind: 'Action' | 'Artifact' | 'Context', nameMember: string) =>
    async (input: Readonly<Record<string, string>>): Promise<object> => {
      const name = nameInArn(input[nameMember] ?? '', kind.toLowerCase())
      const missing = { code: 'ResourceNotFound', message: `${kind} '${name}' does not exist.` }
      const { description } = await findResource(engine, kind, name, missing)
      return toResponse(`Describe${kind}Response`, description)
    }
  const list =
    (kind: 'Action' | 'Artifact' | 'Context' | 'Association', equal: readonly string[]) =>
    (input: Wanted): Promise<object> =>
      listResources(
        engine,
        input,
        kind,
        { summary: `${kind}Summary`, summaries: `${kind}Summaries` },
        description =>
          equal.every(member => (input[member] ?? description[member]) === description[member]) &&
          (input['SourceUri'] ?? sourceUri(description)) === sourceUri(description),
      )
  return {
    DescribeAction: describe('Action', 'ActionName'),
    ListActions: list('Action', ['ActionType']),
    DescribeArtifact: describe('Artifact', 'ArtifactArn'),
    ListArtifacts: list('Artifact', ['ArtifactType']),
    DescribeContext: describe('Context', 'ContextName'),
    ListContexts: list('Context', ['ContextType']),
    ListAssociations: list('Association', ['SourceArn', 'DestinationArn', 'AssociationType']),
  }
}

const sourceUri = (description: Readonly<Record<string, unknown>>): unknown =>
  (description['Source'] as { SourceUri?: string } | undefined)?.SourceUri
