import type { WriteStream } from 'node:tty'
import pc from 'picocolors'

/** Functions that colour a text, or return it as it is. */
export type Colors = ReturnType<typeof pc.createColors>

/** Where data goes (stdout) or talk goes (stderr). */
export interface Screen {
  readonly colors: Colors
  /** True for a terminal on which lines can be drawn again. */
  readonly live: boolean
  /** False when the locale cannot show more than ASCII. */
  readonly unicode: boolean
  /** Width in characters; 80 when it is not known. */
  columns(): number
  /** Height in lines; 24 when it is not known. */
  rows(): number
  write(text: string): void
}

/** What a command gives back: the same data for people and for programs. */
export interface CommandResult {
  /** Printed by `--json`. */
  readonly data?: unknown
  /** Printed otherwise, without the last line end. A result without it prints nothing, also with `--json`. */
  readonly text?: (colors: Colors) => string
  /** @default 0, or the signal's code after an interruption */
  readonly exitCode?: number | undefined
}

/** The only place that prints, and the only one that knows the terminal and the signals. */
export interface Host {
  /** Data: stdout. */
  readonly out: Screen
  /** Progress and remarks: stderr. */
  readonly err: Screen
  readonly json: boolean
  /** Aborted by Ctrl-C or SIGTERM; a command then stops what it started and returns. */
  readonly interrupted: AbortSignal
  /** A line on stderr. */
  note(text: string): void
  /** Prints a result as text or JSON. */
  print(result: CommandResult): void
}

/** Exit code of a process that this signal ended, as shells count. */
export const signalExitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

export interface HostOptions {
  readonly json: boolean
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** The host of this process. */
export function createHost({ json, environment = process.env }: HostOptions): Host {
  const out = createScreen(process.stdout, environment)
  const err = createScreen(process.stderr, environment)
  return {
    out,
    err,
    json,
    interrupted: listenForSignals(),
    note: text => err.write(`${text}\n`),
    print(result) {
      if (result.text === undefined) return
      const text = json ? JSON.stringify(result.data, null, 2) : result.text(out.colors)
      if (text !== '') out.write(`${text}\n`)
    },
  }
}

/** The types say that `isTTY` is always there; of a pipe it is not. */
type Stream = Omit<WriteStream, 'isTTY'> & { readonly isTTY?: boolean }

function createScreen(stream: Stream, environment: Readonly<Record<string, string | undefined>>): Screen {
  // A reader that leaves early (`| head`) is no error of ours.
  stream.on('error', error => {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
    process.exit()
  })
  const dumb = environment['TERM'] === 'dumb'
  const ci = isSet(environment['CI'])
  const coloured =
    !isSet(environment['NO_COLOR']) && (isSet(environment['FORCE_COLOR']) || (stream.isTTY === true && !dumb))
  return {
    colors: pc.createColors(coloured),
    live: stream.isTTY === true && !dumb && !ci,
    unicode: /utf-?8/i.test(environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || 'UTF-8'),
    columns: () => stream.columns || 80,
    rows: () => stream.rows || 24,
    write: text => void stream.write(text),
  }
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '' && value !== '0'

/** The first signal asks the command to stop what it started; a second one ends the process at once. */
function listenForSignals(): AbortSignal {
  const controller = new AbortController()
  for (const signal of Object.keys(signalExitCodes) as (keyof typeof signalExitCodes)[]) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(signalExitCodes[signal])
      controller.abort(signal)
    })
  }
  return controller.signal
}
