/** How bad a problem is: an `error` stops an upsert, a `warning` and an `info` do not. */
export type Severity = 'error' | 'warning' | 'info'

/**
 * A finding about a document or an input: data, never thrown.
 *
 * The message is one sentence in the form *where — what is wrong, with the value — what would be right — what to do*.
 */
export interface Problem {
  /** Stable code of the catalogue, such as `FW2007`. */
  code: string
  severity: Severity
  /** Place in the document, such as `Steps[3].Arguments.RoleArn`; empty for the document itself. */
  path: string
  message: string
  /** What to do, when the message does not already say it. */
  hint?: string | undefined
  /** Why the user has decided to live with it; the severity is `info` then. */
  allowed?: string | undefined
  /** `file:line` of the user's code that made the thing, when known. */
  at?: string | undefined
}

/** Tells for the name of a step the `file:line` of the user's code that made it, when known. */
export type Origins = Pick<ReadonlyMap<string, string>, 'get'>

/**
 * A mistake of the user: one clear sentence, no stack trace.
 *
 * Whoever catches it at the door prints `message` and exits with `exitCode` (1 the work failed, 2 wrong usage).
 */
export class UserError extends Error {
  override readonly name = 'UserError'
  readonly exitCode: 1 | 2
  readonly problems: readonly Problem[]

  constructor(message: string, options: { exitCode?: 1 | 2; cause?: unknown; problems?: readonly Problem[] } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.exitCode = options.exitCode ?? 1
    this.problems = options.problems ?? []
  }
}

/** True for a {@link UserError}, also one made by another copy of this module. */
export function isUserError(error: unknown): error is UserError {
  return error instanceof Error && error.name === 'UserError'
}
