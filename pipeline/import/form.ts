import { type Code, objectCode, type Scope } from './scope.ts'
import { valueCode } from './value.ts'

/** Options of a step, in the order in which they are written. */
export type Members = Readonly<Record<string, Code>>

/** A way to write a step; undefined when the step has not its form. What it gives is compared with the step. */
export type Form = (step: Readonly<Record<string, unknown>>, scope: Scope) => Members | undefined

/** `PropertyFiles` by name. */
export function propertyFiles(step: Readonly<Record<string, unknown>>, scope: Scope): Members {
  const files = step['PropertyFiles']
  if (!Array.isArray(files)) return {}
  const members = files.map((file: unknown) => {
    const parts = objectCode([
      ['output', valueCode(member(file, 'OutputName') ?? null, scope)],
      ['path', valueCode(member(file, 'FilePath') ?? null, scope)],
    ])
    return [String(member(file, 'PropertyFileName')), parts] as const
  })
  return { propertyFiles: objectCode(members) }
}

/** A member of what should be an object; undefined when it is none. */
export const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (Reflect.get(value, name) as unknown)
    : undefined
