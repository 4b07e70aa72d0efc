import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { unpackTar } from 'modern-tar/fs'
import type { ObjectStore } from '../contract.ts'
import { BIND_HOST_VARIABLE } from '../../schemas/containers.ts'
import { optMl } from '../../schemas/opt-ml.ts'
import { type ContainerEnd, runContainers } from './container-job.ts'
import type { StepRun } from './job-runner.ts'
import { parseS3Uri } from './s3-uri.ts'
import { createSandboxes } from './sandbox.ts'
import { ClientFault } from './step-fault.ts'

/** A container that serves a model on this machine: `GET /ping`, `POST /invocations`. */
export interface ModelServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** Resolves when the container has ended by itself or was stopped. */
  readonly ended: Promise<ContainerEnd>
  stop(): Promise<void>
}

/** The part of CreateModel's container that serving needs. */
export interface ModelContainer {
  readonly Image: string
  readonly ModelDataUrl?: string | undefined
  readonly Environment?: Readonly<Record<string, string>> | undefined
}

/** Source: Developer Guide, "Use Your Own Inference Code with Batch Transform": the container has 30 minutes here to get healthy. */
const startMilliseconds = 30 * 60 * 1000
const pingPauseMilliseconds = 25

/**
 * Starts a model's container with the argument `serve` and waits until `/ping` answers 200.
 *
 * The container learns its port from `SAGEMAKER_BIND_TO_PORT`, the service's variable for it: on one machine there is only one 8080.
 *
 * @throws ClientFault when the container ends or does not get healthy.
 */
export async function startModelServer(
  run: Pick<StepRun, 'jobName' | 'signal' | 'world'>,
  container: ModelContainer,
  environment: Readonly<Record<string, string>>,
): Promise<ModelServer> {
  const [sandbox] = await createSandboxes(run.world.jobs.folder(run.jobName), 1)
  if (sandbox === undefined) throw new Error('A sandbox is missing')
  await unpackModel(run.world.store, container.ModelDataUrl, join(sandbox.ml, optMl.model))
  const port = await freePort()
  const stopping = new AbortController()
  // A server has nothing to save: it gets the short grace.
  const world = { ...run.world, closing: AbortSignal.any([run.world.closing, stopping.signal]) }
  const signal = AbortSignal.any([run.signal, stopping.signal])
  const ended = runContainers(
    { jobName: run.jobName, signal, world },
    {
      image: container.Image,
      defaultArguments: ['serve'],
      environment: {
        ...container.Environment,
        ...environment,
        [BIND_HOST_VARIABLE]: '127.0.0.1',
        SAGEMAKER_BIND_TO_PORT: String(port),
      },
      maxRuntimeSeconds: 28 * 24 * 3600,
    },
    [sandbox],
  )
  const url = `http://127.0.0.1:${port}`
  const server: ModelServer = {
    url,
    ended,
    stop: async () => {
      stopping.abort()
      await ended
    },
  }
  const end = await Promise.race([ended, healthy(url, signal)]).catch((error: unknown) => {
    // Nothing was started: nobody goes on asking for it.
    stopping.abort()
    throw error
  })
  if (end === 'healthy') return server
  await server.stop()
  throw new ClientFault(
    end === undefined || end.why !== 'exited'
      ? `The model container did not answer GET /ping with 200 on the port of SAGEMAKER_BIND_TO_PORT`
      : `The model container ended with exit code ${end.code} before it answered GET /ping`,
  )
}

/** `healthy`, or undefined when it took too long or was stopped. */
async function healthy(url: string, signal: AbortSignal): Promise<'healthy' | undefined> {
  const until = Date.now() + startMilliseconds
  while (Date.now() < until && !signal.aborted) {
    // Nobody listens yet, as long as the connection is refused.
    const response = await fetch(`${url}/ping`, { signal }).catch(() => undefined)
    await response?.body?.cancel()
    if (response?.status === 200) return 'healthy'
    await new Promise(resolve => setTimeout(resolve, pingPauseMilliseconds))
  }
  return undefined
}

async function unpackModel(store: ObjectStore, uri: string | undefined, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  if (uri === undefined) return
  const place = parseS3Uri(uri)
  const object = place === undefined ? undefined : await store.get(place.bucket, place.key)
  if (object === undefined) throw new ClientFault(`The model artifact ${uri} does not exist`)
  try {
    await pipeline(object.body, createGunzip(), unpackTar(folder))
  } catch (cause) {
    throw new ClientFault(
      `The model artifact ${uri} cannot be unpacked: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
}

/** A port that nobody listens on now. Another program may take it before the container does; then the container says so. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
