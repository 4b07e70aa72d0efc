import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  crossValidation,
  type CrossValidationOptions,
  csv,
  float,
  type Folds,
  maximize,
  nodeSvm,
  type Pipeline,
  pipeline,
  string,
} from 'foldwise'
import {
  type Clients,
  createClients,
  readObject,
  startExecution,
  uploadFile,
  upsertPipeline,
  watchExecution,
} from 'foldwise/service'
import { type LocalSageMaker, startLocalSageMaker } from '../../local/index.ts'
import { renderDefinition } from '../../pipeline/definition/index.ts'
import { type Evaluation, evaluationSchema } from '../../schemas/evaluation.ts'

export const bucket = 'iris-tests'
const account = '111122223333'

/** The Iris cross-validation with folds, and other options, of one's choice. */
export function irisPipeline(name: string, folds: Folds, options: Partial<CrossValidationOptions> = {}): Pipeline {
  return pipeline(
    name,
    {
      parameters: {
        InputDataUri: string(`s3://${bucket}/iris.csv`),
        BaselineObjective: float(0.9),
        C: float(1),
        kernel: string('linear'),
        gamma: string('scale'),
      },
    },
    p =>
      crossValidation({
        data: csv(p.InputDataUri, { header: true, label: 'species' }),
        folds,
        training: nodeSvm({ hyperparameters: { C: p.C, kernel: p.kernel, gamma: p.gamma } }),
        objective: maximize('validation:accuracy'),
        baseline: p.BaselineObjective,
        register: { group: 'Iris' },
        role: `arn:aws:iam::${account}:role/SageMakerExecutionRole`,
        output: { bucket, prefix: 'runs' },
        images: {
          processing: `${account}.dkr.ecr.us-east-1.amazonaws.com/foldwise-processing:1`,
          training: `${account}.dkr.ecr.us-east-1.amazonaws.com/foldwise-training-svm:1`,
        },
        ...options,
      }),
  )
}

export interface LocalIris {
  readonly server: LocalSageMaker
  readonly clients: Clients
  upsert(pipeline: Pipeline): Promise<void>
  /** Starts an execution and waits for its end. */
  run(pipelineName: string, parameters?: Record<string, string>, maxParallelSteps?: number): Promise<FinishedExecution>
  stop(): Promise<void>
}

export interface FinishedExecution {
  readonly arn: string
  readonly id: string
  readonly status: string
  /** Null when the execution did not get that far. */
  readonly evaluation: Evaluation | null
  readonly keys: readonly string[]
}

/** A local SageMaker on a folder of its own, with the Iris data uploaded. */
export async function startLocalIris(): Promise<LocalIris> {
  const stateDir = await mkdtemp(join(tmpdir(), 'foldwise-e2e-'))
  const server = await startLocalSageMaker({ stateDir })
  const clients = await createClients({ local: server.endpoint })
  await uploadFile(clients, 'examples/iris/iris.csv', { bucket, key: 'iris.csv' })
  return {
    server,
    clients,
    async upsert({ name, document }) {
      const roleArn = `arn:aws:iam::${account}:role/SageMakerExecutionRole`
      await upsertPipeline(clients, { name, definition: renderDefinition(document), roleArn })
    },
    async run(pipelineName, parameters = {}, maxParallelSteps) {
      const arn = await startExecution(clients, { pipelineName, parameters, maxParallelSteps })
      let status = 'Executing'
      for await (const change of watchExecution(clients, arn)) if (change.kind === 'execution') status = change.status
      const id = arn.split('/').at(-1) as string
      const keys = await listKeys(clients, `runs/${pipelineName}/${id}/`)
      const evaluationKey = keys.find(key => key.endsWith('/evaluation/evaluation.json'))
      const evaluation = evaluationKey === undefined ? null : await readEvaluation(clients, evaluationKey)
      return { arn, id, status, evaluation, keys }
    },
    async stop() {
      clients.close()
      await server.close()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}

export async function listKeys(clients: Clients, prefix: string): Promise<string[]> {
  const { paginateListObjectsV2 } = clients.s3Sdk
  const keys: string[] = []
  for await (const page of paginateListObjectsV2({ client: clients.s3 }, { Bucket: bucket, Prefix: prefix })) {
    keys.push(...(page.Contents ?? []).map(object => object.Key as string))
  }
  return keys
}

export async function readText(clients: Clients, key: string): Promise<string> {
  const text = await readObject(clients, { bucket, key })
  if (text === undefined) throw new Error(`s3://${bucket}/${key} does not exist`)
  return text
}

async function readEvaluation(clients: Clients, key: string): Promise<Evaluation> {
  return evaluationSchema.parse(JSON.parse(await readText(clients, key)))
}
