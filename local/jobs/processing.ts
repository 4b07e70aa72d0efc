import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import type { StepOf } from '../../schemas/definition.ts'
import { optMl } from '../../schemas/opt-ml.ts'
import { arnOf } from '../engine/names.ts'
import { type ContainerEnd, runContainers } from './container-job.ts'
import { insideFolder, PathLeavesFolder } from './inside-folder.ts'
import { failedStep, jobFault, MAX_FAILURE_REASON, refusedStep } from './job-end.ts'
import type { JobRecord } from './job-book.ts'
import type { AttemptResult, JobRunner, StepRun } from './job-runner.ts'
import {
  commandSchema,
  DEFAULT_MAX_RUNTIME_SECONDS,
  environmentSchema,
  maxRuntimeSchema,
  readRequest,
  sharedMembers,
} from './request.ts'
import { loopbackHosts } from './loopback-hosts.ts'
import { createSandboxes, hostNames, type Sandbox, writeContract } from './sandbox.ts'
import { stageData } from './stage-data.ts'
import { ClientFault, CreateRefused } from './step-fault.ts'
import { uploadFolder } from './upload-folder.ts'

const processingRoot = '/opt/ml/processing/'

const localPath = z.string().startsWith(processingRoot, `LocalPath must begin with ${processingRoot}`)

/** What the local run reads of CreateProcessingJob. */
const requestSchema = z.looseObject({
  AppSpecification: z.looseObject({
    ImageUri: z.string(),
    ContainerEntrypoint: commandSchema,
    ContainerArguments: commandSchema,
  }),
  ProcessingResources: z.looseObject({ ClusterConfig: z.looseObject({ InstanceCount: z.int().min(1).max(100) }) }),
  Environment: environmentSchema,
  NetworkConfig: z.looseObject({ EnableNetworkIsolation: z.boolean().optional() }).nullish(),
  StoppingCondition: maxRuntimeSchema,
  ProcessingInputs: z
    .array(
      z.looseObject({
        InputName: z.string(),
        AppManaged: z.boolean().optional(),
        S3Input: z
          .looseObject({
            S3Uri: z.string(),
            LocalPath: localPath.optional(),
            S3DataType: z.string(),
            S3InputMode: z.string().optional(),
            S3DataDistributionType: z.string().optional(),
            S3CompressionType: z.string().optional(),
          })
          .optional(),
      }),
    )
    .max(10)
    .optional(),
  ProcessingOutputConfig: z
    .looseObject({
      KmsKeyId: z.string().optional(),
      Outputs: z
        .array(
          z.looseObject({
            OutputName: z.string(),
            AppManaged: z.boolean().optional(),
            S3Output: z
              .looseObject({ S3Uri: z.string(), LocalPath: localPath.optional(), S3UploadMode: z.string() })
              .optional(),
          }),
        )
        .max(10),
    })
    .optional(),
})

type Request = z.infer<typeof requestSchema>

/** The part of CreateProcessingJob that the local run reads. */
export type ProcessingRequest = Request

/** What a processing job does between the staging of its inputs and the storing of its outputs. */
export type ProcessingWork = (
  sandboxes: readonly Sandbox[],
  request: ProcessingRequest,
  arn: string,
) => Promise<ContainerEnd>

type Description = Record<string, unknown>

/** A processing job: inputs staged, container run, outputs stored. Source: Developer Guide, "Build your own processing container". */
export const processingRunner: JobRunner<StepOf<'Processing'>> = {
  takesJobSlot: true,
  evaluatesArguments: true,
  run: run =>
    runProcessingJob(run, async (sandboxes, request, arn) =>
      runContainers(run, containerSpec(run, request, arn, await loopbackHosts(sandboxes.length)), sandboxes),
    ),
}

/**
 * Runs a step's arguments as a processing job.
 *
 * @param work The container, or what does its work on this machine. A ClientFault of it fails the job.
 */
export async function runProcessingJob(run: StepRun, work: ProcessingWork): Promise<AttemptResult> {
  let request: Request
  try {
    request = readRequest(requestSchema, run.arguments)
  } catch (error) {
    if (error instanceof CreateRefused) return refusedStep(run, 'CreateProcessingJob', error)
    throw error
  }
  const now = (): string => run.world.clock.now().toISOString()
  const arn = arnOf(run.execution.region, 'processing-job', run.jobName)
  const metadata = { ProcessingJob: { Arn: arn } }
  let description: Description = {
    RoleArn: run.execution.roleArn,
    ...sharedMembers(run.arguments, 'DescribeProcessingJobResponse'),
    ProcessingJobName: run.jobName,
    ProcessingJobArn: arn,
    ProcessingJobStatus: 'InProgress',
    CreationTime: now(),
    LastModifiedTime: now(),
  }
  const record = (changes: Description): JobRecord => {
    description = { ...description, ...changes, LastModifiedTime: now() }
    return {
      kind: 'ProcessingJob',
      name: run.jobName,
      executionArn: run.execution.arn,
      step: run.step.Name,
      description,
    }
  }
  const enter = (changes: Description): void => run.world.jobs.note(record(changes))
  const finish = (changes: Description): Promise<void> => run.world.jobs.save(record(changes))
  const failed = async (reason: string): Promise<void> => {
    await finish({
      ProcessingJobStatus: 'Failed',
      FailureReason: reason.slice(0, MAX_FAILURE_REASON),
      ProcessingEndTime: now(),
    })
  }
  enter({})
  run.executing(metadata)
  const onStop = (): void => enter({ ProcessingJobStatus: 'Stopping' })
  run.signal.addEventListener('abort', onStop, { once: true })
  try {
    const sandboxes = await prepare(run, request, arn)
    enter({ ProcessingStartTime: now() })
    const end = await work(sandboxes, request, arn)
    const message = await exitMessage(sandboxes)
    if (message !== undefined) description = { ...description, ExitMessage: message }
    if (end.why !== 'exited') {
      const timedOut = end.why === 'timeout'
      await finish({
        ProcessingJobStatus: 'Stopped',
        ProcessingEndTime: now(),
        ...(timedOut ? { FailureReason: overtime } : {}),
      })
      return timedOut ? failedStep(overtime, metadata) : { status: 'Stopped', metadata }
    }
    if (end.code !== 0) {
      const reason = `AlgorithmError: ${message ?? 'See job logs for more information'}, exit code: ${end.code}`
      await failed(reason)
      return failedStep(reason, metadata)
    }
    await storeOutputs(run, request, sandboxes)
    await finish({ ProcessingJobStatus: 'Completed', ProcessingEndTime: now() })
    return { status: 'Succeeded', metadata, properties: description }
  } catch (error) {
    const { reason, exceptionType } = jobFault(error)
    await failed(reason)
    return failedStep(reason, metadata, exceptionType)
  } finally {
    run.signal.removeEventListener('abort', onStop)
  }
}

const overtime = 'The processing job was stopped because it exceeded MaxRuntimeInSeconds.'

function containerSpec(
  run: StepRun,
  request: Request,
  arn: string,
  hosts: Readonly<Record<string, string>>,
): Parameters<typeof runContainers>[1] {
  return {
    image: request.AppSpecification.ImageUri,
    entrypoint: request.AppSpecification.ContainerEntrypoint,
    arguments: request.AppSpecification.ContainerArguments,
    defaultArguments: [],
    environment: {
      AWS_REGION: run.execution.region,
      PROCESSING_JOB_NAME: run.jobName,
      PROCESSING_JOB_ARN: arn,
      ...hosts,
      ...request.Environment,
    },
    isNetworkIsolated: request.NetworkConfig?.EnableNetworkIsolation === true,
    maxRuntimeSeconds: request.StoppingCondition?.MaxRuntimeInSeconds ?? DEFAULT_MAX_RUNTIME_SECONDS,
  }
}

async function prepare(run: StepRun, request: Request, arn: string): Promise<Sandbox[]> {
  const count = request.ProcessingResources.ClusterConfig.InstanceCount
  const sandboxes = await createSandboxes(run.world.jobs.folder(run.jobName), count)
  const config = jobConfig(run, request, arn)
  for (const sandbox of sandboxes) {
    writeContract(sandbox, optMl.processingJobConfig, config)
    writeContract(sandbox, optMl.processingResourceConfig, { current_host: sandbox.host, hosts: hostNames(count) })
    const folders = outputsOf(request).map(output => placeOf(sandbox, output.LocalPath))
    for (const folder of [insideFolder(sandbox.ml, 'output'), ...folders]) mkdirSync(folder, { recursive: true })
  }
  const staged = (request.ProcessingInputs ?? []).map(async ({ InputName, S3Input, AppManaged }) => {
    if (AppManaged === true) return
    if (S3Input === undefined)
      throw new ClientFault(
        `Processing input ${InputName} has no S3Input — only S3 data can be read locally — give it an S3Input.`,
      )
    if (S3Input.S3InputMode === 'Pipe')
      throw new ClientFault(`S3InputMode Pipe of ${InputName} is not run locally yet — File is — use File.`)
    const source = { uri: S3Input.S3Uri, type: S3Input.S3DataType, distribution: S3Input.S3DataDistributionType }
    const folders = sandboxes.map(sandbox =>
      placeOf(sandbox, S3Input.LocalPath ?? `${processingRoot}input/${InputName}`),
    )
    await stageData(run.world.store, source, folders)
  })
  await Promise.all(staged)
  return sandboxes
}

/** `processingjobconfig.json`, in the container's own paths. */
function jobConfig(run: StepRun, request: Request, arn: string): object {
  return {
    ProcessingJobArn: arn,
    ProcessingJobName: run.jobName,
    AppSpecification: { ContainerEntrypoint: null, ContainerArguments: null, ...request.AppSpecification },
    Environment: request.Environment ?? null,
    ProcessingInputs: (request.ProcessingInputs ?? []).map(input => ({
      ...input,
      ...(input.S3Input === undefined
        ? {}
        : {
            S3Input: {
              S3DataDistributionType: 'FullyReplicated',
              S3InputMode: 'File',
              S3CompressionType: 'None',
              ...input.S3Input,
              S3DownloadMode: 'StartOfJob',
            },
          }),
    })),
    ProcessingOutputConfig: {
      KmsKeyId: null,
      ...request.ProcessingOutputConfig,
      Outputs: request.ProcessingOutputConfig?.Outputs ?? [],
    },
    ProcessingResources: request.ProcessingResources,
    RoleArn: run.arguments['RoleArn'] ?? run.execution.roleArn,
    StoppingCondition: {
      MaxRuntimeInSeconds: request.StoppingCondition?.MaxRuntimeInSeconds ?? DEFAULT_MAX_RUNTIME_SECONDS,
    },
  }
}

/** Outputs that the platform stores, with their place. */
function outputsOf(request: Request): { readonly LocalPath: string; readonly S3Uri: string }[] {
  return (request.ProcessingOutputConfig?.Outputs ?? []).flatMap(({ OutputName, S3Output, AppManaged }) => {
    if (AppManaged === true) return []
    if (S3Output === undefined)
      throw new ClientFault(
        `Processing output ${OutputName} has no S3Output — only S3 outputs are stored locally — give it an S3Output.`,
      )
    if (S3Output.LocalPath === undefined)
      throw new ClientFault(
        `Processing output ${OutputName} has no LocalPath — it needs one unless AppManaged is true — add it.`,
      )
    return [{ LocalPath: S3Output.LocalPath, S3Uri: S3Output.S3Uri }]
  })
}

async function storeOutputs(run: StepRun, request: Request, sandboxes: readonly Sandbox[]): Promise<void> {
  await Promise.all(
    outputsOf(request).flatMap(output =>
      sandboxes.map(sandbox => uploadFolder(run.world.store, placeOf(sandbox, output.LocalPath), output.S3Uri)),
    ),
  )
}

/** A path of the container, below `/opt/ml`, in the sandbox. */
export function placeOf(sandbox: Sandbox, path: string): string {
  try {
    return insideFolder(sandbox.ml, path.slice('/opt/ml/'.length))
  } catch (error) {
    if (error instanceof PathLeavesFolder)
      throw new ClientFault(`LocalPath ${JSON.stringify(path)} leaves ${processingRoot}`)
    throw error
  }
}

const longestMessage = 1024

/**
 * The first 1024 bytes of what the containers wrote to `/opt/ml/output/message`, one after the other.
 *
 * @throws ClientFault for what is not UTF-8.
 */
async function exitMessage(sandboxes: readonly Sandbox[]): Promise<string | undefined> {
  const found: Buffer[] = []
  for (const sandbox of sandboxes) {
    try {
      found.push(await readFile(insideFolder(sandbox.ml, optMl.exitMessage)))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  if (found.length === 0) return undefined
  try {
    // A character cut in half at the end is left out; anything else that is not UTF-8 is the container's fault.
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(found).subarray(0, longestMessage), {
      stream: true,
    })
  } catch {
    throw new ClientFault('The file /opt/ml/output/message is not UTF-8')
  }
}
