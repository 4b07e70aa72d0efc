import { InvalidArgumentError } from 'commander'

/** One flag of a command: its words, its help and how its text becomes a value. */
export interface Flag<T> {
  /** As commander writes flags: `-p, --parameter <Name=Value>`. */
  readonly words: string
  readonly help: string
  /** Reads the text; gets what earlier uses of the flag gave. Without it the value is the text, or true. */
  parse?(this: void, text: string, previous: T | undefined): T
}

export type Flags = Readonly<Record<string, Flag<unknown>>>

/** What the flags of a command give; a flag that was not used is undefined. */
export type FlagValues<F extends Flags> = {
  readonly [K in keyof F]: F[K] extends Flag<infer T> ? T | undefined : never
}

/** A flag without a value. */
export const toggle = (words: string, help: string): Flag<boolean> => ({ words, help })

/** A flag with a text that is not empty. */
export const text = (words: string, help: string): Flag<string> => ({
  words,
  help,
  parse: value => {
    if (value === '') throw new InvalidArgumentError('It must not be empty.')
    return value
  },
})

/** A flag with a whole number from `least` to `most`. */
export const wholeNumber = (words: string, help: string, least: number, most: number): Flag<number> => ({
  words,
  help,
  parse: value => {
    const number = Number(value)
    if (/^\d+$/.test(value) && number >= least && number <= most) return number
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
  },
})

/** A flag with one of the given words. */
export const choice = <T extends string>(words: string, help: string, choices: readonly T[]): Flag<T> => ({
  words,
  help: `${help}: ${choices.join(', ')}`,
  parse: value => {
    const found = choices.find(each => each === value)
    if (found === undefined) throw new InvalidArgumentError(`It must be one of ${choices.join(', ')}.`)
    return found
  },
})

/** A flag that is repeated with `Name=Value`; the value may be empty and may contain `=`. */
export const assignments = (words: string, help: string): Flag<Readonly<Record<string, string>>> => ({
  words,
  help,
  parse: (value, previous) => {
    const at = value.indexOf('=')
    if (at < 1) throw new InvalidArgumentError('It must have the form Name=Value.')
    const name = value.slice(0, at)
    if (previous !== undefined && Object.hasOwn(previous, name)) {
      throw new InvalidArgumentError(`"${name}" is given twice.`)
    }
    return { ...previous, [name]: value.slice(at + 1) }
  },
})

/** Flags that several commands share, so that they read the same everywhere. */
export const shared = {
  state: text('--state <dir>', 'folder of the local SageMaker (default: .foldwise)'),
  local: toggle('--local', "use this machine's local SageMaker instead of AWS"),
  runtime: choice('--runtime <runtime>', 'run the images themselves, with docker or podman', ['container']),
  region: text('--region <region>', 'AWS region (default: as the AWS CLI finds it)'),
  profile: text('--profile <name>', 'profile of ~/.aws/config'),
  pipelineVersion: wholeNumber('--pipeline-version <n>', 'version of the pipeline (default: the newest)', 1, 1_000_000),
  allow: assignments('--allow <CODE=reason>', 'live with the problems of a code, and say why; repeat for more'),
  parameter: assignments('-p, --parameter <Name=Value>', 'start value of a pipeline parameter; repeat for more'),
} as const

/** The flags that choose between AWS and the local SageMaker. */
export const targetFlags = {
  local: shared.local,
  state: shared.state,
  region: shared.region,
  profile: shared.profile,
} as const
