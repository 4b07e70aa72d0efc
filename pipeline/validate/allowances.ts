import { didYouMean } from '../../schemas/nearest.ts'
import type { Problem } from '../../schemas/problem.ts'
import { UserError } from '../../schemas/problem.ts'
import { catalogue } from './catalogue.ts'
import { sortByPlace } from './reporter.ts'
import type { Allowance } from './options.ts'
import { stepPlaceOf } from './step-place.ts'

/**
 * Marks the problems that the user has decided to live with: they stay, as infos with the reason. Tells of decisions that nothing
 * needs any more.
 *
 * @throws UserError for a code that the catalogue does not have, and for an empty reason.
 */
export function applyAllowances(problems: readonly Problem[], allow: readonly Allowance[]): Problem[] {
  for (const { code, reason } of allow) {
    if (!Object.hasOwn(catalogue, code))
      throw new UserError(
        `allow: there is no code ${JSON.stringify(code)}.${didYouMean(String(code), Object.keys(catalogue))} "foldwise explain" lists them.`,
        { exitCode: 2 },
      )
    if (typeof reason !== 'string' || reason.trim() === '')
      throw new UserError(`allow: ${code} has no reason. Write why it is right here.`, { exitCode: 2 })
  }
  const used = new Set<Allowance>()
  const judged = problems.map((problem): Problem => {
    const [first, ...others] = allow.filter(allowance => covers(allowance, problem))
    if (first === undefined) return problem
    for (const allowance of [first, ...others]) used.add(allowance)
    return { ...problem, severity: 'info', allowed: first.reason }
  })
  const idle = allow.filter(allowance => !used.has(allowance))
  if (idle.length === 0) return judged
  return sortByPlace([
    ...judged,
    ...idle.map(({ code, path }) => ({
      code: 'FW1027',
      severity: catalogue.FW1027.severity,
      path: '',
      message: `The definition: allow names ${code}${path === undefined ? '' : ` at ${path}`}, but there is no such problem. Remove the entry.`,
    })),
  ])
}

function covers({ code, path }: Allowance, problem: Problem): boolean {
  if (code !== problem.code) return false
  if (path === undefined || path === '') return true
  const byName = /^Steps\.([A-Za-z0-9_-]+)(.*)$/.exec(path)
  if (byName === null) return isBelow(problem.path, path)
  const [, name, rest] = byName as unknown as [string, string, string]
  const owner = stepPlaceOf(problem.path)
  return (
    owner !== undefined &&
    problem.message.startsWith(`${owner} ${JSON.stringify(name)}`) &&
    isBelow(problem.path, owner + rest)
  )
}

const isBelow = (path: string, above: string): boolean =>
  path === above || path.startsWith(`${above}.`) || path.startsWith(`${above}[`)
