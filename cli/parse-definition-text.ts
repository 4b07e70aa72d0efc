import type { PipelineDefinition } from '../schemas/definition.ts'
import { UserError } from '../schemas/problem.ts'

/**
 * Reads the text of a definition file. Only its outermost form is checked here; the judge does the rest.
 *
 * @param shownPath What messages call the file.
 * @throws UserError with line and column when the text is no JSON, or is not an object with a list of steps.
 */
export function parseDefinitionText(text: string, shownPath: string): PipelineDefinition {
  const value = parseJson(text.replace(/^\uFEFF/, ''), shownPath)
  const steps = typeof value === 'object' && value !== null && 'Steps' in value ? value.Steps : undefined
  if (!Array.isArray(steps)) {
    throw new UserError(
      `${shownPath}: this JSON is no pipeline definition — it must be an object with "Version" and a list "Steps" — name the definition file.`,
    )
  }
  return value as PipelineDefinition
}

function parseJson(text: string, shownPath: string): unknown {
  if (text.trim() === '') throw new UserError(`${shownPath}: the file is empty — it must hold a definition JSON.`)
  try {
    return JSON.parse(text)
  } catch (cause) {
    const { message } = cause as SyntaxError
    const position = /at position (\d+)/.exec(message)?.[1]
    const offset = position === undefined ? text.length : Number(position)
    const before = text.slice(0, offset).split('\n')
    const what = message.replace(/ (in JSON )?at position \d+.*/s, '')
    throw new UserError(
      `${shownPath}:${before.length}:${(before.at(-1)?.length ?? 0) + 1} — this is no valid JSON (${what}) — correct the text.`,
      { cause },
    )
  }
}
