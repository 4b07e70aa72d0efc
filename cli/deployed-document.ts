import { type Clients, describePipeline, noSuchPipeline } from '../pipeline/service/index.ts'
import type { PipelineDefinition } from '../schemas/definition.ts'
import { UserError } from '../schemas/problem.ts'
import { parseDefinitionText } from './parse-definition-text.ts'

/**
 * The document of a deployed pipeline, or of one of its versions.
 *
 * @throws UserError when there is no such pipeline or no such version.
 */
export async function deployedDocument(clients: Clients, name: string, version?: number): Promise<PipelineDefinition> {
  const text = (await describePipeline(clients, name, version))?.PipelineDefinition
  if (text !== undefined) return parseDefinitionText(text, `deployed pipeline "${name}"`)
  if (version === undefined) throw noSuchPipeline(name, clients)
  throw new UserError(
    `Pipeline "${name}" has no version ${version} — name one that exists — "foldwise versions ${name}" shows them.`,
    { exitCode: 2 },
  )
}
