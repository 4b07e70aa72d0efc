import type { Scalar } from '../../schemas/definition.ts'
import { shapeOf } from '../../schemas/service-model/service-model.ts'
import { isGet, isJoin, isJsonGet, parseGetPath } from '../definition/index.ts'
import { resolveProperty } from './properties.ts'
import type { ParameterType, Scope } from './scope.ts'
import { isRecord } from './values.ts'

/** What is known of a value before the pipeline runs. */
export interface Evaluated {
  readonly type: ParameterType | 'unknown'
  /** The value with the parameters' defaults; undefined when only an execution knows it. */
  readonly value: Scalar | undefined
  /** The leading text that is known. */
  readonly prefix: string
  /** False for a value that no parameter can change. */
  readonly usesParameters: boolean
  /** Length that the text can reach, counting only pieces whose bound is known and small. */
  readonly reach: number
}

/** Results of other steps longer than this are taken for URIs and documents, whose bound says nothing about their length. */
const MEANINGFUL_BOUND = 256

const unknown: Evaluated = { type: 'unknown', value: undefined, prefix: '', usesParameters: false, reach: 0 }

/** Evaluates a literal or an expression with the parameters' defaults. Broken expressions are unknown. */
export function evaluate(value: unknown, scope: Scope): Evaluated {
  if (isGet(value)) return evaluateGet(value.Get, scope)
  if (isJoin(value)) return evaluateJoin(value['Std:Join'], scope)
  if (isJsonGet(value) || typeof value === 'object' || value === undefined) return unknown
  const scalar = value as Scalar
  const text = String(scalar)
  return { type: typeOf(scalar), value: scalar, prefix: text, usesParameters: false, reach: text.length }
}

export function typeOf(value: Scalar): ParameterType {
  if (typeof value === 'string') return 'String'
  if (typeof value === 'boolean') return 'Boolean'
  return Number.isInteger(value) ? 'Integer' : 'Float'
}

function evaluateGet(path: string, scope: Scope): Evaluated {
  const reference = parseGetPath(path)
  if (reference === undefined) return unknown
  if (reference.root === 'Parameters') {
    const parameter = scope.parameters.get(reference.name)
    if (parameter === undefined) return { ...unknown, usesParameters: true }
    const text = parameter.default === undefined ? '' : String(parameter.default)
    const reach = Math.max(text.length, ...(parameter.enumValues ?? []).map(item => item.length))
    return { type: parameter.type, value: parameter.default, prefix: text, usesParameters: true, reach }
  }
  if (reference.root === 'Execution') {
    return { ...unknown, type: 'String', reach: reference.name === 'PipelineExecutionId' ? 12 : 0 }
  }
  if (reference.root === 'PipelineExperimentConfig') return { ...unknown, type: 'String' }
  const step = scope.byName.get(reference.step)
  const property = step === undefined ? undefined : resolveProperty(step, reference.segments)
  if (property?.kind !== 'leaf') return unknown
  const max = property.shape === undefined ? undefined : shapeOf(property.shape).max
  const bound = property.type === 'String' ? (max ?? 0) : LONGEST_NUMBER
  return { ...unknown, type: property.type, reach: bound <= MEANINGFUL_BOUND ? bound : 0 }
}

/** A double prints in at most 24 characters. */
const LONGEST_NUMBER = 24

function evaluateJoin(join: unknown, scope: Scope): Evaluated {
  if (!isRecord(join) || typeof join['On'] !== 'string' || !Array.isArray(join['Values']))
    return { ...unknown, type: 'String' }
  const on = join['On']
  const pieces = join['Values'].map(piece => evaluate(piece, scope))
  const firstUnknown = pieces.findIndex(piece => piece.value === undefined)
  const known = firstUnknown < 0 ? pieces : pieces.slice(0, firstUnknown + 1)
  const text = known.map(piece => (piece.value === undefined ? piece.prefix : String(piece.value))).join(on)
  const separators = on.length * Math.max(0, pieces.length - 1)
  return {
    type: 'String',
    value: firstUnknown < 0 ? text : undefined,
    prefix: text,
    usesParameters: pieces.some(piece => piece.usesParameters),
    reach: pieces.reduce((sum, piece) => sum + piece.reach, separators),
  }
}
