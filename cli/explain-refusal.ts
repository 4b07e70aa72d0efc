import { isUserError, type Problem, UserError } from '../schemas/problem.ts'
import type { LoadedPipeline } from './load-pipeline.ts'

/** Errors with which the service says that a document or a start value is wrong. */
const judgements = new Set(['ValidationException', 'ValidationError'])

/**
 * Runs a call that sends a document, or starts one. A refusal of the service that Foldwise can read gets the places of the
 * document that it means, each with the line of the user's code that wrote it.
 */
export async function explainingRefusal<T>(
  { document, origins }: Pick<LoadedPipeline, 'document' | 'origins'>,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (!isUserError(error) || !(error.cause instanceof Error) || !judgements.has(error.cause.name)) throw error
    const { explainServiceError } = await import('../pipeline/validate/index.ts')
    const explanation = explainServiceError(error.cause.message, document, origins)
    if (explanation === undefined) throw error
    const { code = '', places, repair, summary } = explanation
    const found = places.length === 0 ? [{ path: '', step: undefined, at: undefined }] : places
    const problems = found.map(({ path, step, at }): Problem => {
      const where = [at, step === undefined ? path : `"${step}", ${path}`].filter(part => part)
      return {
        code,
        severity: 'error',
        path,
        message: [where.join('  '), `${summary}. ${repair}`].filter(part => part !== '').join(': '),
        ...(at === undefined ? {} : { at }),
      }
    })
    const lines = problems.map(({ message }) => `  ${message}`)
    throw new UserError([error.message, ...lines, `  "foldwise explain ${code}" says more.`].join('\n'), {
      exitCode: error.exitCode,
      cause: error,
      problems,
    })
  }
}
