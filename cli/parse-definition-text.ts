import { isTooDeep, MAX_DEPTH } from '../pipeline/definition/index.ts'
import type { PipelineDefinition } from '../schemas/definition.ts'
import { UserError } from '../schemas/problem.ts'

/**
 * Reads the text of a definition. Only what graph, diff and rendering walk is checked here; the judge does the rest.
 *
 * @param source What messages call the text, such as its file.
 * @throws UserError when the text is no JSON, with the place, or has no steps and parameters that could be walked.
 */
export async function parseDefinitionText(text: string, source: string): Promise<PipelineDefinition> {
  const value = await parseJson(text, source)
  if (!isRecord(value) || !Array.isArray(value['Steps'])) {
    throw new UserError(
      `${source}: this JSON is no pipeline definition — it must be an object with "Version" and a list "Steps" — name the definition file.`,
    )
  }
  const wrong = isTooDeep(value)
    ? `it nests deeper than ${MAX_DEPTH} levels`
    : (wrongParameter(value) ?? wrongStep(value))
  if (wrong !== undefined) {
    throw new UserError(
      `${source}: ${wrong}, so this JSON is no pipeline definition — "foldwise validate" lists all problems of a definition file — correct it first.`,
    )
  }
  return value as unknown as PipelineDefinition
}

type Json = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

function wrongParameter({ Parameters: list }: Json): string | undefined {
  if (list === undefined) return undefined
  if (!Array.isArray(list)) return 'Parameters is no list'
  const index = list.findIndex(parameter => !isRecord(parameter) || typeof parameter['Name'] !== 'string')
  return index < 0 ? undefined : `Parameters[${index}] is no parameter with a Name`
}

/** The first step, here or inside a branch, that is no object with a name, a type and arguments that fit it. */
function wrongStep(document: Json): string | undefined {
  const lists: [unknown, string][] = [[document['Steps'], 'Steps']]
  for (let next = lists.pop(); next !== undefined; next = lists.pop()) {
    const [list, path] = next
    // Without steps on one side the member may be missing.
    if (list === undefined) continue
    if (!Array.isArray(list)) return `${path} is no list of steps`
    for (const [index, step] of list.entries()) {
      const place = `${path}[${index}]`
      if (!isRecord(step)) return `${place} is no step`
      for (const member of ['Name', 'Type']) if (typeof step[member] !== 'string') return `${place} has no ${member}`
      const { DependsOn: waitsFor, Arguments: args } = step
      if (waitsFor !== undefined && !(Array.isArray(waitsFor) && waitsFor.every(name => typeof name === 'string'))) {
        return `${place}.DependsOn is no list of names`
      }
      if (step['Type'] !== 'Condition') continue
      if (!isRecord(args)) return `${place}.Arguments is no object`
      for (const side of ['IfSteps', 'ElseSteps']) lists.push([args[side], `${place}.Arguments.${side}`])
    }
  }
  return undefined
}

async function parseJson(text: string, source: string): Promise<unknown> {
  try {
    return JSON.parse(text)
  } catch (cause) {
    // The judge finds the place; it is loaded for broken texts only.
    const { validateText } = await import('../pipeline/validate/index.ts')
    const problems = validateText(text)
    throw new UserError(`${source}: ${problems[0]?.message ?? String(cause)}`, { cause, problems })
  }
}
