import type { Readable } from 'node:stream'
import type { Command } from './process-group.ts'

/** What a container would be told, in the container's own paths. */
export interface ContainerCommand {
  /** The image as the request names it. */
  readonly image: string
  /** Unique among what runs: the job's name, and the host's when there are several. */
  readonly name: string
  /** The request's own entrypoint, which replaces the image's. */
  readonly entrypoint?: readonly string[]
  /** What follows the entrypoint: the request's arguments, or what the platform passes (`train`, `serve`). */
  readonly arguments: readonly string[]
  /** The job's own variables and the platform's, with `/opt/ml` paths. */
  readonly environment: Readonly<Record<string, string>>
  /** No network at all, as with EnableNetworkIsolation. */
  readonly isNetworkIsolated: boolean
  /** The entrypoint that the image mapping names for the image. */
  readonly imageEntrypoint?: readonly string[]
}

/** Where the container's file system lies on this machine. */
export interface ContainerPlace {
  /** Stands for `/opt/ml`. */
  readonly ml: string
  /** Stands for the home directory, and is the working directory. */
  readonly home: string
  /** Stands for `/tmp`. */
  readonly temporary: string
  /** Stands for the image's program folder. @default none */
  readonly programs?: { readonly root: string; readonly folder: string }
}

/** What a runtime may use beside the sandbox. */
export interface RuntimeTools {
  /** A folder of the runtime's own that outlives the job, such as for virtual environments. */
  readonly caches: string
  /** The content of an object; undefined when there is none. */
  readonly readObject: (uri: string) => Promise<Readable | undefined>
  /** Aborted when the job is stopped. */
  readonly signal: AbortSignal
}

/** A command that cannot be run by the runtime: the job fails with this text. */
export class RuntimeRefusal extends Error {
  override readonly name = 'RuntimeRefusal'
}

/** A way to run what an image holds. */
export interface Runtime {
  /**
   * The process that does on this machine what the command does in the container.
   *
   * @throws RuntimeRefusal with one sentence when it cannot be done.
   */
  prepare(container: ContainerCommand, place: ContainerPlace, tools: RuntimeTools): Command | Promise<Command>
}

/**
 * The whole command: the request's entrypoint or the image's, and what follows it.
 *
 * @throws RuntimeRefusal when there is neither.
 */
export function wholeCommand(container: ContainerCommand): readonly [string, ...string[]] {
  const [program, ...rest] = [...(container.entrypoint ?? container.imageEntrypoint ?? []), ...container.arguments]
  if (program === undefined) {
    throw new RuntimeRefusal(
      `The image ${JSON.stringify(container.image)} has no entrypoint of its own — the request must name one — set ContainerEntrypoint.`,
    )
  }
  return [program, ...rest]
}
