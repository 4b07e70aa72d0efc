import type { Problem, Severity } from '../../schemas/problem.ts'
import type { Colors } from '../host.ts'
import { counted } from './table.ts'

const paint = {
  error: (colors: Colors) => colors.red,
  warning: (colors: Colors) => colors.yellow,
  info: (colors: Colors) => colors.cyan,
} as const satisfies Record<Severity, (colors: Colors) => (text: string) => string>

/** Problems as people read them: severity, code and the line of their own code, then the sentence. */
export function renderProblems(problems: readonly Problem[], colors: Colors): string {
  return problems
    .map(({ severity, code, at, path, message, hint }) => {
      const place = [at, path].filter(part => part !== undefined && part !== '' && !message.startsWith(part)).join('  ')
      const head = [paint[severity](colors)(severity), colors.bold(code), colors.dim(place)].filter(part => part !== '')
      return [head.join(' '), `  ${message}`, ...(hint === undefined ? [] : [`  ${colors.dim(hint)}`])].join('\n')
    })
    .join('\n')
}

/** `2 errors, 1 warning`; `no problems` for none. */
export function summarizeProblems(problems: readonly Problem[]): string {
  const parts = (Object.keys(paint) as Severity[]).flatMap(severity => {
    const count = problems.filter(problem => problem.severity === severity).length
    return count === 0 ? [] : [severity === 'info' ? `${count} info` : counted(count, severity)]
  })
  return parts.length === 0 ? 'no problems' : parts.join(', ')
}

/** True when an upsert must not happen. */
export const hasErrors = (problems: readonly Problem[]): boolean =>
  problems.some(({ severity }) => severity === 'error')
