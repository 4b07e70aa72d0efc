import { didYouMean } from '../../schemas/nearest.ts'
import type { Origins, Problem } from '../../schemas/problem.ts'
import { catalogue } from './catalogue.ts'
import type { Report } from './scope.ts'
import { stepPlaceOf } from './step-place.ts'

const parameterPlace = /^Parameters\[\d+\]/

/** Collects problems, names the things around each place, and puts them in the order of the document. */
export interface Reporter {
  readonly report: Report
  /** Tells the name of the step or parameter at a place, for messages and origins. */
  readonly nameAt: (path: string, name: string) => void
  /** Everything that was reported, sorted by place. */
  readonly problems: () => Problem[]
  readonly suggest: (word: string, candidates: Iterable<string>) => string
}

/** So many candidates are compared with misspelt words in one document; hostile documents must not cost minutes. */
const SUGGESTION_BUDGET = 30_000

export function createReporter(origins?: Origins): Reporter {
  const names = new Map<string, string>()
  const found: Problem[] = []
  let budget = SUGGESTION_BUDGET
  return {
    nameAt: (path, name) => {
      names.set(path, name)
    },
    report: (code, path, text) => {
      const owner = stepPlaceOf(path) ?? parameterPlace.exec(path)?.[0]
      const name = owner === undefined ? undefined : names.get(owner)
      const at = owner?.startsWith('Steps') === true && name !== undefined ? origins?.get(name) : undefined
      found.push({
        code,
        severity: catalogue[code].severity,
        path,
        message: `${where(path, owner, name)}: ${cut(text, MAX_TEXT)}`,
        ...(at !== undefined && { at }),
      })
    },
    suggest: (word, candidates) => {
      const list = [...candidates]
      budget -= list.length
      return budget < 0 ? '' : didYouMean(word, list)
    },
    problems: () => sortByPlace(found),
  }
}

/** `Steps[4] "Evaluate", Arguments.RoleArn`. */
function where(path: string, owner: string | undefined, name: string | undefined): string {
  if (path === '') return 'The definition'
  if (owner === undefined || name === undefined) return cut(path)
  const rest = path.slice(owner.length).replace(/^\./, '')
  return `${cut(owner)} ${JSON.stringify(cut(name))}${rest === '' ? '' : `, ${cut(rest)}`}`
}

/** A foreign key can be as long as it likes; a message cannot. */
const cut = (text: string, most = MAX_PLACE): string => (text.length <= most ? text : `${text.slice(0, most)}…`)
const MAX_PLACE = 300
const MAX_TEXT = 2_000

/** Places in document order as far as a place tells: members alphabetically, list elements by index, then by code. */
export function sortByPlace(problems: readonly Problem[]): Problem[] {
  const keyed = problems.map(problem => ({ problem, key: placeKey(problem.path) }))
  keyed.sort((a, b) => {
    if (a.key !== b.key) return a.key < b.key ? -1 : 1
    return a.problem.code < b.problem.code ? -1 : Number(a.problem.code > b.problem.code)
  })
  return keyed.map(({ problem }) => problem)
}

/** Indexes with leading zeros, so that text order is numeric order. */
const placeKey = (path: string): string =>
  path.replace(/\[(\d+)\]/g, (_, index: string) => `[${index.padStart(8, '0')}]`)
