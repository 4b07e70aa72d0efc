import { createHash, randomInt } from 'node:crypto'

/** A whole number from 0 up to and without `bound`. */
export type Random = (bound: number) => number

/** The machine's own randomness. */
export const systemRandom: Random = bound => randomInt(bound)

/** The account that everything local belongs to. */
export const LOCAL_ACCOUNT = '000000000000'

const lowerAlphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'
const mixedAlphabet = `${lowerAlphabet}ABCDEFGHIJKLMNOPQRSTUVWXYZ`

function text(random: Random, length: number, alphabet: string): string {
  return Array.from({ length }, () => alphabet[random(alphabet.length)]).join('')
}

/** Twelve of `[a-z0-9]`, as the service makes them: `7pinimwddh3a`. */
export const executionId = (random: Random): string => text(random, 12, lowerAlphabet)

/**
 * The name of what a step creates: `pipelines-<execution id>-<step name cut to 20>-<10 alphanumerics>`; with a custom prefix
 * `<prefix>-<execution id>-<10 alphanumerics>`.
 *
 * The end is made from the attempt, not drawn: an attempt that a crash interrupted gets its name again, also when the
 * journal lost its last lines with the power, and so nothing exists twice.
 *
 * @param options.attempt What tells this attempt of the step from every other.
 * @param options.limit Longest name the service takes: 63, for tuning and AutoML jobs 32. The step name or the prefix gives way.
 */
export function jobName(options: {
  executionId: string
  step: string
  attempt: string
  prefix?: string | undefined
  limit?: number
}): string {
  const { executionId: id, step, attempt, prefix, limit = 63 } = options
  const digest = createHash('sha256').update(`${id}/${step}/${attempt}`).digest()
  const tail = Array.from(digest.subarray(0, 10), byte => mixedAlphabet[byte % mixedAlphabet.length]).join('')
  if (prefix !== undefined) return `${trimmed(prefix, limit - id.length - 12)}-${id}-${tail}`
  const head = limit < 54 ? id : `pipelines-${id}`
  const room = Math.min(20, limit - head.length - 12)
  const cut = trimmed(step.replaceAll('_', '-'), room)
  return [head, cut, tail].filter(part => part !== '').join('-')
}

/** A job name takes no underscore and no hyphen at an end or doubled by the cut. */
const trimmed = (name: string, length: number): string => name.slice(0, Math.max(0, length)).replace(/^-+|-+$/g, '')

/** `arn:aws:sagemaker:<region>:<account>:<resource>/<name>`. */
export const arnOf = (region: string, resource: string, name: string): string =>
  `arn:aws:sagemaker:${region}:${LOCAL_ACCOUNT}:${resource}/${name}`

/** What follows the resource type in an ARN: the name; a plain name stays as it is. */
export function nameInArn(nameOrArn: string, resource: string): string {
  const match = /^arn:[^:]+:sagemaker:[^:]*:[^:]*:([^/]+)\/(.+)$/.exec(nameOrArn)
  return match !== null && match[1] === resource ? (match[2] as string) : nameOrArn
}

/** The execution id at the end of an execution ARN. */
export const executionIdOf = (arn: string): string | undefined => /\/execution\/([a-z0-9]{12})$/.exec(arn)?.[1]
