import type { Command } from './process-group.ts'

/** What a container would be told, in the container's own paths. */
export interface ContainerCommand {
  /** ENTRYPOINT and CMD, never empty. */
  readonly command: readonly string[]
  /** The job's own variables and the platform's, with `/opt/ml` paths. */
  readonly environment: Readonly<Record<string, string>>
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

/** A command that cannot be run by the runtime: the job fails with this text. */
export class RuntimeRefusal extends Error {
  override readonly name = 'RuntimeRefusal'
}

/** A way to run what an image holds. */
export interface Runtime {
  /** The process that does on this machine what the command does in the container. */
  prepare(container: ContainerCommand, place: ContainerPlace): Command | Promise<Command>
}
