import type { Flags, FlagValues } from './flags.ts'
import type { CommandResult, Host } from './host.ts'

/** A positional argument: `<file>` is required, `[file]` is not. */
export interface Positional {
  readonly words: string
  readonly help: string
}

/** One verb of the command line. */
export interface Command<F extends Flags = Flags> {
  readonly positionals: readonly Positional[]
  readonly flags: F
  /** Lines for the end of `--help`. */
  readonly examples: readonly string[]
  /**
   * Does the work and returns data; a command that goes on for long prints through the host meanwhile.
   *
   * @param positionals What was given, undefined for an optional one that was not.
   */
  readonly run: (
    positionals: readonly (string | undefined)[],
    flags: FlagValues<F>,
    host: Host,
  ) => Promise<CommandResult | undefined>
}

/** A command whose flags are not known by type, for the door that reads them from its table. */
export interface AnyCommand extends Omit<Command, 'run'> {
  run(positionals: readonly (string | undefined)[], flags: never, host: Host): Promise<CommandResult | undefined>
}

/** Keeps the types of the flags together with the function that uses them. */
export const defineCommand = <const F extends Flags>(command: Command<F>): Command<F> => command
