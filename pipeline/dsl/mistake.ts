import { UserError } from '../../schemas/problem.ts'
import { captureOrigin, formatOrigin } from './origin.ts'

/**
 * A user's mistake in a pipeline program, with the line that made it.
 *
 * @param sentence *where — what is wrong, with the value — what would be right — what to do*
 */
export function mistake(sentence: string, at = captureOrigin()): UserError {
  return new UserError(at === undefined ? sentence : `${sentence} (${formatOrigin(at)})`, { exitCode: 1 })
}

/** A value as it looks in code, cut to a readable length. */
export function show(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? quote(value) : String(value)
  if (Array.isArray(value)) return `a list of ${value.length}`
  return 'an object'
}

const quote = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text)
