import { isGet, isJoin, isJsonGet, parseGetPath } from '../../pipeline/definition/index.ts'
import type { Join, JsonGet, Scalar } from '../../schemas/definition.ts'
import { parseJsonPath, readJsonPath } from './json-path.ts'
import { readProperty } from './properties.ts'

/** A parameter's value, and the text it was written with: `1.50` is the number 1.5 in a comparison and `1.50` in a join. */
export interface ParameterValue {
  readonly value: Scalar
  readonly text: string
}

/** What expressions can see while a step starts. */
export interface Scope {
  readonly parameters: ReadonlyMap<string, ParameterValue>
  /** Execution variables by name. */
  readonly execution: (name: string) => string | undefined
  /** `PipelineExperimentConfig` with its expressions evaluated. */
  readonly experiment: Readonly<Record<string, unknown>>
  /** What a succeeded step gave; undefined for a step that has not succeeded. */
  readonly properties: (step: string) => unknown
  /** Where a step's property file is declared to be; undefined when the step declares no such file. */
  readonly propertyFile: (step: string, file: string) => { readonly output: string; readonly path: string } | undefined
  /** The text of an object; undefined when there is none. */
  readonly readObject: (uri: string) => Promise<string | undefined>
}

/** An expression that has no value: the step that needs it fails with this text. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError'
}

/** The value with every expression inside replaced by what it gives; the value itself stays as it is. */
export async function evaluate(value: unknown, scope: Scope): Promise<unknown> {
  if (typeof value !== 'object' || value === null) return value
  if (isGet(value)) return evaluateGet(value.Get, scope).value
  if (isJoin(value)) return evaluateJoin(value['Std:Join'], scope)
  if (isJsonGet(value)) return evaluateJsonGet(value['Std:JsonGet'], scope)
  if (Array.isArray(value)) return Promise.all(value.map(element => evaluate(element, scope)))
  const entries = await Promise.all(
    Object.entries(value).map(async ([key, member]) => [key, await evaluate(member, scope)] as const),
  )
  return Object.fromEntries(entries)
}

function evaluateGet(path: string, scope: Scope): { readonly value: unknown; readonly text?: string } {
  const reference = parseGetPath(path)
  if (reference === undefined) throw new EvaluationError(`Get "${path}" is not a reference that can be read`)
  switch (reference.root) {
    case 'Parameters': {
      const parameter = scope.parameters.get(reference.name)
      if (parameter === undefined) throw new EvaluationError(`Parameter '${reference.name}' is undefined.`)
      return parameter
    }
    case 'Execution': {
      const value = scope.execution(reference.name)
      if (value === undefined) throw new EvaluationError(`Execution variable '${reference.name}' is undefined.`)
      return { value }
    }
    case 'PipelineExperimentConfig': {
      const value = scope.experiment[reference.name]
      if (value === undefined) throw new EvaluationError(`PipelineExperimentConfig.${reference.name} is undefined.`)
      return { value }
    }
    case 'Steps': {
      const properties = scope.properties(reference.step)
      if (properties === undefined)
        throw new EvaluationError(`Get "${path}": step ${reference.step} gave no properties`)
      const property = readProperty(properties, reference.segments)
      if (!property.found)
        throw new EvaluationError(`Get "${path}" is undefined: step ${reference.step} gave no such property`)
      return { value: property.value }
    }
    default:
      return reference satisfies never
  }
}

/** Booleans join as `true` and `false`; numbers of parameters as they were written. */
async function evaluateJoin(join: Join['Std:Join'], scope: Scope): Promise<string> {
  const parts = await Promise.all(
    join.Values.map(async part => {
      if (isGet(part)) {
        const got = evaluateGet(part.Get, scope)
        return got.text ?? asText(got.value, part.Get)
      }
      return asText(await evaluate(part, scope), JSON.stringify(part))
    }),
  )
  return parts.join(join.On)
}

function asText(value: unknown, source: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new EvaluationError(`Std:Join: ${source} is ${value === null ? 'null' : 'no text, number or boolean'}`)
}

async function evaluateJsonGet(get: JsonGet['Std:JsonGet'], scope: Scope): Promise<unknown> {
  const uri = 'PropertyFile' in get ? propertyFileUri(get.PropertyFile.Get, scope) : await evaluate(get.S3Uri, scope)
  if (typeof uri !== 'string') throw new EvaluationError('Std:JsonGet: S3Uri is not a text')
  const steps = parseJsonPath(get.Path)
  if (steps === undefined) throw new EvaluationError(`Invalid json path '${get.Path}'`)
  const text = await scope.readObject(uri)
  if (text === undefined)
    throw new EvaluationError(`Received an error while reading file ${uri} from S3: there is no such object`)
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    throw new EvaluationError(`Contents of file ${uri} are not in valid JSON format.`)
  }
  const found = readJsonPath(content, steps)
  if (!found.found) throw new EvaluationError(`Invalid json path '${get.Path}': ${uri} has nothing there`)
  return found.value
}

function propertyFileUri(path: string, scope: Scope): string {
  const match = /^Steps\.([A-Za-z0-9_-]+)\.PropertyFiles(?:\.([^.[\]]+)|\['([^']+)'\])$/.exec(path)
  const step = match?.[1]
  const file = match?.[2] ?? match?.[3]
  const declared = step === undefined || file === undefined ? undefined : scope.propertyFile(step, file)
  if (step === undefined || declared === undefined) throw new EvaluationError(`Property file "${path}" is undefined.`)
  const output = readProperty(scope.properties(step), [
    { kind: 'member', name: 'ProcessingOutputConfig' },
    { kind: 'member', name: 'Outputs' },
    { kind: 'key', key: declared.output },
    { kind: 'member', name: 'S3Output' },
    { kind: 'member', name: 'S3Uri' },
  ])
  if (!output.found || typeof output.value !== 'string') {
    throw new EvaluationError(
      `Processing output name '${declared.output}' of property file "${path}" not found in processing step '${step}'.`,
    )
  }
  return `${output.value.replace(/\/+$/, '')}/${declared.path}`
}
