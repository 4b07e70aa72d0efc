import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pipeline } from 'foldwise'
import {
  type Clients,
  createClients,
  startExecution,
  uploadAssets,
  upsertPipeline,
  watchExecution,
} from 'foldwise/service'
import { type LocalSageMakerOptions, startLocalSageMaker } from '../../local/index.ts'
import { renderDefinition } from '../../pipeline/definition/index.ts'

/** A pipeline's run against a local SageMaker, as the service's own clients see it. */
export interface LocalRun {
  readonly arn: string
  readonly status: string
  /** Status and reason of each step that ran. */
  readonly steps: Readonly<
    Record<string, { readonly status?: string; readonly reason?: string; readonly jobName?: string }>
  >
}

export interface LocalPipelines {
  readonly clients: Clients
  run(pipeline: Pipeline, parameters?: Record<string, string>): Promise<LocalRun>
  stop(): Promise<void>
}

/** A local SageMaker on a folder of its own that uploads, upserts and runs pipelines through the real clients. */
export async function startLocalPipelines(options: Partial<LocalSageMakerOptions> = {}): Promise<LocalPipelines> {
  const stateDir = await mkdtemp(join(tmpdir(), 'foldwise-e2e-'))
  const server = await startLocalSageMaker({ ...options, stateDir })
  const clients = await createClients({ local: server.endpoint })
  return {
    clients,
    async run({ name, document, assets }, parameters = {}) {
      await uploadAssets(clients, assets)
      const roleArn = 'arn:aws:iam::111122223333:role/Role'
      await upsertPipeline(clients, { name, definition: renderDefinition(document), roleArn })
      const arn = await startExecution(clients, { pipelineName: name, parameters })
      let status = 'Executing'
      for await (const change of watchExecution(clients, arn)) if (change.kind === 'execution') status = change.status
      return { arn, status, steps: await readSteps(clients, arn) }
    },
    async stop() {
      clients.close()
      await server.close()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}

async function readSteps({ sagemaker, sagemakerSdk }: Clients, arn: string): Promise<LocalRun['steps']> {
  const { ListPipelineExecutionStepsCommand } = sagemakerSdk
  const page = await sagemaker.send(
    new ListPipelineExecutionStepsCommand({ PipelineExecutionArn: arn, MaxResults: 100 }),
  )
  return Object.fromEntries(
    (page.PipelineExecutionSteps ?? []).map(step => {
      const jobArn = Object.values(step.Metadata ?? {}).find(each => each?.Arn !== undefined)?.Arn as string | undefined
      return [
        step.StepName ?? '',
        {
          ...(step.StepStatus && { status: step.StepStatus }),
          ...(step.FailureReason && { reason: step.FailureReason }),
          ...(jobArn && { jobName: jobArn.slice(jobArn.lastIndexOf('/') + 1) }),
        },
      ]
    }),
  )
}
