import { isExpression } from '../definition/index.ts'

/** Reading foreign JSON without asking at each step whether it is there. */
export type Json = Readonly<Record<string, unknown>>

export const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value at a path of members, or undefined. */
export function at(value: unknown, ...members: readonly string[]): unknown {
  let current = value
  for (let index = 0; index < members.length; index++) {
    const member = members[index] as string
    if (!isRecord(current) || !Object.hasOwn(current, member)) return undefined
    current = current[member]
  }
  return current
}

/** The objects in a list with their indexes; what is no object is left out. */
export function records(value: unknown): (readonly [index: number, record: Json])[] {
  const found: (readonly [number, Json])[] = []
  if (!Array.isArray(value)) return found
  for (let index = 0; index < value.length; index++) {
    const element: unknown = value[index]
    if (isRecord(element) && !isExpression(element)) found.push([index, element])
  }
  return found
}

/** True for a member that is there with a value; `null` counts as absent. */
export const isSet = (record: unknown, member: string): boolean =>
  isRecord(record) && Object.hasOwn(record, member) && record[member] !== undefined && record[member] !== null

/** The elements that occur more than once, with the index of the later ones. */
export function duplicates(names: readonly (readonly [index: number, name: string])[]): (readonly [number, string])[] {
  const seen = new Set<string>()
  return names.filter(([, name]) => {
    if (seen.has(name)) return true
    seen.add(name)
    return false
  })
}
