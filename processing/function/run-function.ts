import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { decodeCall } from '../../schemas/function-call.ts'

interface FunctionRun {
  /** Module whose default export is the function. */
  readonly program: string
  readonly containerArguments: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly resultFile: string
}

/**
 * Calls the function with the arguments that its step gave and writes what it returns.
 *
 * @throws whatever the function throws, and an Error for a result that JSON cannot hold
 */
export async function runFunction({
  program,
  containerArguments,
  environment,
  resultFile,
}: FunctionRun): Promise<void> {
  const values = decodeCall(containerArguments, environment)
  const module = (await import(pathToFileURL(program).href)) as { readonly default?: unknown }
  if (typeof module.default !== 'function') {
    throw new Error(`${program} has no function as its default export — bundle it again.`)
  }
  const returned: unknown = await Reflect.apply(module.default, undefined, values)
  const text = `${renderResult(returned)}\n`
  await mkdir(dirname(resultFile), { recursive: true })
  // Whole or not at all: written beside its place, then renamed.
  await writeFile(`${resultFile}.partial`, text)
  await rename(`${resultFile}.partial`, resultFile)
}

/** `{"result": …}`, because a path into a property file needs a member to begin with. */
function renderResult(returned: unknown): string {
  checkJson(returned, 'result', [])
  return JSON.stringify({ result: returned ?? null })
}

/** JSON would turn NaN into null and drop functions without a word. */
function checkJson(value: unknown, place: string, above: readonly object[]): void {
  if (typeof value === 'number' && !Number.isFinite(value)) throw unfit(place, String(value))
  if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol') {
    throw unfit(place, `a ${typeof value}`)
  }
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return
  if (above.includes(value)) throw unfit(place, 'an object that contains itself')
  if (value instanceof Map || value instanceof Set) throw unfit(place, `a ${value.constructor.name}`)
  const around = [...above, value]
  for (const [key, child] of Object.entries(value)) {
    checkJson(child, Array.isArray(value) ? `${place}[${key}]` : `${place}.${key}`, around)
  }
}

const unfit = (place: string, what: string): Error =>
  new Error(
    `The function returned ${what} at ${place}, which JSON cannot hold — return text, finite numbers, true, false, null, lists and objects of them.`,
  )
