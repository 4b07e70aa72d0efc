import { isFloat, serviceModel, shapeOf } from '../../schemas/service-model/service-model.ts'
import type { Report } from './scope.ts'
import { oneOf, show } from './show.ts'

let floatMembers: ReadonlyMap<string, boolean> | undefined

/** For the name of a member whether it is a float in every structure that has it. */
function readFloatMembers(): ReadonlyMap<string, boolean> {
  const found = new Map<string, boolean>()
  for (const { members } of Object.values(serviceModel.shapes)) {
    for (const name in members) found.set(name, found.get(name) !== false && isFloat(shapeOf(members[name] as string)))
  }
  return found
}

/** Whole numbers in float places of a text: JSON loses the difference when it is read, the service was seen to mind. */
export function floatSpelling(text: string, report: Report): void {
  const found = new Set<string>()
  // From the colon and the number back to the name: a text has far more quotes than whole numbers.
  for (const match of text.matchAll(/"\s{0,20}:\s{0,20}(-?\d{1,20})\s{0,20}[,}\n]/g)) {
    const name = text.slice(text.lastIndexOf('"', match.index - 1) + 1, match.index)
    floatMembers ??= readFloatMembers()
    if (floatMembers.get(name) === true) found.add(`"${name}": ${match[1]}`)
  }
  if (found.size === 0) return
  const first = [...found][0] ?? ''
  report(
    'FW5055',
    '',
    `${oneOf([...found], 5)}: a whole number where a float is expected, which the service was seen to refuse. Write ${first}.0; ${show('foldwise upsert')} does it by itself.`,
  )
}
