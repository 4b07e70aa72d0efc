import { formatSegments, type PathSegment } from '../definition/index.ts'
import { didYouMean } from './did-you-mean.ts'
import { type Expr, makeExpression } from './expression.ts'
import { mistake } from './mistake.ts'

/** A reference whose members no service model describes: an expression, and the way to anything below it. */
export type OpenRef<T = string> = Expr<T> & { readonly [member: string]: OpenRef }

/**
 * Properties of a step type that the service model does not describe. The first members are checked, what is below
 * them is not.
 */
export function makeOpenReference(step: string, members: readonly string[]): unknown {
  return new Proxy(Object.create(null) as object, {
    get(_target, key) {
      if (typeof key === 'symbol' || key === 'then') return undefined
      if (members.includes(key)) return openReference(step, [{ kind: 'member', name: key }])
      throw mistake(`Steps.${step} — it has no member "${key}".${didYouMean(key, members)}`)
    },
  })
}

function openReference(step: string, segments: readonly PathSegment[]): unknown {
  const expression = makeExpression<string>({ Get: `Steps.${step}${formatSegments(segments)}` }, 'unknown')
  return new Proxy(expression, {
    get(target, key) {
      if (typeof key === 'symbol' || key in target) return Reflect.get(target, key, target) as unknown
      if (key === 'then') return undefined
      return openReference(step, [...segments, segmentOf(key)])
    },
  })
}

function segmentOf(key: string): PathSegment {
  if (/^\d+$/.test(key)) return { kind: 'index', index: Number(key) }
  return /^[A-Za-z_]\w*$/.test(key) ? { kind: 'member', name: key } : { kind: 'key', key }
}
