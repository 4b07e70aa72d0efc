import { UserError } from '../schemas/problem.ts'
import type { PipelineDefinition } from '../schemas/definition.ts'
import type { Host } from './host.ts'
import type { LoadedPipeline } from './load-pipeline.ts'
import { shown } from './load-pipeline.ts'
import { hasErrors, renderProblems, summarizeProblems } from './render/problems.ts'

/**
 * Judges a pipeline before anything is sent. Warnings are noted; errors stop the command.
 *
 * @throws UserError with all problems when one is an error.
 */
export async function checkPipeline(loaded: LoadedPipeline, host: Host): Promise<void> {
  const { validateDefinition } = await import('../pipeline/validate/index.ts')
  const problems = validateDefinition(loaded.document, { origins: loaded.origins })
  const notable = problems.filter(({ severity }) => severity !== 'info')
  if (notable.length > 0) host.note(renderProblems(notable, host.err.colors))
  if (hasErrors(problems)) {
    throw new UserError(`${shown(loaded.file)}: ${summarizeProblems(problems)} — nothing was sent.`, { problems })
  }
}

/** Checks start values against the declared parameters. @throws UserError with one sentence per wrong value. */
export async function checkStartValues(
  document: PipelineDefinition,
  overrides: Readonly<Record<string, string>>,
): Promise<void> {
  const { checkOverrides } = await import('../pipeline/validate/index.ts')
  const problems = checkOverrides(document, { ...overrides }).filter(({ severity }) => severity === 'error')
  if (problems.length === 0) return
  const sentences = problems.map(({ message, hint }) => (hint === undefined ? message : `${message} ${hint}`))
  throw new UserError(sentences.join('\n'), { exitCode: 2, problems })
}
