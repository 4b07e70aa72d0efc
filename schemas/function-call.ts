/**
 * How the arguments of a function step travel to its container: the literal part as JSON in chunks of container
 * arguments, each expression as an environment variable of its own, because only the service knows its value.
 */

/** What is known of a value before the pipeline runs. */
export type CallValueType = 'String' | 'Integer' | 'Float' | 'Boolean' | 'unknown'

/** Stands in the JSON for the environment variable of this index. */
interface Hole {
  readonly $: readonly [index: number, type: CallValueType]
}

/** Begins each chunk, so that no chunk looks like a path or like another option. */
const option = '--json='

/** Longest container argument, and their greatest number (CreateProcessingJob, ContainerArguments). */
const MAX_ARGUMENT_CHARACTERS = 256
export const MAX_CHUNKS = 100

/** Characters of JSON that a job has room for. */
export const CALL_CAPACITY = MAX_CHUNKS * (MAX_ARGUMENT_CHARACTERS - option.length)

export const valueVariable = (index: number): string => `FOLDWISE_VALUE_${index}`

export const makeHole = (index: number, type: CallValueType): Hole => ({ $: [index, type] })

/** A member name of the user's, kept apart from a hole's. */
export const escapeMember = (name: string): string => (name.startsWith('$') ? `$${name}` : name)

/**
 * The JSON in container arguments. All of it is ASCII: the service's pattern takes no line ends, and a chunk must not cut
 * a character in two.
 */
export function encodeCall(call: readonly unknown[]): string[] {
  const text = JSON.stringify(call).replace(
    /[^ -~]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  const room = MAX_ARGUMENT_CHARACTERS - option.length
  return Array.from(
    { length: Math.ceil(text.length / room) },
    (_, chunk) => `${option}${text.slice(chunk * room, (chunk + 1) * room)}`,
  )
}

/**
 * The arguments again, holes filled.
 *
 * @throws Error with one sentence for what {@link encodeCall} did not write
 */
export function decodeCall(
  containerArguments: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): unknown[] {
  const stranger = containerArguments.find(each => !each.startsWith(option))
  if (stranger !== undefined) {
    throw new Error(`The container argument ${JSON.stringify(stranger)} is unknown — give only ${option}… chunks.`)
  }
  const text = containerArguments.map(each => each.slice(option.length)).join('')
  let call: unknown
  try {
    call = JSON.parse(text)
  } catch (cause) {
    throw new Error(`The ${option} arguments are no JSON together — give all chunks, in order.`, { cause })
  }
  if (!Array.isArray(call)) throw new Error(`The ${option} arguments are no list — give the list of arguments.`)
  return call.map(each => fill(each, environment))
}

function fill(value: unknown, environment: Readonly<Record<string, string | undefined>>): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(each => fill(each, environment))
  const members = Object.entries(value)
  if (Object.hasOwn(value, '$')) {
    const [index, type] = (value as Hole).$
    const text = environment[valueVariable(index)]
    if (text === undefined) throw new Error(`The environment variable ${valueVariable(index)} is missing — set it.`)
    return readValue(text, type)
  }
  return Object.fromEntries(members.map(([name, child]) => [unescapeMember(name), fill(child, environment)]))
}

const unescapeMember = (name: string): string => (name.startsWith('$') ? name.slice(1) : name)

/** The service writes every value as text. What a JSON file held is a number or a boolean when its text is one. */
function readValue(text: string, type: CallValueType): unknown {
  switch (type) {
    case 'String':
      return text
    case 'Integer':
    case 'Float':
      return readNumber(text)
    case 'Boolean':
      return readBoolean(text) ?? text
    case 'unknown':
      return isPlainNumber(text) ? Number(text) : (readBoolean(text) ?? text)
    default:
      return type satisfies never
  }
}

function readNumber(text: string): number {
  const number = Number(text)
  if (text.trim() !== '' && Number.isFinite(number)) return number
  throw new Error(`The value ${JSON.stringify(text)} is no number — the reference must give one.`)
}

/** Python writes `True`, JSON `true`. */
const readBoolean = (text: string): boolean | undefined =>
  /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : undefined

/** As JSON spells numbers: `007` and `1.` are text. */
const isPlainNumber = (text: string): boolean => /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(text)
