import type { Painter } from '../../pipeline/validate/index.ts'
import type { Problem, Severity } from '../../schemas/problem.ts'
import type { Colors } from '../host.ts'
import { counted } from './table.ts'

/** The colours of problems on a screen. */
export const painter = (colors: Colors): Painter => ({
  error: colors.red,
  warning: colors.yellow,
  info: colors.cyan,
  bold: colors.bold,
  dim: colors.dim,
})

/** `2 errors, 1 warning, 1 allowed`; `no problems` for none. */
export function summarizeProblems(problems: readonly Problem[]): string {
  const open = problems.filter(({ allowed }) => allowed === undefined)
  const parts = (['error', 'warning', 'info'] as const satisfies readonly Severity[]).flatMap(severity => {
    const count = open.filter(problem => problem.severity === severity).length
    return count === 0 ? [] : [counted(count, severity === 'info' ? 'note' : severity)]
  })
  if (open.length < problems.length) parts.push(`${problems.length - open.length} allowed`)
  return parts.length === 0 ? 'no problems' : parts.join(', ')
}

/** True when an upsert must not happen. */
export const hasErrors = (problems: readonly Problem[]): boolean =>
  problems.some(({ severity }) => severity === 'error')
