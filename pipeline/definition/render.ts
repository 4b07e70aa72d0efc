import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { PipelineDefinition } from '../../schemas/definition.ts'
import { holdsFloat, isFloat, shapeOf } from '../../schemas/service-model/service-model.ts'
import { isExpression } from './expressions.ts'
import { stepKind } from './step-kinds.ts'

/**
 * The text of a document as it is sent and stored: keys in the document's own order; what the service reads as a float is written
 * with a decimal point (`6.0`), which `JSON.stringify` loses.
 *
 * Source: the SageMaker Python SDK's InferenceComponentStep says that the service refuses `2` in a float slot. Any other JSON
 * value is written too, also one that is no definition: what is wrong with it is the judge's to say.
 *
 * @param indent Spaces per level; 0 writes one line.
 */
export function renderDefinition(document: PipelineDefinition, indent = 2): string {
  return `${render(document, '', indent, floatSlots(document))}${indent > 0 ? '\n' : ''}`
}

/** sha256 over the canonical JSON (RFC 8785) of a document: equal whatever the order of keys or the spelling of numbers. */
export function definitionHash(document: PipelineDefinition): string {
  return createHash('sha256')
    .update(canonicalize(document) ?? '')
    .digest('hex')
}

/** Where numbers are floats: the keys by their object or list, and every object and list that has such a one below it. */
interface FloatSlots {
  readonly keys: Map<object, ReadonlySet<string>>
  readonly above: Set<object>
}

function floatSlots(document: unknown): FloatSlots {
  const slots: FloatSlots = { keys: new Map(), above: new Set() }
  const floatParameters = new Set<unknown>()
  const mark = (owner: object, ...keys: string[]): boolean => {
    slots.keys.set(owner, new Set(keys))
    return true
  }
  const visitParameter = (parameter: Record<string, unknown>): boolean => {
    if (parameter['Type'] !== 'Float') return false
    if (typeof parameter['Name'] === 'string') floatParameters.add(`Parameters.${parameter['Name']}`)
    return mark(parameter, 'DefaultValue')
  }
  const visitSteps = (owner: unknown, member: string): boolean => markEach(owner, member, slots, visitStep)
  const visitStep = (step: Record<string, unknown>): boolean => {
    const kind = stepKind(step['Type'])
    const args = step['Arguments']
    const inArguments = typeof kind?.request === 'string' && markArguments(args, kind.request, slots)
    // The SageMaker Python SDK writes `BackoffRate` with a decimal point.
    const inRetries = markEach(step, 'RetryPolicies', slots, policy => mark(policy, 'BackoffRate'))
    if (kind?.bodyMember !== undefined && typeof args === 'object' && args !== null) {
      const inBody = visitSteps(args, kind.bodyMember)
      if (inBody) slots.above.add(args)
      return inBody || inRetries
    }
    if (kind?.branches === undefined || typeof args !== 'object' || args === null) return inArguments || inRetries
    markConditions(own(args, 'Conditions'), floatParameters, slots)
    visitSteps(args, 'IfSteps')
    visitSteps(args, 'ElseSteps')
    slots.above.add(args)
    return true
  }
  if (typeof document === 'object' && document !== null) slots.above.add(document)
  markEach(document, 'Parameters', slots, visitParameter)
  visitSteps(document, 'Steps')
  return slots
}

/** Visits the objects of a member list; one that has marked something is marked itself, and so is the list. */
function markEach(
  owner: unknown,
  member: string,
  slots: FloatSlots,
  visit: (item: Record<string, unknown>) => boolean,
): boolean {
  const marked = recordsIn(owner, member).filter(visit)
  for (const item of marked) slots.above.add(item)
  if (marked.length > 0) slots.above.add(own(owner, member) as object)
  return marked.length > 0
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

/** Walks a request beside its shape and marks the members and elements that the model calls float or double. @returns whether there is one */
function markArguments(value: unknown, shapeName: string, slots: FloatSlots): boolean {
  if (typeof value !== 'object' || value === null || !holdsFloat(shapeName) || isExpression(value)) return false
  const shape = shapeOf(shapeName)
  const keys = new Set<string>()
  let below = false
  for (const [key, child] of Object.entries(value)) {
    const target =
      shape.member ?? shape.value ?? (Object.hasOwn(shape.members ?? {}, key) ? shape.members?.[key] : undefined)
    if (target === undefined) continue
    if (typeof child === 'number' && isFloat(shapeOf(target))) keys.add(key)
    else if (markArguments(child, target, slots)) below = true
  }
  if (keys.size > 0) slots.keys.set(value, keys)
  if (keys.size === 0 && !below) return false
  slots.above.add(value)
  return true
}

/** A literal that is compared with a Float parameter or with a number of a JSON file is a float. */
function markConditions(value: unknown, floatParameters: ReadonlySet<unknown>, slots: FloatSlots): void {
  if (typeof value !== 'object' || value === null) return
  const readsFloat = (operand: unknown): boolean => {
    if (typeof operand !== 'object' || operand === null) return false
    return Object.hasOwn(operand, 'Std:JsonGet') || floatParameters.has(own(operand, 'Get'))
  }
  slots.above.add(value)
  const keys = new Set<string>()
  if (readsFloat(own(value, 'LeftValue'))) keys.add('RightValue')
  if (readsFloat(own(value, 'RightValue'))) keys.add('LeftValue')
  if (keys.size > 0) slots.keys.set(value, keys)
  const values = own(value, 'Values')
  if (Array.isArray(values) && readsFloat(own(value, 'QueryValue')))
    slots.keys.set(values, new Set(Object.keys(values)))
  for (const child of Object.values(value)) markConditions(child, floatParameters, slots)
}

/** What holds no float is written by `JSON.stringify`, which is several times as fast. */
function render(value: unknown, margin: string, indent: number, slots: FloatSlots): string {
  if (typeof value !== 'object' || value === null || !slots.above.has(value)) {
    const text = JSON.stringify(value, undefined, indent)
    return indent > 0 && typeof value === 'object' ? text.replaceAll('\n', `\n${margin}`) : text
  }
  const inner = margin + ' '.repeat(indent)
  const floats = slots.keys.get(value)
  const child = (key: string, item: unknown): string =>
    typeof item === 'number' && floats?.has(key) ? renderFloat(item) : render(item, inner, indent, slots)
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
