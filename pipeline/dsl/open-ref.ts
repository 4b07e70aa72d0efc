import { formatSegments, type PathSegment } from '../definition/index.ts'
import { type Expr, makeExpression } from './expression.ts'
import { strictRecord } from './strict-record.ts'

/** A reference whose members no service model describes: an expression, and the way to what is below it. */
export interface OpenRef<T = string> extends Expr<T> {
  /** What lies below, by members and positions: `at('Items', 0, 'Name')` is `.Items[0].Name`. Nothing checks it. */
  at<U = string>(...path: readonly (string | number)[]): OpenRef<U>
}

/** Properties of a step type that the service model does not describe: the first members are known, no more. */
export function makeOpenReference<M extends string>(
  step: string,
  members: readonly M[],
): { readonly [K in M]: OpenRef } {
  const references = members.map(name => [name, openReference(step, [{ kind: 'member', name }])] as const)
  return strictRecord(
    Object.fromEntries(references) as { [K in M]: OpenRef },
    name => `Steps.${step} — it has no member "${name}".`,
  )
}

function openReference<T>(step: string, segments: readonly PathSegment[]): OpenRef<T> {
  const expression = makeExpression<T>({ Get: `Steps.${step}${formatSegments(segments)}` }, 'unknown')
  const at: OpenRef['at'] = (...path) => openReference(step, [...segments, ...path.map(segmentOf)])
  return Object.freeze(Object.create(expression, { at: { value: at } })) as OpenRef<T>
}

function segmentOf(part: string | number): PathSegment {
  if (typeof part === 'number') return { kind: 'index', index: part }
  return /^[A-Za-z_]\w*$/.test(part) ? { kind: 'member', name: part } : { kind: 'key', key: part }
}
