import { basename, extname } from 'node:path'
import { type Clients, describeExecutionDefinition, listExecutions } from '../../pipeline/service/index.ts'
import type { PipelineDefinition } from '../../schemas/definition.ts'
import { UserError } from '../../schemas/problem.ts'
import { isPipelineFile, loadPipeline } from '../load-pipeline.ts'
import { parseDefinitionText } from '../parse-definition-text.ts'

/**
 * The execution that a word means: an ARN, `<pipeline>/<execution id>`, or a pipeline's name or file for its newest one.
 *
 * @throws UserError when the pipeline has none.
 */
export async function resolveExecution(clients: Clients, word: string): Promise<string> {
  if (word.startsWith('arn:')) return word
  const [, pipeline, id] = /^([A-Za-z0-9-]+)\/([a-z0-9]{12})$/.exec(word) ?? []
  const name = pipeline ?? (isPipelineFile(word) ? await nameOfFile(word) : word)
  const executions = await listExecutions(clients, name, id === undefined ? { limit: 1 } : {})
  const found = executions.find(
    ({ PipelineExecutionArn }) => id === undefined || PipelineExecutionArn?.endsWith(`/${id}`),
  )
  if (found?.PipelineExecutionArn !== undefined) return found.PipelineExecutionArn
  throw new UserError(
    `Pipeline "${name}" has no ${id === undefined ? 'executions' : `execution "${id}"`} — name one that exists — "foldwise list ${name}" shows them, "foldwise start" starts one.`,
  )
}

/** Name of the pipeline in a file; a definition's name is its file's. */
const nameOfFile = async (path: string): Promise<string> =>
  extname(path) === '.json' ? basename(path, '.json') : (await loadPipeline(path)).name

/** The document that an execution runs. */
export async function executionDocument(clients: Clients, arn: string): Promise<PipelineDefinition | undefined> {
  const text = await describeExecutionDefinition(clients, arn)
  return text === undefined ? undefined : parseDefinitionText(text, arn)
}
