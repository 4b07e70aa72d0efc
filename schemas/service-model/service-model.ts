import table from './service-model.json' with { type: 'json' }

/** A shape of the service model, as botocore writes it; only what a shape has is present. */
export interface Shape {
  readonly type:
    | 'structure'
    | 'list'
    | 'map'
    | 'string'
    | 'boolean'
    | 'integer'
    | 'long'
    | 'float'
    | 'double'
    | 'timestamp'
  /** Structure: member name to shape name. */
  readonly members?: Readonly<Record<string, string>>
  readonly required?: readonly string[]
  /** List: shape name of an element. */
  readonly member?: string
  /** Map: shape names of key and value. */
  readonly key?: string
  readonly value?: string
  readonly enum?: readonly string[]
  /** Unanchored text; the service matches whole values. */
  readonly pattern?: string
  /** Length of a string, size of a list or map, value of a number. */
  readonly min?: number
  readonly max?: number
  /** Structure of which exactly one member may be set. */
  readonly union?: boolean
}

export interface Operation {
  readonly input?: string
  readonly output?: string
  /** Shape names of the errors that the model names. */
  readonly errors: readonly string[]
}

/** The SageMaker service model, cut to what pipelines, their steps and the local SageMaker need. */
export const serviceModel: {
  readonly source: string
  readonly operations: Readonly<Record<string, Operation>>
  readonly shapes: Readonly<Record<string, Shape>>
} = table as never

/** The shape with this name; fails on a name that is not in the model, which is our defect. */
export function shapeOf(name: string): Shape {
  const shape = Object.hasOwn(serviceModel.shapes, name) ? serviceModel.shapes[name] : undefined
  if (shape === undefined) throw new Error(`The service model has no shape ${name}`)
  return shape
}

const holding = new WeakMap<(type: Shape['type']) => boolean, ReadonlySet<string>>()

/** The shapes that are of a wanted type or hold one at any depth; computed once for each function. */
export function shapesHolding(isWanted: (type: Shape['type']) => boolean): ReadonlySet<string> {
  const known = holding.get(isWanted)
  if (known !== undefined) return known
  const owners = new Map<string, string[]>()
  const found = new Set<string>()
  for (const [name, shape] of Object.entries(serviceModel.shapes)) {
    if (isWanted(shape.type)) found.add(name)
    for (const target of [...Object.values(shape.members ?? {}), shape.member, shape.value]) {
      if (target === undefined) continue
      const list = owners.get(target)
      if (list === undefined) owners.set(target, [name])
      else list.push(name)
    }
  }
  // A set that grows while it is walked is walked to its end.
  for (const name of found) for (const owner of owners.get(name) ?? []) found.add(owner)
  holding.set(isWanted, found)
  return found
}
