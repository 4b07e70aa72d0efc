import { createReadStream } from 'node:fs'
import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import * as z from 'zod'
import type { StepOf } from '../../schemas/definition.ts'
import { arnOf } from '../engine/names.ts'
import { type DataProcessing, processBatch, readDataProcessing } from './data-processing.ts'
import { failedStep, jobFault, MAX_FAILURE_REASON, refusedStep } from './job-end.ts'
import type { AttemptResult, JobRunner, StepRun } from './job-runner.ts'
import { modelContainer } from './model-container.ts'
import { type ModelContainer, type ModelServer, startModelServer } from './model-server.ts'
import { type Batching, payloadBatches } from './payload-batches.ts'
import { environmentSchema, readRequest, sharedMembers } from './request.ts'
import { joinS3Uri, parseS3Uri } from './s3-uri.ts'
import { stageData } from './stage-data.ts'
import { ClientFault, CreateRefused } from './step-fault.ts'
import { filesBelow, type FoundFile } from './upload-folder.ts'

/** What the local run reads of CreateTransformJob. */
const requestSchema = z.looseObject({
  ModelName: z.string(),
  BatchStrategy: z.enum(['MultiRecord', 'SingleRecord']).optional(),
  MaxPayloadInMB: z.number().min(0).optional(),
  Environment: environmentSchema,
  TransformInput: z.looseObject({
    ContentType: z.string().optional(),
    SplitType: z
      .enum(['None', 'Line'], { message: 'SplitType RecordIO and TFRecord are not run locally yet' })
      .optional(),
    CompressionType: z.enum(['None', 'Gzip']).optional(),
    DataSource: z.looseObject({ S3DataSource: z.looseObject({ S3DataType: z.string(), S3Uri: z.string() }) }),
  }),
  TransformOutput: z.looseObject({
    S3OutputPath: z.string().startsWith('s3://'),
    Accept: z.string().optional(),
    AssembleWith: z.enum(['None', 'Line']).optional(),
  }),
  DataProcessing: z
    .looseObject({
      InputFilter: z.string().optional(),
      OutputFilter: z.string().optional(),
      JoinSource: z.enum(['None', 'Input']).optional(),
    })
    .optional(),
})

type Request = z.infer<typeof requestSchema>

interface TransformJob {
  readonly request: Request
  readonly processing: DataProcessing | undefined
  readonly server: ModelServer
}

/** Source: API reference, CreateTransformJob. */
const defaultPayloadMegabytes = 6

/** A batch transform: the model's container answers the input's records; one output object per input object, with `.out`. */
export const transformRunner: JobRunner<StepOf<'Transform'>> = {
  takesJobSlot: true,
  evaluatesArguments: true,
  run: runTransform,
}

async function runTransform(run: StepRun<StepOf<'Transform'>>): Promise<AttemptResult> {
  let request: Request
  let container: ModelContainer
  let processing: DataProcessing | undefined
  try {
    request = readRequest(requestSchema, run.arguments)
    processing = readDataProcessing(request.DataProcessing)
    container = await modelContainer(run.world, request.ModelName)
  } catch (error) {
    if (error instanceof CreateRefused) return refusedStep(run, 'CreateTransformJob', error)
    throw error
  }
  const now = (): string => run.world.clock.now().toISOString()
  const arn = arnOf(run.execution.region, 'transform-job', run.jobName)
  const metadata = { TransformJob: { Arn: arn } }
  let description: Record<string, unknown> = {
    ...sharedMembers(run.arguments, 'DescribeTransformJobResponse'),
    TransformJobName: run.jobName,
    TransformJobArn: arn,
    TransformJobStatus: 'InProgress',
    CreationTime: now(),
  }
  const change = async (changes: Record<string, unknown>): Promise<void> => {
    description = { ...description, ...changes }
    await run.world.jobs.save({
      kind: 'TransformJob',
      name: run.jobName,
      executionArn: run.execution.arn,
      step: run.step.Name,
      description,
    })
  }
  await change({})
  run.executing(metadata)
  let server: ModelServer | undefined
  try {
    server = await startModelServer(run, container, { SAGEMAKER_BATCH: 'true', ...request.Environment })
    await change({ TransformStartTime: now() })
    await transformAll(run, { request, processing, server })
    await change({ TransformJobStatus: 'Completed', TransformEndTime: now() })
    return { status: 'Succeeded', metadata, properties: description }
  } catch (error) {
    if (run.signal.aborted) {
      await change({ TransformJobStatus: 'Stopped', TransformEndTime: now() })
      return { status: 'Stopped', metadata }
    }
    const { reason, exceptionType } = jobFault(error)
    await change({
      TransformJobStatus: 'Failed',
      FailureReason: reason.slice(0, MAX_FAILURE_REASON),
      TransformEndTime: now(),
    })
    return failedStep(reason, metadata, exceptionType)
  } finally {
    await server?.stop()
  }
}

/** Transforms every object; those that went well are stored also when another one fails. Source: API reference, TransformOutput. */
async function transformAll(run: StepRun, job: TransformJob): Promise<void> {
  const { request } = job
  const work = run.world.jobs.folder(run.jobName)
  const input = join(work, 'input')
  const { S3DataType, S3Uri } = request.TransformInput.DataSource.S3DataSource
  await stageData(run.world.store, { uri: S3Uri, type: S3DataType }, [input])
  const failures: string[] = []
  for (const found of await filesBelow(input)) {
    if (run.signal.aborted) throw new ClientFault('The transform job was stopped')
    try {
      await transformOne(run, job, found, join(work, 'output', `${found.path}.out`))
    } catch (error) {
      if (!(error instanceof ClientFault)) throw error
      failures.push(`${found.path}: ${error.message}`)
    }
  }
  if (failures.length > 0)
    throw new ClientFault(`${failures.length} of the input objects failed: ${failures.slice(0, 3).join('; ')}`)
}

async function transformOne(run: StepRun, job: TransformJob, found: FoundFile, output: string): Promise<void> {
  const { request, processing, server } = job
  const megabytes = request.MaxPayloadInMB ?? defaultPayloadMegabytes
  const batching: Batching = {
    split: request.TransformInput.SplitType ?? 'None',
    single: request.BatchStrategy === 'SingleRecord',
    limitBytes: megabytes === 0 ? Number.MAX_SAFE_INTEGER : megabytes * 1024 * 1024,
  }
  await mkdir(dirname(output), { recursive: true })
  await writeFile(output, '')
  const types = { contentType: request.TransformInput.ContentType, accept: request.TransformOutput.Accept }
  for await (const batch of payloadBatches(contentOf(request, found.file), batching)) {
    const processed = processing === undefined ? undefined : processBatch(processing, batch, types)
    const said = await invoke(request, server, processed?.body ?? batch)
    const answer = processed === undefined ? said : processed.finish(said)
    await appendFile(output, answer)
    if (request.TransformOutput.AssembleWith === 'Line' && answer.at(-1) !== 0x0a) await appendFile(output, '\n')
  }
  const uri = joinS3Uri(request.TransformOutput.S3OutputPath, `${found.path}.out`)
  const target = parseS3Uri(uri)
  if (target === undefined)
    throw new ClientFault(`Upload failed: ${JSON.stringify(uri)} is not an S3 URI such as s3://bucket/prefix`)
  await run.world.store.putFile(target.bucket, target.key, output)
}

/** The object's bytes, unpacked when they are compressed. */
async function* contentOf(request: Request, file: string): AsyncGenerator<Uint8Array> {
  const packed = createReadStream(file)
  try {
    yield* request.TransformInput.CompressionType === 'Gzip' ? pipeline(packed, createGunzip(), () => {}) : packed
  } catch (cause) {
    throw new ClientFault(`The object cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
}

async function invoke(request: Request, server: ModelServer, body: Buffer): Promise<Buffer> {
  const { ContentType } = request.TransformInput
  const { Accept } = request.TransformOutput
  const sent = fetch(`${server.url}/invocations`, {
    method: 'POST',
    headers: {
      ...(ContentType === undefined ? {} : { 'content-type': ContentType }),
      ...(Accept === undefined ? {} : { accept: Accept }),
    },
    body: new Uint8Array(body),
  }).catch((cause: unknown) => {
    throw new ClientFault('The model container did not answer', { cause })
  })
  const ended = server.ended.then(() => {
    throw new ClientFault('The model container ended while it was asked')
  })
  const response = await Promise.race([sent, ended])
  const answer = Buffer.from(await response.arrayBuffer())
  if (!response.ok)
    throw new ClientFault(`The model container answered ${response.status}: ${answer.toString('utf8').slice(0, 200)}`)
  return answer
}
