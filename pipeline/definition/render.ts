import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { PipelineDefinition } from '../../schemas/definition.ts'
import { shapeOf } from '../../schemas/service-model/service-model.ts'
import { isExpression } from './expressions.ts'
import { stepKind } from './step-kinds.ts'

/** A number that the service reads as a float: it is written with a decimal point (`6.0`), which `JSON.stringify` loses. */
const floats = new Set(['float', 'double'])

/**
 * The text of a document as it is sent and stored: keys in the document's own order, floats with a decimal point.
 *
 * Source: the SageMaker Python SDK's InferenceComponentStep says that the service refuses `2` in a float slot. Any other JSON
 * value is written too, also one that is no definition: what is wrong with it is the judge's to say.
 *
 * @param indent Spaces per level; 0 writes one line.
 */
export function renderDefinition(document: PipelineDefinition, indent = 2): string {
  return `${render(document, '', indent, documentSlots(document))}${indent > 0 ? '\n' : ''}`
}

/** sha256 over the canonical JSON (RFC 8785) of a document: equal whatever the order of keys or the spelling of numbers. */
export function definitionHash(document: PipelineDefinition): string {
  return createHash('sha256')
    .update(canonicalize(document) ?? '')
    .digest('hex')
}

/** Tells for each object or list the slots below it that are floats. */
type FloatSlots = (owner: object) => ((key: string) => boolean) | undefined

function documentSlots(document: unknown): FloatSlots {
  const slots = new Map<object, (key: string) => boolean>()
  const floatParameters = new Set<unknown>()
  for (const parameter of recordsIn(document, 'Parameters')) {
    if (parameter['Type'] !== 'Float') continue
    slots.set(parameter, key => key === 'DefaultValue')
    if (typeof parameter['Name'] === 'string') floatParameters.add(`Parameters.${parameter['Name']}`)
  }
  const visitSteps = (owner: unknown, list: string): void => {
    for (const step of recordsIn(owner, list)) {
      const kind = stepKind(step['Type'])
      const args = step['Arguments']
      if (typeof kind?.request === 'string') markArguments(args, kind.request, slots)
      markRetries(step, slots)
      if (kind?.branches === undefined) continue
      markConditions(own(args, 'Conditions'), floatParameters, slots)
      visitSteps(args, 'IfSteps')
      visitSteps(args, 'ElseSteps')
    }
  }
  visitSteps(document, 'Steps')
  return owner => slots.get(owner)
}

const own = (value: unknown, member: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, member)
    ? (value as Record<string, unknown>)[member]
    : undefined

/** The objects of a list; a document that somebody else wrote may hold anything in its place. */
function recordsIn(owner: unknown, member: string): Record<string, unknown>[] {
  const list = own(owner, member)
  return Array.isArray(list) ? list.filter(item => typeof item === 'object' && item !== null) : []
}

/** Walks a request beside its shape and marks the members and elements that the model calls float or double. */
function markArguments(value: unknown, shapeName: string, slots: Map<object, (key: string) => boolean>): void {
  if (typeof value !== 'object' || value === null || isExpression(value)) return
  const shape = shapeOf(shapeName)
  const target = (key: string): string | undefined => {
    if (Array.isArray(value)) return shape.member
    return shape.value ?? (shape.members && Object.hasOwn(shape.members, key) ? shape.members[key] : undefined)
  }
  slots.set(value, key => {
    const name = target(key)
    return name !== undefined && floats.has(shapeOf(name).type)
  })
  for (const [key, child] of Object.entries(value)) {
    const name = target(key)
    if (name !== undefined) markArguments(child, name, slots)
  }
}

/** The SageMaker Python SDK writes `BackoffRate` with a decimal point. */
function markRetries(step: object, slots: Map<object, (key: string) => boolean>): void {
  for (const policy of recordsIn(step, 'RetryPolicies')) slots.set(policy, key => key === 'BackoffRate')
}

/** A literal that is compared with a Float parameter or with a number of a JSON file is a float. */
function markConditions(
  value: unknown,
  floatParameters: ReadonlySet<unknown>,
  slots: Map<object, (key: string) => boolean>,
): void {
  if (typeof value !== 'object' || value === null) return
  const isFloat = (operand: unknown): boolean => {
    if (typeof operand !== 'object' || operand === null) return false
    return Object.hasOwn(operand, 'Std:JsonGet') || floatParameters.has(own(operand, 'Get'))
  }
  if (isFloat(own(value, 'LeftValue'))) slots.set(value, key => key === 'RightValue')
  if (isFloat(own(value, 'RightValue'))) slots.set(value, key => key === 'LeftValue')
  const values = own(value, 'Values')
  if (isFloat(own(value, 'QueryValue')) && Array.isArray(values)) slots.set(values, () => true)
  for (const child of Object.values(value)) markConditions(child, floatParameters, slots)
}

function render(value: unknown, margin: string, indent: number, slots: FloatSlots): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = margin + ' '.repeat(indent)
  const isFloat = slots(value)
  const child = (key: string, item: unknown): string =>
    typeof item === 'number' && isFloat?.(key) ? renderFloat(item) : render(item, inner, indent, slots)
  const items = Array.isArray(value)
    ? value.map((item, index) => child(String(index), item))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => `${JSON.stringify(key)}:${indent > 0 ? ' ' : ''}${child(key, item)}`)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  if (items.length === 0) return `${open}${close}`
  if (indent === 0) return `${open}${items.join(',')}${close}`
  return `${open}\n${inner}${items.join(`,\n${inner}`)}\n${margin}${close}`
}

/** `6` becomes `6.0`; `1e+21` becomes `1.0e+21`. */
function renderFloat(value: number): string {
  const text = JSON.stringify(value)
  return /^-?\d+(e|$)/.test(text) ? text.replace(/^-?\d+/, digits => `${digits}.0`) : text
}
