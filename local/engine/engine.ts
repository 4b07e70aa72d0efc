import { setMaxListeners } from 'node:events'
import { readdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { ObjectStore } from '../contract.ts'
import { processesFile } from '../jobs/container-job.ts'
import { type JobBook, openJobBook } from '../jobs/job-book.ts'
import type { JobWorld, LocalFunction } from '../jobs/job-runner.ts'
import { type CallbackBook, openCallbackBook } from '../jobs/callback-book.ts'
import { createEndpointHost, type EndpointHost } from '../jobs/endpoint-host.ts'
import { openRegistry, type Registry } from '../registry/registry.ts'
import { openResourceBook, type ResourceBook } from '../registry/resource-book.ts'
import { foldwiseImages, type ImageMapping, pythonImages } from '../runtimes/images.ts'
import type { Runtime } from '../runtimes/runtime.ts'
import { runtimes } from '../runtimes/runtimes.ts'
import { killLeftover, type ProcessMark, type Spawn } from '../runtimes/process-group.ts'
import { type Clock, systemClock } from './clock.ts'
import { readIfThere } from './durable-file.ts'
import { type EventLog, openEventLog } from './event-log.ts'
import { type ExecutionBook, openExecutionBook } from './execution-book.ts'
import { createExperimentTracker, type ExperimentTracker } from './experiment-tracker.ts'
import { createJobSlots } from './job-slots.ts'
import { type Random, systemRandom } from './names.ts'
import { openPipelineBook, type PipelineBook } from './pipeline-book.ts'
import { lockState } from './state-lock.ts'
import { defaultSwitches, type Switches } from './switches.ts'
import { openTagBook, type TagBook } from './tag-book.ts'

export interface EngineOptions {
  readonly store: ObjectStore
  /** Everything but the objects lies below this folder. */
  readonly stateDir: string
  /**
   * Most jobs at once, over all executions.
   * @default the number of processors, for executions that give no MaxParallelExecutionSteps; those that do have their own limit only.
   */
  readonly maxParallelJobs?: number
  /** Images beyond Foldwise's own; they are looked up first. */
  readonly images?: readonly ImageMapping[]
  /** Folder of Foldwise's bundled container programs. @default beside the built bundle */
  readonly containersDir?: string
  /** What Lambda steps call, by the function's ARN or name. @default none */
  readonly functions?: Readonly<Record<string, LocalFunction>>
  readonly switches?: Partial<Switches>
  /** Ways to run an image beyond the built-in ones, by the name that image mappings use. @default none */
  readonly runtimes?: Readonly<Record<string, Runtime>>
  /** `container` runs every image itself, with docker or podman, instead of a stand-in. @default stand-ins */
  readonly runtime?: 'container'
  /**
   * Only looks at the folder, also while another engine works in it: nothing is taken up, ended or closed. What changes
   * something must not be called.
   * @default false
   */
  readonly readOnly?: boolean
  readonly clock?: Clock
  readonly random?: Random
  readonly spawn?: Spawn
}

/** SageMaker on this machine, without HTTP: what operations work on. */
export interface Engine {
  readonly pipelines: PipelineBook
  readonly executions: ExecutionBook
  readonly jobs: JobBook
  readonly registry: Registry
  readonly callbacks: CallbackBook
  readonly resources: ResourceBook
  readonly endpoints: EndpointHost
  readonly experiments: ExperimentTracker
  readonly events: EventLog
  readonly tags: TagBook
  readonly store: ObjectStore
  readonly clock: Clock
  readonly random: Random
  /** Stops what runs (children get SIGTERM, and SIGKILL after two seconds) and leaves a consistent state. */
  close(): Promise<void>
}

/**
 * Opens a state folder and goes on with what an engine that died left unfinished.
 *
 * @throws UserError when another process has the folder.
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { store, stateDir, clock = systemClock, random = systemRandom, readOnly = false } = options
  const unlock = readOnly ? async () => {} : await lockState(stateDir)
  try {
    const closing = new AbortController()
    // Every running job listens.
    setMaxListeners(0, closing.signal)
    const jobs = openJobBook(join(stateDir, 'jobs'))
    const registry = await openRegistry(join(stateDir, 'registry'))
    const callbacks = openCallbackBook(join(stateDir, 'queues'))
    const resources = openResourceBook(join(stateDir, 'resources'))
    const endpoints = createEndpointHost(() => world, random)
    const world: JobWorld = {
      store,
      clock,
      random,
      spawn: options.spawn,
      images:
        options.runtime === 'container'
          ? [{ matches: () => true, runtime: 'container' }]
          : [...(options.images ?? []), ...foldwiseImages(options.containersDir), ...pythonImages()],
      runtimes: { ...runtimes, ...options.runtimes },
      caches: join(stateDir, 'caches'),
      jobs,
      registry,
      callbacks,
      resources,
      endpoints,
      functions: new Map(Object.entries(options.functions ?? {})),
      switches: { ...defaultSwitches, ...options.switches },
      closing: closing.signal,
    }
    if (!readOnly) await endLeftovers(join(stateDir, 'jobs'))
    const slots = createJobSlots(options.maxParallelJobs ?? availableParallelism())
    const warn = (error: unknown): void => process.emitWarning(error instanceof Error ? error.message : String(error))
    const events = openEventLog(join(stateDir, 'events.jsonl'), warn)
    const experiments = createExperimentTracker({ jobs, resources }, warn)
    const executions = await openExecutionBook(
      join(stateDir, 'executions'),
      world,
      record => (options.maxParallelJobs === undefined && record.maxParallelSteps !== undefined ? undefined : slots),
      [events.see, experiments.see],
      readOnly ? 'leave' : undefined,
    )
    let closed: Promise<void> | undefined
    return {
      pipelines: await openPipelineBook(join(stateDir, 'pipelines')),
      executions,
      jobs,
      registry,
      callbacks,
      resources,
      endpoints,
      experiments,
      events,
      tags: await openTagBook(join(stateDir, 'tags.json')),
      store,
      clock,
      random,
      close: () => {
        closed ??= (async () => {
          closing.abort()
          await Promise.all([executions.close(), endpoints.close()])
          await Promise.all([events.settled(), experiments.settled()])
          await unlock()
        })()
        return closed
      },
    }
  } catch (error) {
    await unlock()
    throw error
  }
}

/** Ends processes that outlived an engine that was killed: their steps run again, and two of them would write the same files. */
async function endLeftovers(jobsFolder: string): Promise<void> {
  let names: string[]
  try {
    names = await readdir(jobsFolder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  for (const name of names) {
    const text = await readIfThere(join(jobsFolder, name, processesFile))
    if (text === undefined) continue
    for (const mark of parseMarks(text)) killLeftover(mark)
  }
}

/** A file that was cut when the process died names nobody. */
function parseMarks(text: string): readonly ProcessMark[] {
  try {
    return JSON.parse(text) as ProcessMark[]
  } catch {
    return []
  }
}
