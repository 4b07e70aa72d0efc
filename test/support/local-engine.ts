// The responses of operations are read member by member; typing each would repeat the service model.
/* oxlint-disable typescript/no-explicit-any */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CallContext, ObjectStore } from '../../local/contract.ts'
import { createEngine, type Engine, type EngineOptions } from '../../local/engine/engine.ts'
import { createOperations } from '../../local/operations/index.ts'
import { repositoryStartsWith } from '../../local/runtimes/images.ts'
import { createFolderStore } from '../../local/storage/folder-store.ts'
import { readAll } from '../../local/jobs/stage-data.ts'
import type { Step } from '../../schemas/definition.ts'

export const role = 'arn:aws:iam::000000000000:role/pipeline'
export const bucket = 'test-bucket'

/** An engine on a folder of its own, with operations called as the HTTP layer calls them. */
export interface LocalEngine {
  readonly engine: Engine
  readonly store: ObjectStore
  readonly folder: string
  /** Calls an operation. */
  call(operation: string, input?: object): Promise<Record<string, any>>
  /** Writes a program that the image `test-node` runs: the job's entrypoint is `node /programs/<name>.mjs`. */
  program(name: string, source: string): void
  put(key: string, text: string): Promise<void>
  text(key: string): Promise<string | undefined>
  keys(prefix?: string): Promise<string[]>
  /** Creates a pipeline of these steps and starts it. @returns the execution's ARN */
  start(steps: readonly object[], options?: StartOptions): Promise<string>
  /** Waits until an execution has ended. */
  ended(arn: string): Promise<Record<string, any>>
  /** The rows of an execution's steps by name. */
  steps(arn: string): Promise<Record<string, Record<string, any>>>
  /** Creates, starts, waits. */
  run(
    steps: readonly object[],
    options?: StartOptions,
  ): Promise<{ arn: string; execution: Record<string, any>; steps: Record<string, Record<string, any>> }>
  /** Closes the engine and opens another on the same folder. */
  reopen(options?: Partial<EngineOptions>): Promise<LocalEngine>
  close(): Promise<void>
}

export interface StartOptions {
  readonly name?: string
  readonly parameters?: readonly object[]
  readonly values?: Readonly<Record<string, string>>
  readonly maxParallel?: number
  readonly experiment?: object
}

const context: CallContext = { region: 'us-east-1' }
let pipelines = 0

export async function openLocalEngine(
  options: Partial<EngineOptions> = {},
  folder = mkdtempSync(join(tmpdir(), 'foldwise-engine-')),
): Promise<LocalEngine> {
  const programs = join(folder, 'programs')
  mkdirSync(programs, { recursive: true })
  const store = options.store ?? (await createFolderStore(join(folder, 's3')))
  const engine = await createEngine({
    store,
    stateDir: folder,
    images: [
      {
        matches: repositoryStartsWith('test-node'),
        runtime: 'node',
        programs: { root: '/programs', folder: programs },
      },
    ],
    ...options,
  })
  const operations = createOperations(engine)
  const call: LocalEngine['call'] = async (operation, input = {}) => {
    const handler = operations[operation]
    if (handler === undefined) throw new Error(`no operation ${operation}`)
    return (await handler(input as never, context)) as Record<string, any>
  }
  const local: LocalEngine = {
    engine,
    store,
    folder,
    call,
    program: (name, source) => writeFileSync(join(programs, `${name}.mjs`), source),
    put: async (key, text) => void (await store.put(bucket, key, Buffer.from(text))),
    text: async key => {
      const object = await store.get(bucket, key)
      return object === undefined ? undefined : readAll(object.body)
    },
    keys: async (prefix = '') => {
      const found: string[] = []
      for await (const { key } of store.list(bucket, prefix)) found.push(key)
      return found
    },
    start: async (steps, { name = `P${++pipelines}`, parameters = [], values = {}, maxParallel, experiment } = {}) => {
      const document = {
        Version: '2020-12-01',
        Metadata: {},
        Parameters: parameters,
        PipelineExperimentConfig: experiment ?? null,
        Steps: steps,
      }
      await call('CreatePipeline', { PipelineName: name, RoleArn: role, PipelineDefinition: JSON.stringify(document) })
      const started = await call('StartPipelineExecution', {
        PipelineName: name,
        PipelineParameters: Object.entries(values).map(([Name, Value]) => ({ Name, Value })),
        ...(maxParallel === undefined ? {} : { ParallelismConfiguration: { MaxParallelExecutionSteps: maxParallel } }),
      })
      return started['PipelineExecutionArn'] as string
    },
    ended: async arn => {
      for (;;) {
        const execution = await call('DescribePipelineExecution', { PipelineExecutionArn: arn })
        if (!['Executing', 'Stopping'].includes(execution['PipelineExecutionStatus'])) return execution
        await new Promise(resolve => setTimeout(resolve, 5))
      }
    },
    steps: async arn => {
      const { PipelineExecutionSteps } = await call('ListPipelineExecutionSteps', { PipelineExecutionArn: arn })
      return Object.fromEntries((PipelineExecutionSteps as any[]).map(step => [step.StepName, step]))
    },
    run: async (steps, more) => {
      const arn = await local.start(steps, more)
      return { arn, execution: await local.ended(arn), steps: await local.steps(arn) }
    },
    reopen: async (more = {}) => {
      await engine.close()
      return openLocalEngine({ ...options, ...more }, folder)
    },
    close: async () => {
      await engine.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return local
}

/** A processing step that runs a program of the image `test-node`. */
export function processing(
  name: string,
  program: string,
  more: {
    arguments?: readonly unknown[]
    environment?: object
    inputs?: readonly object[]
    outputs?: readonly object[]
    instances?: number
    maxRuntime?: number
  } & Partial<Step> = {},
): object {
  const { arguments: args, environment, inputs, outputs, instances, maxRuntime, ...fields } = more
  return {
    Name: name,
    Type: 'Processing',
    Arguments: {
      ProcessingResources: {
        ClusterConfig: { InstanceType: 'ml.m5.large', InstanceCount: instances ?? 1, VolumeSizeInGB: 1 },
      },
      AppSpecification: {
        ImageUri: 'test-node:1',
        ContainerEntrypoint: ['node', `/programs/${program}.mjs`],
        ...(args === undefined ? {} : { ContainerArguments: args }),
      },
      RoleArn: role,
      ...(environment === undefined ? {} : { Environment: environment }),
      ...(inputs === undefined ? {} : { ProcessingInputs: inputs }),
      ...(outputs === undefined ? {} : { ProcessingOutputConfig: { Outputs: outputs } }),
      ...(maxRuntime === undefined ? {} : { StoppingCondition: { MaxRuntimeInSeconds: maxRuntime } }),
    },
    ...fields,
  }
}

export const processingInput = (name: string, uri: unknown, more: object = {}): object => ({
  InputName: name,
  AppManaged: false,
  S3Input: {
    S3Uri: uri,
    LocalPath: `/opt/ml/processing/input/${name}`,
    S3DataType: 'S3Prefix',
    S3InputMode: 'File',
    S3DataDistributionType: 'FullyReplicated',
    ...more,
  },
})

export const processingOutput = (name: string, uri: unknown): object => ({
  OutputName: name,
  AppManaged: false,
  S3Output: { S3Uri: uri, LocalPath: `/opt/ml/processing/output/${name}`, S3UploadMode: 'EndOfJob' },
})

/** A training step that runs a program of the image `test-node`. */
export function training(
  name: string,
  program: string,
  more: {
    hyperparameters?: object
    channels?: Readonly<Record<string, object>>
    metrics?: readonly object[]
    arguments?: object
    algorithm?: object
  } & Partial<Step> = {},
): object {
  const { hyperparameters, channels, metrics, algorithm, arguments: extra, ...fields } = more
  return {
    Name: name,
    Type: 'Training',
    Arguments: {
      AlgorithmSpecification: {
        TrainingImage: '000000000000.dkr.ecr.us-east-1.amazonaws.com/test-node:1',
        TrainingInputMode: 'File',
        ContainerEntrypoint: ['node', `/programs/${program}.mjs`],
        ...(metrics === undefined ? {} : { MetricDefinitions: metrics }),
        ...algorithm,
      },
      ...(hyperparameters === undefined ? {} : { HyperParameters: hyperparameters }),
      InputDataConfig: Object.entries(channels ?? {}).map(([ChannelName, source]) => ({
        ChannelName,
        DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3DataDistributionType: 'FullyReplicated', ...source } },
      })),
      OutputDataConfig: { S3OutputPath: `s3://${bucket}/models/${name}` },
      ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 },
      StoppingCondition: { MaxRuntimeInSeconds: 600 },
      RoleArn: role,
      ...extra,
    },
    ...fields,
  }
}

export const condition = (
  name: string,
  conditions: readonly object[],
  ifSteps: readonly object[],
  elseSteps: readonly object[] = [],
  more: object = {},
): object => ({
  Name: name,
  Type: 'Condition',
  Arguments: { Conditions: conditions, IfSteps: ifSteps, ElseSteps: elseSteps },
  ...more,
})

export const fail = (name: string, message: unknown = 'stop', more: object = {}): object => ({
  Name: name,
  Type: 'Fail',
  Arguments: { ErrorMessage: message },
  ...more,
})

export const equals = (left: unknown, right: unknown): object => ({
  Type: 'Equals',
  LeftValue: left,
  RightValue: right,
})
export const get = (path: string): object => ({ Get: path })
export const joined = (...values: readonly unknown[]): object => ({ 'Std:Join': { On: '', Values: values } })
