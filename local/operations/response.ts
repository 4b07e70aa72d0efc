import { shapeOf } from '../../schemas/service-model/service-model.ts'

/**
 * A stored description as a response: the members that the shape has, times as `Date`. Summaries are cut from descriptions
 * the same way.
 */
export function toResponse(shapeName: string, value: unknown): object {
  return cut(shapeName, value) as object
}

function cut(shapeName: string, value: unknown): unknown {
  const shape = shapeOf(shapeName)
  if (value === null || value === undefined) return undefined
  if (shape.type === 'timestamp') return value instanceof Date ? value : new Date(String(value))
  if (shape.type === 'list')
    return Array.isArray(value) ? value.map(element => cut(shape.member as string, element)) : undefined
  if (shape.type !== 'structure' && shape.type !== 'map') return value
  if (typeof value !== 'object') return undefined
  const memberShape = (name: string): string | undefined =>
    shape.type === 'map' ? shape.value : Object.hasOwn(shape.members ?? {}, name) ? shape.members?.[name] : undefined
  const members = Object.entries(value).flatMap(([name, member]) => {
    const inner = memberShape(name)
    const kept = inner === undefined ? undefined : cut(inner, member)
    return kept === undefined ? [] : [[name, kept] as const]
  })
  return Object.fromEntries(members)
}
