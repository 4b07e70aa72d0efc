import { checkShape, type ShapeFinding, type ShapeMemory } from '../../../schemas/service-model/check-shape.ts'
import { shapeOf } from '../../../schemas/service-model/service-model.ts'
import { isExpression, isGet, joinPath, parseGetPath } from '../../definition/index.ts'
import type { Code } from '../catalogue.ts'
import { type Evaluated, evaluate } from '../evaluate.ts'
import type { ParameterView, Scope, StepView } from '../scope.ts'
import { oneOf, show } from '../show.ts'
import { isRecord } from '../values.ts'
import { deniedMembers } from './deny-list.ts'

/** `Arguments` against the request of the step's type: every literal now, every expression with the parameters' defaults. */
export function argumentsAgainstModel(step: StepView, scope: Scope): void {
  const { kind, args, path } = step
  if (kind === undefined || kind.request === null || !isRecord(step.fields['Arguments'])) return
  const operation = kind.request.replace(/(Request|Input)$/, '')
  const denied = deniedMembers(step)
  const judged =
    denied.size === 0 ? args : Object.fromEntries(Object.entries(args).filter(([member]) => !denied.has(member)))
  const optional = new Set([...(kind.nameMember === undefined ? [] : [kind.nameMember]), 'RoleArn', 'ExecutionRoleArn'])
  const findings = checkShape(judged, kind.request, {
    path: `${path}.Arguments`,
    isExpression,
    optional,
    onExpression: (value, place, shape) => checkSlot(value, place, shape, scope),
    memory: memoryOf(kind.request, scope),
  })
  for (const finding of findings) {
    const place = finding.kind === 'unknown' ? joinPath(finding.path, finding.member) : finding.path
    scope.report(codes[finding.kind], place, describe(finding, operation, scope))
  }
}

const memories = new WeakMap<Scope, Map<string, ShapeMemory>>()

/** The arguments of one request that were right in this document: most steps of a large one differ in little. */
function memoryOf(request: string, scope: Scope): ShapeMemory {
  const known = memories.get(scope) ?? new Map<string, ShapeMemory>()
  memories.set(scope, known)
  const memory: ShapeMemory = known.get(request) ?? new Map()
  known.set(request, memory)
  return memory
}

const codes = {
  unknown: 'FW5001',
  'unknown-more': 'FW5001',
  enum: 'FW5002',
  pattern: 'FW5003',
  size: 'FW5004',
  missing: 'FW5005',
  union: 'FW5005',
  type: 'FW5006',
  expression: 'FW3013',
  depth: 'FW1028',
} as const satisfies Record<ShapeFinding['kind'], Code>

/** What a newer service may change; said once here so that it reads the same everywhere. */
const newer = (code: Code): string => `When a newer service takes it, allow ${code} here with that reason.`

function describe(finding: ShapeFinding, operation: string, scope: Scope): string {
  const found = show(finding.value)
  switch (finding.kind) {
    case 'unknown':
      return `${operation} has no member ${show(finding.member)} here, and the service refuses what it does not know ("Unknown Argument member").${meant(finding.suggestion)} ${newer('FW5001')}`
    case 'unknown-more':
      return `${finding.count} more members that ${operation} does not have.`
    case 'enum':
      return `${found} is not allowed for ${finding.shape}; ${oneOf(finding.allowed)} would be right.${meant(finding.suggestion)} ${newer('FW5002')}`
    case 'pattern':
      return `${found} does not match the pattern of ${finding.shape}, ${finding.pattern}.${patternRepair(finding.value, finding.pattern)}`
    case 'size':
      return `${sizeOf(finding)}; ${bounds(finding)} would be right.${sizeRepair(finding)}`
    case 'missing':
      return `${finding.member} is missing; ${operation} requires it.`
    case 'union':
      return `exactly one of ${oneOf(finding.members)} must be set.`
    case 'type':
      return typeText(finding, scope)
    case 'expression':
      return `an expression where a ${finding.expected} is expected. The service wants the ${finding.expected} itself ("Expecting start of Json ${finding.expected === 'list' ? 'Array' : 'Object'}"), with expressions only inside: ${finding.expected === 'list' ? 'write [ … ] around it.' : 'write its members out.'}`
    case 'depth':
      return 'nested deeper than any request.'
    default:
      return finding satisfies never
  }
}

const meant = (suggestion: string | undefined): string =>
  suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`

function typeText({ value, expected, path }: Extract<ShapeFinding, { kind: 'type' }>, scope: Scope): string {
  const found = show(value)
  if (value === null) return `null where ${expected} is expected. Leave the member out, or give it a value.`
  if (expected === 'a string' && (typeof value === 'number' || typeof value === 'boolean')) {
    return `${found} is a ${typeof value} where a string is expected. Write ${JSON.stringify(String(value))}.`
  }
  if (expected === 'a list')
    return `${found} where a list is expected ("Expecting start of Json Array"). Write [ … ] around it, also around a single value.`
  if (typeof value === 'string' && expected !== 'an object') {
    const number = Number(value)
    if (value.trim() !== '' && Number.isFinite(number))
      return `${found} is a string where ${expected} is expected. Write ${number} without quotes.`
  }
  if (isRecord(value) && expected !== 'an object') {
    const key = Object.keys(value)[0] ?? ''
    const form = scope.suggest(key, ['Get', 'Std:Join', 'Std:JsonGet'])
    return `${found} where ${expected} is expected. An expression is an object with the one member Get, Std:Join or Std:JsonGet.${form}`
  }
  return `${found} where ${expected} is expected${path === '' ? '' : '.'}`
}

function patternRepair(value: unknown, pattern: string): string {
  if (typeof value !== 'string') return ''
  if (pattern.includes('s3') && !value.startsWith('s3://')) return ' Write a URI that begins with s3://.'
  if (pattern.startsWith('arn:') && !value.startsWith('arn:')) return ' Write the whole ARN.'
  return ''
}

function sizeOf({ measure, size, value }: Extract<ShapeFinding, { kind: 'size' }>): string {
  if (measure === 'value') return String(size)
  if (measure === 'characters') return `${show(value)} has ${size} characters`
  return `${size} ${measure}`
}

function bounds({ measure, min, max }: Extract<ShapeFinding, { kind: 'size' }>): string {
  const unit = measure === 'value' ? '' : ` ${measure}`
  if (!Number.isFinite(max)) return `at least ${min}${unit}`
  return Number.isFinite(min) && min > 0 ? `${min} to ${max}${unit}` : `at most ${max}${unit}`
}

/** Limits that people meet often, with the way around them. */
const ways: Readonly<Record<string, string>> = {
  ProcessingInputs: ' Put what belongs together below one S3 prefix and read that as one input.',
  ProcessingOutputs: ' Write into folders of one output.',
  ProcessingEnvironmentMap: ' Put the values into a JSON file on S3 and read it as an input.',
  TrainingEnvironmentMap: ' Put the values into a JSON file on S3 and read it as a channel.',
  HyperParameters: ' Put the values into a JSON file on S3 and read it as a channel.',
  InputDataConfig: ' Put what belongs together below one S3 prefix and read that as one channel.',
  ContainerArgument: ' Put long values into an environment variable in pieces, or into a file.',
}

const sizeRepair = ({ shape }: ShapeFinding): string => (Object.hasOwn(ways, shape) ? (ways[shape] ?? '') : '')

/** Judges an expression in the scalar place of a request; false when something was reported. */
function checkSlot(value: unknown, place: string, shapeName: string, scope: Scope): boolean {
  const shape = shapeOf(shapeName)
  const found = evaluate(value, scope)
  if (found.type !== 'unknown' && !fits(found.type, shape.type)) {
    scope.report('FW3012', place, mismatch(value, found.type, shape.type))
    return false
  }
  const reference = isGet(value) ? parseGetPath(value.Get) : undefined
  if (reference?.root === 'Parameters') return checkParameterSlot(reference.name, place, shapeName, scope)
  return shape.type !== 'string' || checkText(found, place, shapeName, scope)
}

/** Judges what is known of a text: all of it, or its beginning and its length. */
function checkText(found: Evaluated, place: string, shapeName: string, scope: Scope): boolean {
  const shape = shapeOf(shapeName)
  const code = found.usesParameters ? 'FW3025' : 'FW3024'
  if (found.value !== undefined) {
    const [wrong] = checkShape(String(found.value), shapeName)
    if (wrong === undefined) return true
    const how = found.usesParameters ? 'with the defaults of the parameters ' : ''
    scope.report(
      code,
      place,
      `the expression gives ${how}${show(found.value)}: ${describe(wrong, 'the request', scope)}`,
    )
    return false
  }
  const isForeign = isUri(shape.pattern) && /^.{5}/s.test(found.prefix) && !/^(s3|https):\/\//.test(found.prefix)
  if (isForeign) {
    scope.report(
      code,
      place,
      `the expression gives a text that begins with ${show(found.prefix)} where an S3 URI is expected. Begin with "s3://", or join with "/" and begin with "s3:/".`,
    )
  }
  const max = shape.max ?? Number.POSITIVE_INFINITY
  const isLong = found.reach > max
  if (isLong) {
    scope.report(
      'FW3033',
      place,
      `the expression may give up to ${found.reach} characters; ${shapeName} takes at most ${max}. Spread the values over several arguments or variables, or pass a file.`,
    )
  }
  return !isForeign && !isLong
}

const isUri = (pattern: string | undefined): boolean =>
  pattern?.startsWith('(https|s3)://') === true || pattern?.startsWith('s3://') === true

function checkParameterSlot(name: string, place: string, shapeName: string, scope: Scope): boolean {
  const parameter = scope.parameters.get(name)
  if (parameter === undefined || fitting.get(parameter)?.has(shapeName) === true) return true
  const values = [
    ...(parameter.default === undefined || parameter.default === ''
      ? []
      : [{ value: parameter.default, what: 'the default' }]),
    ...(parameter.enumValues ?? []).map(value => ({ value, what: 'the enum value' })),
  ]
  const told = new Set<unknown>()
  for (const { value, what } of values) {
    const [wrong] = checkShape(value, shapeName)
    if (wrong === undefined || told.has(value)) continue
    told.add(value)
    scope.report(
      'FW1022',
      place,
      `${what} of the parameter ${show(name)} does not fit here, and the service checks it when the pipeline is created: ${describe(wrong, 'the request', scope)}`,
    )
  }
  if (told.size > 0) return false
  const shapes = fitting.get(parameter)
  if (shapes === undefined) fitting.set(parameter, new Set([shapeName]))
  else shapes.add(shapeName)
  return true
}

/** The shapes that a parameter's values are known to fit: a role stands in every step. */
const fitting = new WeakMap<ParameterView, Set<string>>()

/** Scalar types that a slot takes. A Float is refused for a whole number; the other way round nothing is lost. */
function fits(type: 'String' | 'Integer' | 'Float' | 'Boolean', slot: string): boolean {
  if (slot === 'string') return type === 'String'
  if (slot === 'boolean') return type === 'Boolean'
  if (slot === 'integer' || slot === 'long') return type === 'Integer'
  if (slot === 'float' || slot === 'double') return type === 'Integer' || type === 'Float'
  return true
}

function mismatch(value: unknown, type: string, slot: string): string {
  const what = isGet(value) ? `Get ${show(value.Get)}` : 'the expression'
  if (slot === 'string') {
    return `${what} is of type ${type} where a string is expected, which the service refuses ("Cannot assign property reference … to argument of type String"). Write {"Std:Join": {"On": "", "Values": [ … ]}} around it.`
  }
  const right = slot === 'boolean' ? 'Boolean' : slot === 'float' || slot === 'double' ? 'Float or Integer' : 'Integer'
  return `${what} is of type ${type} where ${right} is expected. Change the type of the parameter, or refer to something else.`
}
