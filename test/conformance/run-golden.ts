import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import {
  CreateModelCommand,
  CreatePipelineCommand,
  DescribePipelineExecutionCommand,
  ListPipelineExecutionStepsCommand,
  SendPipelineExecutionStepSuccessCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-sagemaker'
import { createClients } from 'foldwise/service'
import { startLocalSageMaker } from '../../local/index.ts'
import { archiveFolders } from '../../local/jobs/archive-folders.ts'
import type { Runtime } from '../../local/runtimes/runtime.ts'

/** How a golden definition ended. */
export interface GoldenEnd {
  readonly status: string | undefined
  readonly steps: Readonly<Record<string, string>>
  /** Reasons of the steps that failed, by name. */
  readonly reasons: Readonly<Record<string, string>>
}

interface Definition {
  readonly Parameters?: readonly { readonly Name: string }[]
}

const program = fileURLToPath(new URL('./stand-in.mjs', import.meta.url))
const role = 'arn:aws:iam::111122223333:role/SageMakerRole'

/** Runs the stand-in whatever the entrypoint is: the images are AWS's and are not here. */
const standIn: Runtime = {
  prepare: (container, place) => ({
    file: process.execPath,
    arguments: [program, ...container.arguments],
    environment: {
      ...container.environment,
      PATH: dirname(process.execPath),
      HOME: place.home,
      SAGEMAKER_BASE_DIR: place.ml,
    },
    folder: place.home,
  }),
}

/** A table that AutoML, checks and models can read. */
const rows = Array.from({ length: 20 }, (_, index) => `${index % 7},${index % 2 === 0 ? 1 : 9},${index % 2}`)
const csv = ['a,b,y', ...rows, ''].join('\n')

const analysisConfig = JSON.stringify({
  dataset_type: 'text/csv',
  label: 'y',
  label_values_or_threshold: [1],
  facet: [{ name_or_index: 'b', value_or_threshold: [9] }],
  methods: { pre_training_bias: { methods: ['CI'] } },
})

/** A baseline that everything holds. */
const baseline = JSON.stringify({ features: [], monitoring_config: { evaluate_constraints: 'Disabled' } })

const contentOf = (key: string): string =>
  key.endsWith('config.json') ? analysisConfig : key.endsWith('.json') ? baseline : csv

/**
 * A local SageMaker that runs definitions as the Python SDK emitted them: every image but Foldwise's own is a stand-in, and
 * there is an object at every S3 URI that a definition names.
 */
export async function startGoldens() {
  const dir = await mkdtemp(join(tmpdir(), 'foldwise-goldens-'))
  const local = await startLocalSageMaker({
    stateDir: join(dir, 'state'),
    images: [{ matches: repository => !repository.startsWith('foldwise'), runtime: 'stand-in' }],
    runtimes: { 'stand-in': standIn },
    functions: {
      'arn:aws:lambda:us-west-2:111122223333:function:f': () => ({ str: 's', int: 1, float: 0.5, bool: true }),
    },
  })
  const clients = await createClients({ local: local.endpoint })
  const { sagemaker, s3 } = clients
  const model = await buffer(await archiveFolders([]))
  await sagemaker.send(
    new CreateModelCommand({ ModelName: 'm', ExecutionRoleArn: role, PrimaryContainer: { Image: 'any:1' } }),
  )

  const putInputs = async (definition: string): Promise<void> => {
    const packed = definition.includes('"Gzip"')
    const uris = [...definition.matchAll(/s3:\/\/([a-z0-9.-]+)\/([^"\\]*)/g)].map(([, bucket, key]) => [bucket, key])
    for (const [Bucket, key = ''] of uris) {
      const Key = /\.[a-z]+$/.test(key) ? key : `${key.replace(/\/$/, '')}/data.csv`.replace(/^\//, '')
      const content = contentOf(Key)
      const Body = Key.endsWith('.tar.gz') ? model : packed && content === csv ? gzipSync(csv) : content
      await s3.send(new PutObjectCommand({ Bucket, Key, Body }))
    }
  }
  const listSteps = async (PipelineExecutionArn: string | undefined) =>
    (await sagemaker.send(new ListPipelineExecutionStepsCommand({ PipelineExecutionArn, MaxResults: 100 })))
      .PipelineExecutionSteps ?? []

  return {
    /** @param values Of parameters; those that the definition does not declare are left out. */
    async run(name: string, definition: Definition, values: Readonly<Record<string, string>> = {}): Promise<GoldenEnd> {
      const PipelineDefinition = JSON.stringify(definition)
      await putInputs(PipelineDefinition)
      const PipelineName = name.replaceAll(/[^A-Za-z0-9]+/g, '-')
      await sagemaker.send(
        new CreatePipelineCommand({ PipelineName, PipelineDefinition, RoleArn: role, ClientRequestToken: undefined }),
      )
      const PipelineParameters = Object.entries(values)
        .filter(([Name]) => definition.Parameters?.some(parameter => parameter.Name === Name))
        .map(([Name, Value]) => ({ Name, Value }))
      const { PipelineExecutionArn } = await sagemaker.send(
        new StartPipelineExecutionCommand({ PipelineName, PipelineParameters, ClientRequestToken: undefined }),
      )
      for (;;) {
        const { PipelineExecutionStatus: status } = await sagemaker.send(
          new DescribePipelineExecutionCommand({ PipelineExecutionArn }),
        )
        const steps = await listSteps(PipelineExecutionArn)
        if (status !== 'Executing') {
          return {
            status,
            steps: Object.fromEntries(steps.map(step => [step.StepName ?? '', step.StepStatus ?? ''])),
            reasons: Object.fromEntries(
              steps.flatMap(step =>
                step.FailureReason === undefined ? [] : [[step.StepName ?? '', step.FailureReason]],
              ),
            ),
          }
        }
        for (const { Metadata, StepStatus } of steps) {
          const CallbackToken = Metadata?.Callback?.CallbackToken
          if (CallbackToken === undefined || StepStatus !== 'Executing') continue
          const OutputParameters = ['str', 'f'].map(Name => ({ Name, Value: '1' }))
          await sagemaker
            .send(new SendPipelineExecutionStepSuccessCommand({ CallbackToken, OutputParameters }))
            .catch(() => {})
        }
        await new Promise(resolve => setTimeout(resolve, 50))
      }
    },
    async close(): Promise<void> {
      clients.close()
      await local.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
