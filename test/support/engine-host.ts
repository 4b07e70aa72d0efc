import { join } from 'node:path'
import { createEngine } from '../../local/engine/engine.ts'
import { createOperations } from '../../local/operations/index.ts'
import { repositoryStartsWith } from '../../local/runtimes/images.ts'
import { createFolderStore } from '../../local/storage/folder-store.ts'

/** A process that can be killed: opens the engine on a folder, starts the document's pipeline once, and prints its ARN. */
const [folder = '', document = ''] = process.argv.slice(2)
const programs = { root: '/programs', folder: join(folder, 'programs') }
const engine = await createEngine({
  store: await createFolderStore(join(folder, 's3')),
  stateDir: folder,
  images: [{ matches: repositoryStartsWith('test-node'), runtime: 'node', programs }],
})
const operations = createOperations(engine)
const call = async (operation: string, input: object): Promise<Record<string, unknown>> =>
  (await operations[operation]?.(input as never, { region: 'us-east-1' })) as Record<string, unknown>
const token = 't'.repeat(32)
await call('CreatePipeline', {
  PipelineName: 'Killed',
  RoleArn: 'arn:aws:iam::000000000000:role/r',
  PipelineDefinition: document,
  ClientRequestToken: token,
})
const started = await call('StartPipelineExecution', { PipelineName: 'Killed', ClientRequestToken: token })
process.stdout.write(`${String(started['PipelineExecutionArn'])}\n`)
