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

/** Whether a shape is of type float or double, or holds one at any depth. */
export function holdsFloat(shapeName: string): boolean {
  const seen = new Set<string>()
  const found = search(shapeName, seen)
  // Nothing that was seen leads to a float when the first does not; what leads to one has been noted on the way.
  if (!found) for (const name of seen) floatHolders.set(name, false)
  return found
}

export const isFloat = ({ type }: Shape): boolean => type === 'float' || type === 'double'

const floatHolders = new Map<string, boolean>()

function search(name: string, seen: Set<string>): boolean {
  const known = floatHolders.get(name)
  if (known !== undefined) return known
  if (seen.has(name)) return false
  seen.add(name)
  const shape = shapeOf(name)
  const targets = [...Object.values(shape.members ?? {}), shape.member, shape.value]
  const found = isFloat(shape) || targets.some(target => target !== undefined && search(target, seen))
  if (found) floatHolders.set(name, true)
  return found
}
