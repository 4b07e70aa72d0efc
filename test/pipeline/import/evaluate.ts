import * as foldwise from 'foldwise'
import type { Pipeline } from 'foldwise'

/** Runs a printed program, which is plain JavaScript but for its import. */
export function evaluate(program: string): Pipeline {
  const body = program
    .replace(/^import \{([^}]*)\} from 'foldwise'\n/, (_, names: string) => `const {${names}} = foldwise\n`)
    .replace(/^export default /m, 'return ')
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- the printed program is what is tested
  return new Function('foldwise', `'use strict'\n${body}`)(foldwise) as Pipeline
}
