import { didYouMeanOrList } from '../../schemas/nearest.ts'
import type { Shape } from '../../schemas/service-model/service-model.ts'
import { shapeOf } from '../../schemas/service-model/service-model.ts'
import { formatSegment, type PathSegment } from '../definition/index.ts'
import type { Present } from './args.ts'
import { type Expr, makeExpression, refuseCoercion, type ValueType } from './expression.ts'
import { mistake } from './mistake.ts'

/** What a finished step gives: the service's Describe response, every leaf an expression. */
export type Ref<T> = [T] extends [string | number | boolean | Date]
  ? Expr<T extends Date ? string : T>
  : T extends readonly (infer E)[]
    ? RefList<Ref<E & Present>>
    : T extends object
      ? { readonly [K in keyof T]-?: Ref<T[K] & Present> }
      : never

/** The elements of a list by position; the first fifty are there for the compiler, whatever its settings. */
type RefList<R> = { readonly [P in Position]: R } & { readonly [position: number]: R }

type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9
type Position = Digit | (`${1 | 2 | 3 | 4}${Digit}` extends `${infer N extends number}` ? N : never)

/** The names a step declared in the lists that are read by name, by list shape. Absent: any name is taken. */
export type DeclaredNames = { readonly [S in keyof typeof nameKeyedLists]?: readonly string[] }

interface ReferenceOptions {
  readonly names?: DeclaredNames
  /** Shapes beside those of the service model, by name. */
  readonly shapes?: Readonly<Record<string, Shape>>
}

/** Lists of the service that a reference reads by the name of an element, not by its position. */
const nameKeyedLists = {
  ProcessingOutputs: 'output',
  ProcessingInputs: 'input',
  FinalMetricDataList: 'metric',
} as const

const referenceMark = Symbol.for('foldwise.reference')

/**
 * The properties of a step: a proxy that collects the path (`.Member`, `[0]`, `['name']`) beside the service model and
 * gives an {@link Expr} at every leaf.
 *
 * @param shape The step's properties; several response shapes are laid over each other beforehand.
 */
export function makeReference(step: string, shape: Shape, options: ReferenceOptions = {}): unknown {
  const { names = {}, shapes = {} } = options
  return refer({ path: `Steps.${step}`, names, shapes, shape, shapeName: undefined })
}

/** The shape that has the members of all these structures and `more`; the first that has a member wins. */
export function mergedShape(shapeNames: readonly string[], more: Readonly<Record<string, string>> = {}): Shape {
  const [only] = shapeNames
  if (shapeNames.length === 1 && Object.keys(more).length === 0) return shapeOf(only as string)
  const members = Object.assign({}, more, ...shapeNames.toReversed().map(name => shapeOf(name).members)) as Record<
    string,
    string
  >
  return { type: 'structure', members }
}

/** The path of a reference that points at a structure, list or map; undefined for anything else. */
export function referencePath(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return Reflect.get(value, referenceMark) as string | undefined
}

interface Place {
  readonly path: string
  readonly names: DeclaredNames
  readonly shapes: Readonly<Record<string, Shape>>
  readonly shape: Shape
  readonly shapeName: string | undefined
}

const leafTypes: Partial<Record<Shape['type'], ValueType>> = {
  string: 'String',
  timestamp: 'String',
  boolean: 'Boolean',
  integer: 'Integer',
  long: 'Integer',
  float: 'Float',
  double: 'Float',
}

function refer(place: Place): unknown {
  const valueType = leafTypes[place.shape.type]
  if (valueType !== undefined) return makeExpression({ Get: place.path }, valueType)
  return new Proxy({ __proto__: null, [placeMark]: place }, handler)
}

const placeMark = Symbol('place')

/** What a reference stands before: it has no members of its own, also none of every object. */
interface Target {
  readonly __proto__: null
  readonly [placeMark]: Place
}

/** One for all references: a large program makes thousands on the way to its leaves. */
const handler: ProxyHandler<Target> = {
  get({ [placeMark]: place }, key) {
    if (key === referenceMark) return place.path
    if (key === Symbol.toPrimitive)
      return (hint: string) => refuseCoercion(place.path, hint === 'number' ? 'number' : 'string')
    if (key === Symbol.iterator) throw unlistable(place.path)
    // `await` and Promise.resolve look for it; a reference is not a promise.
    if (typeof key === 'symbol' || key === 'then') return undefined
    if (key === 'toJSON') return () => refuseCoercion(place.path, 'json')
    if (key === 'toString' || key === 'valueOf') return () => refuseCoercion(place.path, 'string')
    return refer(step(place, key))
  },
  has: () => false,
  ownKeys({ [placeMark]: place }) {
    throw unlistable(place.path)
  },
  set({ [placeMark]: place }, key) {
    throw mistake(
      `${place.path} — it cannot be assigned to ("${String(key)}"); a reference only reads what a step gives.`,
    )
  },
}

function step(place: Place, key: string): Place {
  const [shapeName, segment] = ways[place.shape.type as keyof typeof ways](place, key)
  const { path, names, shapes } = place
  return {
    path: path + formatSegment(segment),
    names,
    shapes,
    shape: shapes[shapeName] ?? shapeOf(shapeName),
    shapeName,
  }
}

type Way = (place: Place, key: string) => readonly [shapeName: string, segment: PathSegment]

/** One way down per kind of shape that is no leaf. */
const ways = {
  structure: (place, key) => {
    const members = place.shape.members ?? {}
    if (Object.hasOwn(members, key)) return [members[key] as string, { kind: 'member', name: key }]
    throw mistake(`${place.path} — it has no member "${key}".${didYouMeanOrList(key, Object.keys(members))}`)
  },
  list: (place, key) => {
    const { shape, shapeName, names } = place
    const keyed = shapeName as keyof typeof nameKeyedLists
    const element = shape.member as string
    if (Object.hasOwn(nameKeyedLists, keyed)) {
      const declared = names[keyed]
      if (declared === undefined || declared.includes(key)) return [element, { kind: 'key', key }]
      throw mistake(
        `${place.path}['${key}'] — the step declares no ${nameKeyedLists[keyed]} "${key}".${didYouMeanOrList(key, declared)}`,
      )
    }
    if (/^\d+$/.test(key)) return [element, { kind: 'index', index: Number(key) }]
    throw mistake(`${place.path} — it is a list, and "${key}" is no position in it; write [0], [1], ….`)
  },
  map: ({ shape }, key) => [shape.value as string, { kind: 'key', key }],
} as const satisfies Record<'structure' | 'list' | 'map', Way>

const unlistable = (path: string) =>
  mistake(
    `${path} — what it holds is not known until the pipeline runs, so it cannot be spread, looped over or listed; name the member you need.`,
  )
