import { nearest } from '../nearest.ts'
import { type Shape, serviceModel, shapeOf } from './service-model.ts'

/** One way in which a value does not fit its shape. */
export type ShapeFinding = {
  /** Place of the value, such as `ResourceConfig.InstanceType`; for a missing or unknown member the place of the structure. */
  readonly path: string
  /** Shape that the value (or, for a missing or unknown member, the structure around it) should have. */
  readonly shape: string
  readonly value: unknown
} & (
  | { readonly kind: 'unknown'; readonly member: string; readonly suggestion: string | undefined }
  | { readonly kind: 'unknown-more'; readonly count: number }
  | { readonly kind: 'missing'; readonly member: string }
  | { readonly kind: 'type'; readonly expected: string; readonly found: string }
  | { readonly kind: 'expression'; readonly expected: 'list' | 'structure' | 'map' }
  | { readonly kind: 'enum'; readonly allowed: readonly string[]; readonly suggestion: string | undefined }
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'size'; readonly measure: Measure; readonly size: number; readonly min: number; readonly max: number }
  | { readonly kind: 'union'; readonly members: readonly string[] }
  | { readonly kind: 'depth' }
)

/** What `min` and `max` of a shape measure. */
export type Measure = 'characters' | 'elements' | 'entries' | 'value'

export interface CheckShapeOptions {
  /** Place of the value itself. @default '' */
  readonly path?: string
  /** Tells a value that is computed when the pipeline runs. Such a value passes in scalar places only. @default nothing is */
  readonly isExpression?: (value: unknown) => boolean
  /** Called for each expression in a scalar place, to judge it there. */
  readonly onExpression?: (value: unknown, path: string, shape: string) => void
  /** Top-level members that may be absent although the shape requires them, such as the job's name in a step. */
  readonly optional?: ReadonlySet<string>
  /** Treat a `null` member as absent, as the JSON protocol of the service does. @default false */
  readonly nullIsAbsent?: boolean
}

/** No request of the model nests deeper; recursive shapes stop here. */
const MAX_DEPTH = 100
/** So many unknown members or wrong elements of one value are named singly. */
const MAX_NAMED = 20

/**
 * Judges a value against a shape of the service model: unknown and missing members, types, enums, patterns, sizes.
 * Returns every finding; never throws on any JSON value.
 */
export function checkShape(value: unknown, shapeName: string, options: CheckShapeOptions = {}): ShapeFinding[] {
  const findings: ShapeFinding[] = []
  check({ value, shape: shapeName, path: options.path ?? '' }, 0, options, findings)
  return findings
}

interface Place {
  readonly value: unknown
  readonly shape: string
  readonly path: string
}

function check(place: Place, depth: number, options: CheckShapeOptions, findings: ShapeFinding[]): void {
  const shape = shapeOf(place.shape)
  if (depth > MAX_DEPTH) {
    findings.push({ ...place, kind: 'depth' })
    return
  }
  if (options.isExpression?.(place.value)) {
    if (shape.type === 'structure' || shape.type === 'list' || shape.type === 'map') {
      findings.push({ ...place, kind: 'expression', expected: shape.type })
    } else {
      options.onExpression?.(place.value, place.path, place.shape)
    }
    return
  }
  checkers[shape.type](place, shape, depth, options, findings)
}

type Checker = (
  place: Place,
  shape: Shape,
  depth: number,
  options: CheckShapeOptions,
  findings: ShapeFinding[],
) => void

const checkers = {
  structure: checkStructure,
  list: checkList,
  map: checkMap,
  string: checkString,
  boolean: checkBoolean,
  integer: checkNumber,
  long: checkNumber,
  float: checkNumber,
  double: checkNumber,
  timestamp: checkTimestamp,
} satisfies Record<Shape['type'], Checker>

function checkStructure(
  place: Place,
  shape: Shape,
  depth: number,
  options: CheckShapeOptions,
  findings: ShapeFinding[],
): void {
  const { value, path } = place
  if (!isRecord(value)) return wrongType(place, 'an object', findings)
  const members = shape.members ?? {}
  const isSet = (member: string): boolean =>
    Object.hasOwn(value, member) &&
    value[member] !== undefined &&
    !(options.nullIsAbsent === true && value[member] === null)

  for (const member of shape.required ?? []) {
    const mayMiss = depth === 0 && options.optional?.has(member) === true
    if (!isSet(member) && !mayMiss) findings.push({ ...place, kind: 'missing', member })
  }
  let unknown = 0
  for (const [member, child] of Object.entries(value)) {
    const target = Object.hasOwn(members, member) ? members[member] : undefined
    if (target !== undefined) {
      if (isSet(member)) check({ value: child, shape: target, path: joinMember(path, member) }, depth + 1, options, findings)
      continue
    }
    if (child === undefined) continue
    unknown += 1
    if (unknown > MAX_NAMED) continue
    findings.push({ ...place, kind: 'unknown', member, suggestion: nearest(member, Object.keys(members)) })
  }
  if (unknown > MAX_NAMED) findings.push({ ...place, kind: 'unknown-more', count: unknown - MAX_NAMED })
  if (shape.union === true && Object.keys(members).filter(isSet).length !== 1) {
    findings.push({ ...place, kind: 'union', members: Object.keys(members) })
  }
}

function checkList(
  place: Place,
  shape: Shape,
  depth: number,
  options: CheckShapeOptions,
  findings: ShapeFinding[],
): void {
  const { value, path } = place
  if (!Array.isArray(value)) return wrongType(place, 'a list', findings)
  checkSize(place, shape, 'elements', value.length, findings)
  const target = shape.member
  if (target === undefined) return
  const before = findings.length
  for (const [index, element] of value.entries()) {
    check({ value: element, shape: target, path: `${path}[${index}]` }, depth + 1, options, findings)
    if (findings.length - before > MAX_NAMED * 10) return
  }
}

function checkMap(place: Place, shape: Shape, depth: number, options: CheckShapeOptions, findings: ShapeFinding[]): void {
  const { value, path } = place
  if (!isRecord(value)) return wrongType(place, 'an object', findings)
  const { key, value: target } = shape
  if (key === undefined || target === undefined) return
  const entries = Object.entries(value)
  checkSize(place, shape, 'entries', entries.length, findings)
  const before = findings.length
  for (const [name, child] of entries) {
    const at = joinMember(path, name)
    check({ value: name, shape: key, path: at }, depth + 1, { ...options, isExpression: () => false }, findings)
    if (!(options.nullIsAbsent === true && child === null)) {
      check({ value: child, shape: target, path: at }, depth + 1, options, findings)
    }
    if (findings.length - before > MAX_NAMED * 10) return
  }
}

function checkString(place: Place, shape: Shape, _depth: number, _options: unknown, findings: ShapeFinding[]): void {
  const { value } = place
  if (typeof value !== 'string') return wrongType(place, 'a string', findings)
  if (shape.enum !== undefined) {
    if (!shape.enum.includes(value)) {
      findings.push({ ...place, kind: 'enum', allowed: shape.enum, suggestion: nearest(value, shape.enum) })
    }
    return
  }
  const tooLong = value.length > (shape.max ?? MAX_MATCHED)
  // A value that is too long is not matched: patterns may take quadratic time on huge strings. The form of a value says more than
  // that it is too short, except of an empty one.
  if (!tooLong && value !== '' && shape.pattern !== undefined && !matchesPattern(shape.pattern, value)) {
    findings.push({ ...place, kind: 'pattern', pattern: shape.pattern })
    return
  }
  const fits = checkSize(place, shape, 'characters', value.length, findings)
  if (fits && value === '' && shape.pattern !== undefined && !matchesPattern(shape.pattern, value)) {
    findings.push({ ...place, kind: 'pattern', pattern: shape.pattern })
  }
}

/** Longest string that is matched against a pattern; the longest limit of the model is far below. */
const MAX_MATCHED = 100_000

function checkBoolean(place: Place, _shape: Shape, _depth: number, _options: unknown, findings: ShapeFinding[]): void {
  if (typeof place.value !== 'boolean') wrongType(place, 'true or false', findings)
}

function checkNumber(place: Place, shape: Shape, _depth: number, _options: unknown, findings: ShapeFinding[]): void {
  const { value } = place
  const whole = shape.type === 'integer' || shape.type === 'long'
  if (typeof value !== 'number' || (whole && !Number.isInteger(value))) {
    return wrongType(place, whole ? 'a whole number' : 'a number', findings)
  }
  checkSize(place, shape, 'value', value, findings)
}

/** The JSON protocol writes timestamps as seconds; ISO-8601 text is taken too. */
function checkTimestamp(place: Place, _shape: Shape, _depth: number, _options: unknown, findings: ShapeFinding[]): void {
  const { value } = place
  if (typeof value !== 'number' && typeof value !== 'string') wrongType(place, 'a timestamp', findings)
}

/** True when the size is within the bounds of the shape. */
function checkSize(place: Place, shape: Shape, measure: Measure, size: number, findings: ShapeFinding[]): boolean {
  const min = shape.min ?? Number.NEGATIVE_INFINITY
  const max = shape.max ?? Number.POSITIVE_INFINITY
  if (size >= min && size <= max) return true
  findings.push({ ...place, kind: 'size', measure, size, min, max })
  return false
}

function wrongType(place: Place, expected: string, findings: ShapeFinding[]): void {
  findings.push({ ...place, kind: 'type', expected, found: describeType(place.value) })
}

/** `a string`, `a list`, `null`, … */
export function describeType(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return { object: 'an object', string: 'a string', number: 'a number', boolean: 'a boolean' }[typeof value as string] ?? 'nothing'
}

/**
 * Matches a whole value, as the service does; a pattern that JavaScript cannot compile matches everything. A dot takes line breaks too:
 * whether the service minds them in an inline script was never seen.
 */
export function matchesPattern(pattern: string, value: string): boolean {
  return compiled(pattern)?.test(value) ?? true
}

const cache = new Map<string, RegExp | undefined>()

function compiled(pattern: string): RegExp | undefined {
  if (!cache.has(pattern)) cache.set(pattern, compile(pattern))
  return cache.get(pattern)
}

function compile(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`, 'su')
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Shapes whose pattern is written in a dialect that JavaScript cannot compile; their values are not matched. */
export function uncheckedPatterns(): string[] {
  return Object.entries(serviceModel.shapes)
    .filter(([, shape]) => shape.pattern !== undefined && compiled(shape.pattern) === undefined)
    .map(([name]) => name)
}

function joinMember(path: string, member: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(member)) return `${path}[${JSON.stringify(member)}]`
  return path === '' ? member : `${path}.${member}`
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
