import type { Step } from '../../schemas/definition.ts'
import type { ObjectStore } from '../contract.ts'
import type { Clock } from '../engine/clock.ts'
import type { Scope } from '../engine/evaluate.ts'
import type { Random } from '../engine/names.ts'
import type { ExecutionStart, StepMetadata, StepResult } from '../engine/record.ts'
import type { Switches } from '../engine/switches.ts'
import type { Registry } from '../registry/registry.ts'
import type { ImageMapping } from '../runtimes/images.ts'
import type { Spawn } from '../runtimes/process-group.ts'
import type { Runtime } from '../runtimes/runtime.ts'
import type { ResourceBook } from '../registry/resource-book.ts'
import type { CallbackBook } from './callback-book.ts'
import type { EndpointHost } from './endpoint-host.ts'
import type { JobBook } from './job-book.ts'
import type { ExceptionType } from './step-fault.ts'

/** A function that Lambda steps call: a handler in this process, or a URL that takes the event by POST and answers in JSON. */
export type LocalFunction = string | ((event: Readonly<Record<string, unknown>>) => unknown)

/** What the steps of every execution share. */
export interface JobWorld {
  readonly store: ObjectStore
  readonly clock: Clock
  readonly random: Random
  readonly spawn: Spawn | undefined
  readonly images: readonly ImageMapping[]
  /** By the name that image mappings use. */
  readonly runtimes: Readonly<Record<string, Runtime>>
  /** Folder of what runtimes keep. */
  readonly caches: string
  readonly jobs: JobBook
  readonly registry: Registry
  readonly callbacks: CallbackBook
  /** Endpoints, experiments, lineage. */
  readonly resources: ResourceBook
  /** The containers of endpoints. */
  readonly endpoints: EndpointHost
  /** By ARN or by name. */
  readonly functions: ReadonlyMap<string, LocalFunction>
  readonly switches: Switches
  /** Aborted when the engine closes: what still runs gets a short grace only. */
  readonly closing: AbortSignal
}

/** One attempt of a step. */
export interface StepRun<S extends Step = Step> {
  readonly step: S
  /** The step's arguments with every expression evaluated; as they are for a runner that evaluates them itself. */
  readonly arguments: Readonly<Record<string, unknown>>
  readonly scope: Scope
  readonly execution: ExecutionStart & { readonly id: string }
  /** The name of the job or of the resource, should the step make one. */
  readonly jobName: string
  /** Aborted when the execution is being stopped. */
  readonly signal: AbortSignal
  /** Tells that the job is there; `metadata` names it. */
  readonly executing: (metadata: StepMetadata) => void
  /** A place among the engine's jobs, for a step that starts several; undefined once the execution is being stopped. */
  readonly takeJobSlot: () => Promise<(() => void) | undefined>
  readonly world: JobWorld
}

/** How an attempt ended. A failure that a retry policy may catch says by which name. */
export type AttemptResult = StepResult & { readonly exceptionType?: ExceptionType }

/** What the engine does for a step of one type. */
export interface JobRunner<S extends Step = Step> {
  /** True when the step keeps a processor busy: such steps share the engine's job slots. */
  readonly takesJobSlot: boolean
  /** False when the runner evaluates the step's expressions itself. */
  readonly evaluatesArguments: boolean
  readonly run: (run: StepRun<S>) => Promise<AttemptResult>
}
