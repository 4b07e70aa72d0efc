import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { optMl } from '../../schemas/opt-ml.ts'
import { arnOf } from '../engine/names.ts'
import { builtInMetrics } from './built-in-metrics.ts'
import { type ContainerEnd, runContainers } from './container-job.ts'
import { insideFolder, PathLeavesFolder } from './inside-folder.ts'
import { jobFault, MAX_FAILURE_REASON } from './job-end.ts'
import type { JobRecord } from './job-book.ts'
import type { StepRun } from './job-runner.ts'
import { type OpenPipe, openPipe } from './pipe-channel.ts'
import { type MetricReader, readMetrics } from './metrics.ts'
import {
  commandSchema,
  DEFAULT_MAX_RUNTIME_SECONDS,
  environmentSchema,
  maxRuntimeSchema,
  readRequest,
  sharedMembers,
} from './request.ts'
import { createSandboxes, hostNames, type Sandbox, writeContract } from './sandbox.ts'
import { listData, shareOf, stageData } from './stage-data.ts'
import { ClientFault, CreateRefused, type ExceptionType } from './step-fault.ts'
import { restoreCheckpoints, storeCheckpoints, storeTrainingOutput, syncCheckpoints } from './training-output.ts'

/** What the local run reads of CreateTrainingJob. */
const trainingRequestSchema = z.looseObject({
  AlgorithmSpecification: z.looseObject({
    TrainingImage: z.string(),
    TrainingInputMode: z.string().optional(),
    ContainerEntrypoint: commandSchema,
    ContainerArguments: commandSchema,
    MetricDefinitions: z
      .array(z.looseObject({ Name: z.string(), Regex: z.string() }))
      .max(40)
      .optional(),
  }),
  HyperParameters: z.record(z.string(), z.string()).optional(),
  InputDataConfig: z
    .array(
      z.looseObject({
        ChannelName: z.string().regex(/^[A-Za-z0-9.\-_]{1,64}$/),
        ContentType: z.string().optional(),
        InputMode: z.string().optional(),
        RecordWrapperType: z.string().optional(),
        CompressionType: z.string().optional(),
        DataSource: z.looseObject({
          S3DataSource: z
            .looseObject({
              S3DataType: z.string(),
              S3Uri: z.string(),
              S3DataDistributionType: z.string().optional(),
              AttributeNames: z.array(z.string()).min(1).max(16).optional(),
            })
            .optional(),
        }),
      }),
    )
    .max(20)
    .optional(),
  OutputDataConfig: z.looseObject({
    S3OutputPath: z.string().startsWith('s3://'),
    CompressionType: z.enum(['GZIP', 'NONE']).optional(),
  }),
  ResourceConfig: z.looseObject({ InstanceCount: z.int().min(1).optional(), InstanceType: z.string().optional() }),
  StoppingCondition: maxRuntimeSchema,
  CheckpointConfig: z.looseObject({ S3Uri: z.string(), LocalPath: z.string().optional() }).optional(),
  Environment: environmentSchema,
})

export type TrainingRequest = z.infer<typeof trainingRequestSchema>

/** What runs a training needs of a step's attempt; a tuning job gives each of its trainings one. */
export type TrainingContext = Pick<StepRun, 'step' | 'arguments' | 'execution' | 'jobName' | 'signal' | 'world'> & {
  /** The job is there, and its ARN. */
  readonly onCreated: (arn: string) => void
  /** Members that the description shows beside the request's: the ARN of a tuning job. */
  readonly extra?: Readonly<Record<string, unknown>>
  /** Sees every value of a metric when the log gives it. */
  readonly onMetric?: (name: string, value: number) => void
}

/** How a training ended: `description` is what DescribeTrainingJob answers. */
export interface TrainingEnd {
  readonly status: 'Completed' | 'Failed' | 'Stopped'
  readonly description: Readonly<Record<string, unknown>>
  readonly failureReason?: string
  readonly exceptionType?: ExceptionType
}

type Description = Record<string, unknown>
type Transition = {
  readonly Status: string
  readonly StartTime: string
  readonly StatusMessage: string
  readonly EndTime?: string
}

/**
 * Runs a training job as the service would: data staged to channels, container run, artifacts stored, metrics read.
 * Source: Developer Guide, "Use your own training algorithms".
 *
 * @throws CreateRefused when the service would not make the job.
 */
export async function runTrainingJob(context: TrainingContext): Promise<TrainingEnd> {
  const request = readRequest(trainingRequestSchema, context.arguments)
  const now = (): string => context.world.clock.now().toISOString()
  const arn = arnOf(context.execution.region, 'training-job', context.jobName)
  const metrics = metricReader(request, context)
  const transitions: Transition[] = []
  let description: Description = {
    RoleArn: context.execution.roleArn,
    ...sharedMembers(context.arguments, 'DescribeTrainingJobResponse'),
    ...context.extra,
    TrainingJobName: context.jobName,
    TrainingJobArn: arn,
    TrainingJobStatus: 'InProgress',
    StoppingCondition: { MaxRuntimeInSeconds: DEFAULT_MAX_RUNTIME_SECONDS, ...request.StoppingCondition },
    CreationTime: now(),
  }
  const record = (): JobRecord => ({
    kind: 'TrainingJob',
    name: context.jobName,
    executionArn: context.execution.arn,
    step: context.step.Name,
    description,
  })
  const enter = (status: string, message: string, changes: Description = {}): void => {
    const at = now()
    const last = transitions.pop()
    if (last !== undefined) transitions.push({ ...last, EndTime: at })
    transitions.push({ Status: status, StartTime: at, StatusMessage: message })
    description = {
      ...description,
      ...changes,
      SecondaryStatus: status,
      SecondaryStatusTransitions: [...transitions],
      LastModifiedTime: at,
    }
    context.world.jobs.note(record())
  }
  const finish = async (
    status: TrainingEnd['status'],
    secondary: string,
    message: string,
    changes: Description,
  ): Promise<void> => {
    const at = now()
    const started = description['TrainingStartTime']
    const seconds =
      typeof started === 'string' ? Math.max(0, Math.round((Date.parse(at) - Date.parse(started)) / 1000)) : undefined
    const times = seconds === undefined ? {} : { TrainingTimeInSeconds: seconds, BillableTimeInSeconds: seconds }
    const last = transitions.at(-1)
    enter(secondary, message, {
      TrainingJobStatus: status,
      TrainingEndTime: at,
      ...times,
      FinalMetricDataList: metrics.final(),
      ...changes,
    })
    // The end of a job is a moment, not a stretch: its transition is over at once.
    const end = transitions.pop()
    if (end !== undefined && last !== undefined) transitions.push({ ...end, EndTime: at })
    description = { ...description, SecondaryStatusTransitions: [...transitions] }
    await context.world.jobs.save(record())
  }

  enter('Starting', 'Preparing the instances for training')
  context.onCreated(arn)
  const onStop = (): void => enter('Stopping', 'Stopping the training job', { TrainingJobStatus: 'Stopping' })
  context.signal.addEventListener('abort', onStop, { once: true })
  let sandboxes: Sandbox[] = []
  try {
    enter('Downloading', 'Downloading input data')
    sandboxes = await prepare(context, request)
    enter('Training', 'Training image download completed. Training in progress.', { TrainingStartTime: now() })
    const end = await runFed(context, request, sandboxes, () =>
      runContainers(context, containerSpec(context, request, arn), sandboxes, metrics.onLine),
    )
    enter('Uploading', 'Uploading generated training model')
    await storeCheckpoints(context.world.store, request, sandboxes)
    return await conclude(end)
  } catch (error) {
    const { reason, exceptionType } = jobFault(error)
    await finish('Failed', 'Failed', reason, { FailureReason: reason.slice(0, MAX_FAILURE_REASON) })
    return {
      status: 'Failed',
      description,
      failureReason: reason,
      ...(exceptionType === undefined ? {} : { exceptionType }),
    }
  } finally {
    context.signal.removeEventListener('abort', onStop)
  }

  async function conclude(end: ContainerEnd): Promise<TrainingEnd> {
    const store = (model: boolean): Promise<Description> =>
      storeTrainingOutput(context.world.store, { request, jobName: context.jobName, sandboxes, model })
    if (end.why === 'exited' && end.code !== 0) {
      const reason = `AlgorithmError: ${await failureText(sandboxes)}, exit code: ${end.code}`.slice(
        0,
        MAX_FAILURE_REASON,
      )
      await store(false)
      await finish('Failed', 'Failed', 'Training job failed', { FailureReason: reason })
      return { status: 'Failed', description, failureReason: reason }
    }
    const artifacts = await store(true)
    if (end.why === 'exited') {
      await finish('Completed', 'Completed', 'Training job completed', artifacts)
      return { status: 'Completed', description }
    }
    const secondary = end.why === 'timeout' ? 'MaxRuntimeExceeded' : 'Stopped'
    await finish('Stopped', secondary, end.why === 'timeout' ? overtime : 'Training job stopped', artifacts)
    return { status: 'Stopped', description, ...(end.why === 'timeout' ? { failureReason: overtime } : {}) }
  }
}

const overtime = 'MaxRuntimeExceeded: Training job runtime exceeded MaxRuntimeInSeconds provided'

function metricReader(request: TrainingRequest, { world, onMetric }: TrainingContext): MetricReader {
  const { MetricDefinitions = [], TrainingImage } = request.AlgorithmSpecification
  try {
    return readMetrics([...MetricDefinitions, ...builtInMetrics(TrainingImage)], world.clock.now, onMetric)
  } catch (error) {
    throw new CreateRefused(`A regular expression of MetricDefinitions cannot be read: ${(error as Error).message}`)
  }
}

function containerSpec(
  context: TrainingContext,
  request: TrainingRequest,
  arn: string,
): Parameters<typeof runContainers>[1] {
  const { TrainingImage, ContainerEntrypoint, ContainerArguments } = request.AlgorithmSpecification
  return {
    image: TrainingImage,
    entrypoint: ContainerEntrypoint,
    arguments: ContainerArguments,
    defaultArguments: ['train'],
    environment: {
      AWS_REGION: context.execution.region,
      TRAINING_JOB_NAME: context.jobName,
      TRAINING_JOB_ARN: arn,
      ...request.Environment,
    },
    isNetworkIsolated: context.arguments['EnableNetworkIsolation'] === true,
    maxRuntimeSeconds: request.StoppingCondition?.MaxRuntimeInSeconds ?? DEFAULT_MAX_RUNTIME_SECONDS,
  }
}

async function prepare(context: TrainingContext, request: TrainingRequest): Promise<Sandbox[]> {
  const count = request.ResourceConfig.InstanceCount ?? 1
  const sandboxes = await createSandboxes(context.world.jobs.folder(context.jobName), count)
  const channels = request.InputDataConfig ?? []
  const inputDataConfig = Object.fromEntries(
    channels.map(channel => [
      channel.ChannelName,
      {
        ...(channel.ContentType === undefined ? {} : { ContentType: channel.ContentType }),
        TrainingInputMode: modeOf(channel.InputMode, request),
        S3DistributionType: channel.DataSource.S3DataSource?.S3DataDistributionType ?? 'FullyReplicated',
        RecordWrapperType: channel.RecordWrapperType ?? 'None',
      },
    ]),
  )
  for (const sandbox of sandboxes) {
    writeContract(sandbox, optMl.hyperparameters, request.HyperParameters ?? {})
    writeContract(sandbox, optMl.inputDataConfig, inputDataConfig)
    writeContract(sandbox, optMl.trainingResourceConfig, {
      current_host: sandbox.host,
      hosts: hostNames(count),
      network_interface_name: 'lo',
      ...(request.ResourceConfig.InstanceType === undefined
        ? {}
        : { current_instance_type: request.ResourceConfig.InstanceType }),
    })
    for (const folder of [optMl.model, optMl.outputData, 'input/data'])
      mkdirSync(insideFolder(sandbox.ml, folder), { recursive: true })
  }
  const staged = channels.map(async channel => {
    const source = channel.DataSource.S3DataSource
    if (source === undefined)
      throw new ClientFault(
        `Channel ${channel.ChannelName} has no S3DataSource — only S3 data can be read locally — give it an S3DataSource.`,
      )
    // It is streamed while the container runs.
    if (modeOf(channel.InputMode, request) === 'Pipe') return
    const folders = sandboxes.map(sandbox => channelFolder(sandbox, channel.ChannelName))
    await stageData(
      context.world.store,
      { uri: source.S3Uri, type: source.S3DataType, distribution: source.S3DataDistributionType },
      folders,
    )
  })
  await Promise.all([...staged, restoreCheckpoints(context.world.store, request, sandboxes)])
  return sandboxes
}

/** Runs the containers while channels of input mode Pipe are streamed and checkpoints are stored. */
async function runFed<T>(
  { world }: TrainingContext,
  request: TrainingRequest,
  sandboxes: readonly Sandbox[],
  containers: () => Promise<T>,
): Promise<T> {
  const open: OpenPipe[] = []
  const stopSync = syncCheckpoints(world.store, request, sandboxes)
  try {
    for (const channel of request.InputDataConfig ?? []) {
      const source = channel.DataSource.S3DataSource
      if (source === undefined || modeOf(channel.InputMode, request) !== 'Pipe') continue
      const isAugmented = source.S3DataType === 'AugmentedManifestFile'
      if (isAugmented && (channel.RecordWrapperType !== 'RecordIO' || source.AttributeNames === undefined))
        throw new ClientFault(
          `Channel ${channel.ChannelName} is an AugmentedManifestFile — it needs RecordWrapperType RecordIO and AttributeNames — give them.`,
        )
      const listed = {
        uri: source.S3Uri,
        type: isAugmented ? 'S3Prefix' : source.S3DataType,
        distribution: source.S3DataDistributionType,
      }
      const files = await listData(world.store, listed)
      for (const [host, sandbox] of sandboxes.entries()) {
        const share = shareOf(files, listed, host, sandboxes.length)
        open.push(
          await openPipe(world.store, channelFolder(sandbox, channel.ChannelName), {
            files: share,
            isRecordIo: channel.RecordWrapperType === 'RecordIO',
            isGzip: channel.CompressionType === 'Gzip',
            ...(isAugmented && { attributes: source.AttributeNames }),
          }),
        )
      }
    }
    return await containers()
  } finally {
    await stopSync()
    await Promise.all(open.map(pipe => pipe.close()))
  }
}

const modeOf = (channelMode: string | undefined, request: TrainingRequest): string =>
  channelMode ?? request.AlgorithmSpecification.TrainingInputMode ?? 'File'

function channelFolder(sandbox: Sandbox, channel: string): string {
  try {
    return insideFolder(sandbox.ml, optMl.channel(channel))
  } catch (error) {
    if (error instanceof PathLeavesFolder)
      throw new ClientFault(`The channel name ${JSON.stringify(channel)} leaves its folder`)
    throw error
  }
}

const longestFailure = 1024

/** What the container wrote to `/opt/ml/output/failure`: of the first host that wrote it the first 1024 characters. */
async function failureText(sandboxes: readonly Sandbox[]): Promise<string> {
  for (const sandbox of sandboxes) {
    try {
      const text = await readFile(insideFolder(sandbox.ml, optMl.failure), 'utf8')
      if (text.trim() !== '') return text.trim().slice(0, longestFailure)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return 'See job logs for more information'
}
