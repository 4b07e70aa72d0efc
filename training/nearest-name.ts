import { nearest } from '../schemas/nearest.ts'

/** `Did you mean "gamma"?` when one of `names` is near to `name`, else a sentence that lists them. */
export function nearestName(name: string, names: readonly string[]): string {
  const found = nearest(name, names)
  return found === undefined ? `It knows ${names.join(', ')}.` : `Did you mean "${found}"?`
}
