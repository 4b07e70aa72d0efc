import type { StepType } from '../../schemas/definition.ts'
import { bedrockProperties, emrServerlessProperties, emrShapes } from '../../schemas/other-services.ts'
import { type Shape, shapeOf } from '../../schemas/service-model/service-model.ts'
import { formatSegments, type PathSegment } from '../definition/index.ts'
import type { ParameterType, StepView } from './scope.ts'
import { at, isRecord, records } from './values.ts'

/** Where a property path of a step leads. */
export type Property =
  | { readonly kind: 'leaf'; readonly type: ParameterType | 'unknown'; readonly shape: string | undefined }
  | { readonly kind: 'inner'; readonly shape: 'structure' | 'list' | 'map' }
  /** Foldwise does not know this type's properties. */
  | { readonly kind: 'unchecked' }
  | { readonly kind: 'absent'; readonly what: string; readonly candidates: readonly string[] }
  /** No public source names it, but it belongs to another service, which may have more. */
  | { readonly kind: 'doubtful'; readonly what: string; readonly candidates: readonly string[] }
  | {
      readonly kind: 'undeclared'
      readonly list: NamedList
      readonly key: string
      readonly declared: readonly string[]
    }
  | { readonly kind: 'index'; readonly index: number; readonly max: number; readonly list: string }

/** Lists whose elements the service looks up by a name that the request declares. */
export type NamedList = 'outputs' | 'inputs' | 'metrics' | 'output parameters'

/** Properties that a type has beyond its Describe shape, by first member; `unchecked` stands for anything below. */
const extraProperties: { readonly [T in StepType]?: Readonly<Record<string, ParameterType | 'unchecked'>> } = {
  Condition: { Outcome: 'Boolean' },
  AutoML: { BestCandidateProperties: 'unchecked' },
  ClarifyCheck: { CalculatedBaselineConstraints: 'String', BaselineUsedForDriftCheckConstraints: 'String' },
  QualityCheck: {
    CalculatedBaselineConstraints: 'String',
    BaselineUsedForDriftCheckConstraints: 'String',
    CalculatedBaselineStatistics: 'String',
    BaselineUsedForDriftCheckStatistics: 'String',
  },
  Lineage: { ActionArns: 'unchecked', ArtifactArns: 'unchecked', ContextArns: 'unchecked', Associations: 'unchecked' },
  Job: { JobConfigDocument: 'unchecked' },
  ForEach: {
    Status: 'String',
    InputItemCount: 'Integer',
    TotalStepCount: 'Integer',
    SucceededStepCount: 'Integer',
    FailedStepCount: 'Integer',
    StoppedStepCount: 'Integer',
    ChildOutputs: 'unchecked',
    Selected: 'unchecked',
  },
}

/** Follows a property path through what the step gives. */
export function resolveProperty(step: StepView, segments: readonly PathSegment[]): Property {
  let known = resolved.get(step)
  if (known === undefined) resolved.set(step, (known = new WeakMap()))
  let property = known.get(segments)
  if (property === undefined) known.set(segments, (property = followPath(step, segments)))
  return property
}

/** The same path of the same step is judged by several rules. */
const resolved = new WeakMap<StepView, WeakMap<readonly PathSegment[], Property>>()

function followPath(step: StepView, segments: readonly PathSegment[]): Property {
  const first = segments[0]
  if (first === undefined) return { kind: 'inner', shape: 'structure' }
  if (first.kind === 'member' && first.name === 'OutputParameters') return outputParameter(step, segments)
  const extra = extraProperties[step.type as StepType]
  if (extra !== undefined && first.kind === 'member' && Object.hasOwn(extra, first.name)) {
    const type = extra[first.name]
    if (type === 'unchecked') return { kind: 'unchecked' }
    if (segments.length === 1) return { kind: 'leaf', type: type ?? 'unknown', shape: undefined }
  }
  const other = ofOtherService(step, first, segments)
  if (other !== undefined) return other
  const shapes = step.kind?.properties ?? []
  if (shapes.length === 0) {
    if (extra === undefined) return { kind: 'unchecked' }
    return { kind: 'absent', what: `A ${step.type} step`, candidates: Object.keys(extra) }
  }
  const owner = shapes.find(name => first.kind === 'member' && Object.hasOwn(shapeOf(name).members ?? {}, first.name))
  if (owner === undefined) {
    const candidates = shapes.flatMap(name => Object.keys(shapeOf(name).members ?? {}))
    return { kind: 'absent', what: describeOperation(shapes[0] as string), candidates }
  }
  return walk(step, owner, segments)
}

/** First members of the types whose deeper ones no table has. */
const firstMembers: { readonly [T in StepType]?: readonly string[] } = {
  ...bedrockProperties,
  EMRServerless: emrServerlessProperties,
}

function ofOtherService(step: StepView, first: PathSegment, segments: readonly PathSegment[]): Property | undefined {
  if (step.type === 'EMR') {
    const found = walk(step, 'EMRStep', segments, emrShapes)
    return found.kind === 'absent' ? { ...found, kind: 'doubtful' } : found
  }
  const candidates = firstMembers[step.type as StepType]
  if (candidates === undefined) return undefined
  return first.kind === 'member' && candidates.includes(first.name)
    ? { kind: 'unchecked' }
    : { kind: 'doubtful', what: `${/^[AE]/.test(step.type) ? 'An' : 'A'} ${step.type} step`, candidates }
}

/** The documented reach of `TrainingJobSummaries`. */
const MAX_SUMMARY = 49

function walk(
  step: StepView,
  root: string,
  segments: readonly PathSegment[],
  own: Readonly<Record<string, Shape>> = {},
): Property {
  const shapeNamed = (name: string): Shape => own[name] ?? shapeOf(name)
  let name = root
  for (const [position, segment] of segments.entries()) {
    const shape = shapeNamed(name)
    const before = (): string => formatSegments(segments.slice(0, position)).replace(/^\./, '')
    if (shape.type === 'structure') {
      const members = shape.members ?? {}
      const target =
        segment.kind === 'member' && Object.hasOwn(members, segment.name) ? members[segment.name] : undefined
      if (target === undefined) {
        const what = position === 0 ? describeOperation(root) : `${describeOperation(root)}, ${before()}`
        return { kind: 'absent', what, candidates: Object.keys(members) }
      }
      name = target
    } else if (shape.type === 'map') {
      if (segment.kind === 'index') return { kind: 'absent', what: `The map ${before()}`, candidates: [] }
      name = shape.value ?? name
    } else if (shape.type === 'list') {
      if (segment.kind === 'member') return { kind: 'absent', what: `The list ${before()}`, candidates: [] }
      const wrong =
        segment.kind === 'key' ? undeclaredKey(step, before(), segment.key) : outOfReach(before(), segment.index)
      if (wrong !== undefined) return wrong
      name = shape.member ?? name
    } else {
      return { kind: 'absent', what: `${before()} is a ${shape.type} and`, candidates: [] }
    }
  }
  const shape = shapeNamed(name)
  if (shape.type === 'structure' || shape.type === 'list' || shape.type === 'map')
    return { kind: 'inner', shape: shape.type }
  return { kind: 'leaf', type: leafTypes[shape.type], shape: Object.hasOwn(own, name) ? undefined : name }
}

const leafTypes = {
  string: 'String',
  boolean: 'Boolean',
  integer: 'Integer',
  long: 'Integer',
  float: 'Float',
  double: 'Float',
  // The service's text form of a date was never captured.
  timestamp: 'unknown',
} as const

function outOfReach(list: string, index: number): Property | undefined {
  if (list !== 'TrainingJobSummaries' || index <= MAX_SUMMARY) return undefined
  return { kind: 'index', index, max: MAX_SUMMARY, list }
}

function undeclaredKey(step: StepView, list: string, key: string): Property | undefined {
  const named = namedLists[list]
  const declared = named?.declared(step)
  if (named === undefined || declared === undefined || declared.includes(key)) return undefined
  return { kind: 'undeclared', list: named.list, key, declared }
}

/** How each name-keyed list gets its names from the request; undefined when the request leaves them open. */
const namedLists: Readonly<
  Record<string, { readonly list: NamedList; readonly declared: (step: StepView) => readonly string[] | undefined }>
> = {
  'ProcessingOutputConfig.Outputs': { list: 'outputs', declared: declaredOutputs },
  ProcessingInputs: { list: 'inputs', declared: step => names(step.args['ProcessingInputs'], 'InputName') },
  FinalMetricDataList: { list: 'metrics', declared: declaredMetrics },
}

/** Names of the outputs of a processing step. */
export function declaredOutputs(step: StepView): readonly string[] {
  return names(at(step.args, 'ProcessingOutputConfig', 'Outputs'), 'OutputName') ?? []
}

/** Names of the metrics that a training step declares; undefined for none, because built-in algorithms bring their own. */
function declaredMetrics(step: StepView): readonly string[] | undefined {
  const declared = names(at(step.args, 'AlgorithmSpecification', 'MetricDefinitions'), 'Name')
  return declared?.length === 0 ? undefined : declared
}

/** Undefined when a name is an expression, so that anything may be meant. */
function names(list: unknown, member: string): readonly string[] | undefined {
  const found = records(list).map(([, record]) => record[member])
  return found.every(name => typeof name === 'string') ? found : undefined
}

/** Names and types of the declared output parameters of a Lambda or Callback step. */
export function outputParameters(step: StepView): ReadonlyMap<string, ParameterType> {
  const found = new Map<string, ParameterType>()
  for (const [, record] of records(step.fields['OutputParameters'])) {
    const { OutputName: name, OutputType: type } = record
    if (typeof name === 'string' && typeof type === 'string') found.set(name, type as ParameterType)
  }
  return found
}

function outputParameter(step: StepView, segments: readonly PathSegment[]): Property {
  if (!isRecord(step.fields) || (step.type !== 'Lambda' && step.type !== 'Callback')) {
    return { kind: 'absent', what: `A ${step.type} step`, candidates: [] }
  }
  const [, key] = segments
  if (key === undefined) return { kind: 'inner', shape: 'map' }
  const declared = outputParameters(step)
  const name = key.kind === 'key' ? key.key : key.kind === 'member' ? key.name : String(key.index)
  const type = declared.get(name)
  if (type === undefined)
    return { kind: 'undeclared', list: 'output parameters', key: name, declared: [...declared.keys()] }
  if (segments.length > 2)
    return { kind: 'absent', what: `OutputParameters['${name}'] is a ${type} and`, candidates: [] }
  return { kind: 'leaf', type, shape: undefined }
}

/** `DescribeTrainingJob` of `DescribeTrainingJobResponse`. */
const describeOperation = (shape: string): string =>
  shape === 'EMRStep' ? 'An EMR step' : shape.replace(/(Response|Output)$/, '')
