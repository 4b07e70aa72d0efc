import { shapeOf } from '../../schemas/service-model/service-model.ts'
import { stepKinds } from '../definition/index.ts'
import type { Report } from './scope.ts'
import { oneOf, show } from './show.ts'

/** Names of request members that are floats wherever they occur. */
function floatMembers(): ReadonlySet<string> {
  const kinds = new Map<string, boolean>()
  const seen = new Set<string>()
  const visit = (name: string): void => {
    if (seen.has(name)) return
    seen.add(name)
    const { members, member, value } = shapeOf(name)
    for (const [key, target] of Object.entries(members ?? {})) {
      const { type } = shapeOf(target)
      kinds.set(key, (kinds.get(key) ?? true) && (type === 'float' || type === 'double'))
      visit(target)
    }
    for (const target of [member, value]) if (target !== undefined) visit(target)
  }
  for (const { request } of Object.values(stepKinds)) if (request !== null) visit(request)
  return new Set([...kinds].filter(([, isFloat]) => isFloat).map(([name]) => name))
}

let members: ReadonlySet<string> | undefined

/** Whole numbers in float places of a text: JSON loses the difference when it is read, the service was seen to mind. */
export function floatSpelling(text: string, report: Report): void {
  members ??= floatMembers()
  const found = new Set<string>()
  // From the colon and the number back to the name: a text has far more quotes than whole numbers.
  for (const match of text.matchAll(/"\s{0,20}:\s{0,20}(-?\d{1,20})\s{0,20}[,}\n]/g)) {
    const name = text.slice(text.lastIndexOf('"', match.index - 1) + 1, match.index)
    if (members.has(name)) found.add(`"${name}": ${match[1]}`)
  }
  if (found.size === 0) return
  const first = [...found][0] ?? ''
  report(
    'FW5055',
    '',
    `${oneOf([...found], 5)}: a whole number where a float is expected, which the service was seen to refuse. Write ${first}.0; ${show('foldwise upsert')} does it by itself.`,
  )
}
