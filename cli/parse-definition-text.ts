import type { PipelineDefinition } from '../schemas/definition.ts'
import { UserError } from '../schemas/problem.ts'

/**
 * Reads the text of a definition. Only its outermost form is checked here; the judge does the rest.
 *
 * @param source What messages call the text, such as its file.
 * @throws UserError when the text is no JSON, with the place, or is not an object with a list of steps.
 */
export async function parseDefinitionText(text: string, source: string): Promise<PipelineDefinition> {
  const value = await parseJson(text, source)
  const steps = typeof value === 'object' && value !== null && 'Steps' in value ? value.Steps : undefined
  if (!Array.isArray(steps)) {
    throw new UserError(
      `${source}: this JSON is no pipeline definition — it must be an object with "Version" and a list "Steps" — name the definition file.`,
    )
  }
  return value as PipelineDefinition
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
