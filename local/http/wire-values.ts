import { type Shape, shapeOf } from '../../schemas/service-model/service-model.ts'

/**
 * A request as JSON gave it → as the operations take it: times become `Date`, nulls and members that the model does not know
 * are dropped, as the service does. Values of a wrong type are left as they are, for the check to name.
 */
export function fromWire(shapeName: string, value: unknown): unknown {
  const shape = shapeOf(shapeName)
  switch (shape.type) {
    case 'structure':
      return isRecord(value) ? mapMembers(value, name => memberOf(shape, name), fromWire) : value
    case 'map':
      return isRecord(value) ? mapMembers(value, () => shape.value, fromWire) : value
    case 'list':
      return Array.isArray(value) ? value.map(item => fromWire(shape.member!, item)) : value
    case 'timestamp':
      return toDate(value)
    default:
      return value
  }
}

/**
 * A response as the operations give it → as JSON carries it: times become seconds since 1970, absent members are left out.
 * What the model does not allow is our defect and fails.
 */
export function toWire(shapeName: string, value: unknown, path = shapeName): unknown {
  const shape = shapeOf(shapeName)
  switch (shape.type) {
    case 'structure':
      return mapMembers(
        asRecord(value, path),
        name => {
          const member = memberOf(shape, name)
          if (member !== undefined) return member
          throw new Error(`${path} has no member ${name} in the service model`)
        },
        (member, item, name) => toWire(member, item, `${path}.${name}`),
      )
    case 'map':
      return mapMembers(
        asRecord(value, path),
        () => shape.value,
        (member, item, key) => toWire(member, item, `${path}[${key}]`),
      )
    case 'list':
      if (!Array.isArray(value)) throw new Error(`${path} is ${typeof value}, not a list`)
      return value.map((item, i) => toWire(shape.member!, item, `${path}[${i}]`))
    case 'timestamp': {
      const seconds = value instanceof Date ? value.getTime() / 1000 : Number.NaN
      if (!Number.isFinite(seconds)) throw new Error(`${path} is not a valid Date: ${String(value)}`)
      return seconds
    }
    case 'string':
      if (typeof value !== 'string') throw new Error(`${path} is ${typeof value}, not a string`)
      return value
    case 'boolean':
      if (typeof value !== 'boolean') throw new Error(`${path} is ${typeof value}, not a boolean`)
      return value
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      // JSON has no NaN and no infinity; the clients would read null.
      if (typeof value !== 'number' || !Number.isFinite(value))
        throw new Error(`${path} is not a finite number: ${String(value)}`)
      return value
    default:
      return shape.type satisfies never
  }
}

function memberOf(shape: Shape, name: string): string | undefined {
  return shape.members !== undefined && Object.hasOwn(shape.members, name) ? shape.members[name] : undefined
}

function mapMembers(
  value: Readonly<Record<string, unknown>>,
  shapeNameOf: (name: string) => string | undefined,
  convert: (shapeName: string, item: unknown, name: string) => unknown,
): Record<string, unknown> {
  // Without a prototype: a key such as `__proto__` is a key like any other.
  const result: Record<string, unknown> = Object.create(null)
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined || item === null) continue
    const shapeName = shapeNameOf(name)
    if (shapeName !== undefined) result[name] = convert(shapeName, item, name)
  }
  return result
}

/** Seconds since 1970 as the protocol says, or ISO 8601 as some clients send. */
function toDate(value: unknown): unknown {
  const date =
    typeof value === 'number' ? new Date(value * 1000) : typeof value === 'string' ? new Date(value) : undefined
  return date === undefined || Number.isNaN(date.getTime()) ? value : date
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asRecord(value: unknown, path: string): Record<string, unknown> {
  if (isRecord(value) && !(value instanceof Date)) return value
  throw new Error(`${path} is not a structure: ${String(value)}`)
}
