import { join, resolve } from 'node:path'
import { createEngine } from './engine/engine.ts'
import type { Switches } from './engine/switches.ts'
import { startServer } from './http/server.ts'
import { createOperations } from './operations/index.ts'
import type { LocalFunction } from './jobs/job-runner.ts'
import type { ImageMapping } from './runtimes/images.ts'
import type { Runtime } from './runtimes/runtime.ts'
import { createFolderStore } from './storage/folder-store.ts'

export interface LocalSageMakerOptions {
  /** Folder of everything that is kept: objects, pipelines, executions, jobs, registry. Made when it is missing. */
  readonly stateDir: string
  /** @default 0: any free port */
  readonly port?: number
  /** Jobs that run at the same time, over all executions. @default what the engine finds fit for the machine */
  readonly maxParallelJobs?: number
  /** Folder of the bundled container programs. @default where this package has them */
  readonly containersDir?: string
  /** Stand-ins for images that are not Foldwise's own; earlier entries win. @default none */
  readonly images?: readonly ImageMapping[]
  /** What Lambda steps call, by the function's ARN or name. @default none */
  readonly functions?: Readonly<Record<string, LocalFunction>>
  /** Behaviour of the service that no source settles. @default as `local/SPEC.md` says */
  readonly switches?: Partial<Switches>
  /** Ways to run an image beyond the built-in ones, by the name that image mappings use. @default none */
  readonly runtimes?: Readonly<Record<string, Runtime>>
  /** `container` runs every image itself, with docker or podman, instead of a stand-in. @default stand-ins */
  readonly runtime?: 'container'
  /**
   * Only answers questions about the folder, also while another local SageMaker works in it: interrupted executions are
   * not taken up, and operations that change something are unknown.
   * @default false
   */
  readonly readOnly?: boolean
  /** Takes a line about a defect of ours. @default writes to stderr */
  readonly log?: (line: string) => void
}

/** A SageMaker and an S3 on this machine, for as long as it is open. */
export interface LocalSageMaker {
  /** `http://127.0.0.1:<port>`, for both services. */
  readonly endpoint: string
  readonly port: number
  /** Stops the server, then the engine with the jobs that still run. */
  close(): Promise<void>
}

/**
 * Starts the local SageMaker: the engine on `stateDir` behind the SageMaker API and S3 on one loopback port.
 *
 * @throws UserError when the port is taken or the folder cannot be written
 */
export async function startLocalSageMaker(options: LocalSageMakerOptions): Promise<LocalSageMaker> {
  const { port, log, ...engineOptions } = options
  // Jobs run in folders of their own, where a relative path would mean something else.
  const stateDir = resolve(options.stateDir)
  const store = await createFolderStore(join(stateDir, 's3'))
  const engine = await createEngine({ ...engineOptions, stateDir, store })
  const server = await startServer({
    store,
    operations: createOperations(engine, options),
    endpoints: engine.endpoints,
    queues: engine.callbacks.queues,
    ...(port !== undefined && { port }),
    ...(log !== undefined && { log }),
  }).catch(async (error: unknown) => {
    await engine.close()
    throw error
  })
  return {
    endpoint: `http://127.0.0.1:${server.port}`,
    port: server.port,
    async close() {
      await server.close()
      await engine.close()
    },
  }
}
