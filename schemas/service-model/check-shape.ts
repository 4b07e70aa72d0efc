import { nearest } from '../nearest.ts'
import { formatPlace, type Place } from '../place.ts'
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
  /** Called for each expression in a scalar place, to judge it there; says whether it is right. */
  readonly onExpression?: (value: unknown, path: string, shape: string) => boolean
  /** A part like one of the last that were right is not looked at again; for many values checked with the same options. */
  readonly memory?: ShapeMemory
  /** Top-level members that may be absent although the shape requires them, such as the job's name in a step. */
  readonly optional?: ReadonlySet<string>
  /** Treat a `null` member as absent, as the JSON protocol of the service does. @default false */
  readonly nullIsAbsent?: boolean
}

/** By shape, the last objects and lists that were right, the latest first. */
export type ShapeMemory = Map<string, readonly object[]>

/** Few, because each is compared with what comes. */
const MAX_REMEMBERED = 3

/** No request of the model nests deeper; recursive shapes stop here. */
const MAX_DEPTH = 100
/** So many unknown members or wrong elements of one value are named singly. */
const MAX_NAMED = 20

/**
 * Judges a value against a shape of the service model: unknown and missing members, types, enums, patterns, sizes.
 * Returns every finding; never throws on any JSON value.
 */
export function checkShape(value: unknown, shapeName: string, options: CheckShapeOptions = {}): ShapeFinding[] {
  const root: Slot = { value, shape: shapeName, above: undefined, key: '' }
  const check: Check = { options, root, findings: [], wrongExpressions: 0 }
  checkSlot(root, 0, check)
  return check.findings
}

/** A value, the shape that it should have, and where it is; the value itself that is checked has no place. */
interface Slot extends Place {
  readonly value: unknown
  readonly shape: string
}

interface Check {
  readonly options: CheckShapeOptions
  readonly root: Slot
  readonly findings: ShapeFinding[]
  wrongExpressions: number
}

/** What a finding says beside value, shape and place. */
type Fault = ShapeFinding extends infer F ? (F extends ShapeFinding ? Omit<F, 'path' | 'shape' | 'value'> : never) : never

const placeOf = (slot: Slot, { root }: Check): Place | undefined => (slot === root ? undefined : slot)

const pathOf = (slot: Slot, check: Check): string => formatPlace(placeOf(slot, check), check.options.path ?? '')

function add(fault: Fault, slot: Slot, check: Check): void {
  check.findings.push({ path: pathOf(slot, check), shape: slot.shape, value: slot.value, ...fault })
}

function checkSlot(slot: Slot, depth: number, check: Check): void {
  const { memory } = check.options
  // The root is judged with options of its own.
  if (memory === undefined || depth === 0 || typeof slot.value !== 'object' || slot.value === null) {
    checkValue(slot, depth, check)
    return
  }
  const { value } = slot
  const right = memory.get(slot.shape) ?? []
  for (let index = 0; index < right.length; index++) if (isSame(value, right[index])) return
  const before = check.findings.length + check.wrongExpressions
  checkValue(slot, depth, check)
  if (check.findings.length + check.wrongExpressions > before) return
  memory.set(slot.shape, [value, ...right.slice(0, MAX_REMEMBERED - 1)])
}

function checkValue(slot: Slot, depth: number, check: Check): void {
  const shape = shapeOf(slot.shape)
  if (depth > MAX_DEPTH) {
    add({ kind: 'depth' }, slot, check)
    return
  }
  if (check.options.isExpression?.(slot.value)) {
    if (shape.type === 'structure' || shape.type === 'list' || shape.type === 'map') {
      add({ kind: 'expression', expected: shape.type }, slot, check)
    } else if (check.options.onExpression?.(slot.value, pathOf(slot, check), slot.shape) === false) {
      check.wrongExpressions += 1
    }
    return
  }
  checkers[shape.type](slot, shape, check, depth)
}

type Checker = (slot: Slot, shape: Shape, check: Check, depth: number) => void

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

function checkStructure(slot: Slot, shape: Shape, check: Check, depth: number): void {
  const { value } = slot
  const { options } = check
  if (!isRecord(value)) return wrongType(slot, 'an object', check)
  const members = shape.members ?? {}
  const isSet = (member: string): boolean =>
    Object.hasOwn(value, member) &&
    value[member] !== undefined &&
    !(options.nullIsAbsent === true && value[member] === null)

  for (const member of shape.required ?? []) {
    const mayMiss = depth === 0 && options.optional?.has(member) === true
    if (!isSet(member) && !mayMiss) add({ kind: 'missing', member }, slot, check)
  }
  const above = placeOf(slot, check)
  let unknown = 0
  for (const member of Object.keys(value)) {
    const child = value[member]
    const target = Object.hasOwn(members, member) ? members[member] : undefined
    if (target !== undefined) {
      if (isSet(member)) checkSlot({ value: child, shape: target, above, key: member }, depth + 1, check)
      continue
    }
    if (child === undefined) continue
    unknown += 1
    if (unknown > MAX_NAMED) continue
    add({ kind: 'unknown', member, suggestion: nearest(member, Object.keys(members)) }, slot, check)
  }
  if (unknown > MAX_NAMED) add({ kind: 'unknown-more', count: unknown - MAX_NAMED }, slot, check)
  if (shape.union === true && Object.keys(members).filter(isSet).length !== 1) {
    add({ kind: 'union', members: Object.keys(members) }, slot, check)
  }
}

/** True for two equal JSON values; nothing is listed on the way, because most are compared in vain. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
    for (let index = 0; index < a.length; index++) if (!isSame(a[index], b[index])) return false
    return true
  }
  for (const key in a) {
    if (!isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key])) return false
  }
  for (const key in b) if (!Object.hasOwn(a, key)) return false
  return true
}

function checkList(slot: Slot, shape: Shape, check: Check, depth: number): void {
  const { value } = slot
  if (!Array.isArray(value)) return wrongType(slot, 'a list', check)
  checkSize(slot, shape, 'elements', value.length, check)
  const target = shape.member
  if (target === undefined) return
  const above = placeOf(slot, check)
  const before = check.findings.length
  for (let index = 0; index < value.length; index++) {
    checkSlot({ value: value[index], shape: target, above, key: index }, depth + 1, check)
    if (check.findings.length - before > MAX_NAMED * 10) return
  }
}

function checkMap(slot: Slot, shape: Shape, check: Check, depth: number): void {
  const { value } = slot
  if (!isRecord(value)) return wrongType(slot, 'an object', check)
  const { key, value: target } = shape
  if (key === undefined || target === undefined) return
  const entries = Object.entries(value)
  checkSize(slot, shape, 'entries', entries.length, check)
  const above = placeOf(slot, check)
  const keyShape = shapeOf(key)
  const before = check.findings.length
  for (const [name, child] of entries) {
    // A key is never an expression.
    checkers[keyShape.type]({ value: name, shape: key, above, key: name }, keyShape, check, depth + 1)
    if (!(check.options.nullIsAbsent === true && child === null)) {
      checkSlot({ value: child, shape: target, above, key: name }, depth + 1, check)
    }
    if (check.findings.length - before > MAX_NAMED * 10) return
  }
}

function checkString(slot: Slot, shape: Shape, check: Check): void {
  const { value } = slot
  if (typeof value !== 'string') return wrongType(slot, 'a string', check)
  if (shape.enum !== undefined) {
    if (!shape.enum.includes(value)) {
      add({ kind: 'enum', allowed: shape.enum, suggestion: nearest(value, shape.enum) }, slot, check)
    }
    return
  }
  const tooLong = value.length > (shape.max ?? MAX_MATCHED)
  // A value that is too long is not matched: patterns may take quadratic time on huge strings. The form of a value says more than
  // that it is too short, except of an empty one.
  if (!tooLong && value !== '' && shape.pattern !== undefined && !matchesPattern(shape.pattern, value)) {
    add({ kind: 'pattern', pattern: shape.pattern }, slot, check)
    return
  }
  const fits = checkSize(slot, shape, 'characters', value.length, check)
  if (fits && value === '' && shape.pattern !== undefined && !matchesPattern(shape.pattern, value)) {
    add({ kind: 'pattern', pattern: shape.pattern }, slot, check)
  }
}

/** Longest string that is matched against a pattern; the longest limit of the model is far below. */
const MAX_MATCHED = 100_000

function checkBoolean(slot: Slot, _shape: Shape, check: Check): void {
  if (typeof slot.value !== 'boolean') wrongType(slot, 'true or false', check)
}

function checkNumber(slot: Slot, shape: Shape, check: Check): void {
  const { value } = slot
  const whole = shape.type === 'integer' || shape.type === 'long'
  if (typeof value !== 'number' || (whole && !Number.isInteger(value))) {
    return wrongType(slot, whole ? 'a whole number' : 'a number', check)
  }
  checkSize(slot, shape, 'value', value, check)
}

/** The JSON protocol writes timestamps as seconds; ISO-8601 text is taken too. */
function checkTimestamp(slot: Slot, _shape: Shape, check: Check): void {
  if (typeof slot.value !== 'number' && typeof slot.value !== 'string') wrongType(slot, 'a timestamp', check)
}

/** True when the size is within the bounds of the shape. */
function checkSize(slot: Slot, shape: Shape, measure: Measure, size: number, check: Check): boolean {
  const min = shape.min ?? Number.NEGATIVE_INFINITY
  const max = shape.max ?? Number.POSITIVE_INFINITY
  if (size >= min && size <= max) return true
  add({ kind: 'size', measure, size, min, max }, slot, check)
  return false
}

function wrongType(slot: Slot, expected: string, check: Check): void {
  add({ kind: 'type', expected, found: describeType(slot.value) }, slot, check)
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

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
