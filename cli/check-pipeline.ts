import { renderDefinition } from '../pipeline/definition/index.ts'
import type { Allowance } from '../pipeline/validate/index.ts'
import type { PipelineDefinition } from '../schemas/definition.ts'
import { type Problem, UserError } from '../schemas/problem.ts'
import { findConfig } from './find-config.ts'
import type { Host } from './host.ts'
import { type LoadedPipeline, shown } from './load-pipeline.ts'
import { hasErrors, painter, summarizeProblems } from './render/problems.ts'

/** `--allow CODE=reason` as allowances. */
export const allowancesOf = (given: Readonly<Record<string, string>> = {}): Allowance[] =>
  Object.entries(given).map(([code, reason]) => ({ code: code.toUpperCase(), reason }))

/** What the configuration beside the pipeline and the command line have decided to live with. */
export async function allowances(
  file: string,
  given: Readonly<Record<string, string>> | undefined,
): Promise<readonly Allowance[]> {
  if (findConfig(file) === undefined) return allowancesOf(given)
  // Its schemas are loaded only where there is something to read.
  const { loadConfig } = await import('./load-config.ts')
  return [...(await loadConfig(file)).allow, ...allowancesOf(given)]
}

/** What a command knows beside the pipeline. */
interface Circumstances {
  readonly allow?: readonly Allowance[]
  /** Where the pipeline will be, when that is known before anybody asks AWS. */
  readonly region?: string | undefined
}

/** All problems of a loaded pipeline: of its definition, as it is sent, and of what goes to CreatePipeline beside it. */
export async function judgePipeline(
  loaded: LoadedPipeline,
  { allow = [], region }: Circumstances = {},
): Promise<Problem[]> {
  const { validateDefinition } = await import('../pipeline/validate/index.ts')
  const { name, description, displayName, maxParallelSteps } = loaded
  return validateDefinition(loaded.document, {
    text: renderDefinition(loaded.document, 0),
    origins: loaded.origins,
    allow,
    pipeline: {
      name,
      ...(description === undefined ? {} : { description }),
      ...(displayName === undefined ? {} : { displayName }),
      ...(maxParallelSteps === undefined ? {} : { maxParallelSteps }),
      ...(region === undefined ? {} : { region }),
    },
  })
}

/**
 * Judges a pipeline before anything is sent. Warnings, and what is allowed, are noted; errors stop the command.
 *
 * @throws UserError with all problems when one is an error.
 */
export async function checkPipeline(
  loaded: LoadedPipeline,
  host: Host,
  circumstances: Circumstances = {},
): Promise<void> {
  const problems = await judgePipeline(loaded, circumstances)
  const notable = problems.filter(({ severity, allowed }) => severity !== 'info' || allowed !== undefined)
  if (notable.length > 0) {
    const { formatProblems } = await import('../pipeline/validate/index.ts')
    host.note(formatProblems(notable, 'text', { paint: painter(host.err.colors) }).trimEnd())
  }
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
  const problems = checkOverrides(document, overrides).filter(({ severity }) => severity === 'error')
  if (problems.length === 0) return
  const sentences = problems.map(({ message, hint }) => (hint === undefined ? message : `${message} ${hint}`))
  throw new UserError(sentences.join('\n'), { exitCode: 2, problems })
}
