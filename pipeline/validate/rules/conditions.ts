import { isExpression, joinPath } from '../../definition/index.ts'
import { evaluate, type Evaluated } from '../evaluate.ts'
import type { Scope, StepView } from '../scope.ts'
import { oneOf, show } from '../show.ts'
import { isRecord, type Json } from '../values.ts'

const orderings = ['GreaterThan', 'GreaterThanOrEqualTo', 'LessThan', 'LessThanOrEqualTo']

/** Members of each condition type. */
const forms: Readonly<Record<string, readonly string[]>> = {
  Equals: ['LeftValue', 'RightValue'],
  GreaterThan: ['LeftValue', 'RightValue'],
  GreaterThanOrEqualTo: ['LeftValue', 'RightValue'],
  LessThan: ['LeftValue', 'RightValue'],
  LessThanOrEqualTo: ['LeftValue', 'RightValue'],
  In: ['QueryValue', 'Values'],
  Not: ['Condition'],
  Or: ['Conditions'],
}

/** Condition types that exist elsewhere, and what says the same here. */
const repairs: Readonly<Record<string, string>> = {
  NotEquals: 'Write {"Type": "Not", "Condition": {"Type": "Equals", …}}.',
  NotIn: 'Write {"Type": "Not", "Condition": {"Type": "In", …}}.',
  And: 'The list of conditions already means "and": put them side by side.',
}

/** The list of conditions of a Condition step. */
export function conditions(step: StepView, scope: Scope): void {
  const list = step.args['Conditions']
  if (!Array.isArray(list)) return
  const path = `${step.path}.Arguments.Conditions`
  if (list.length === 0) {
    scope.report('FW3032', path, 'no condition. Add one: what an empty list decides is not documented.')
  }
  for (const [index, condition] of list.entries()) checkCondition(condition, `${path}[${index}]`, scope)
}

function checkCondition(condition: unknown, path: string, scope: Scope): void {
  const { report } = scope
  if (!isRecord(condition)) {
    report(
      'FW3027',
      path,
      `${show(condition)} is no condition; an object such as {"Type": "GreaterThanOrEqualTo", "LeftValue": …, "RightValue": …} would be right.`,
    )
    return
  }
  const type = condition['Type']
  const form = typeof type === 'string' && Object.hasOwn(forms, type) ? forms[type] : undefined
  if (form === undefined) {
    report('FW3027', path, describeType(type, scope))
    return
  }
  checkMembers(condition, form, path, scope)
  if (type === 'Not') {
    if (condition['Condition'] !== undefined) checkCondition(condition['Condition'], `${path}.Condition`, scope)
  } else if (type === 'Or') checkOr(condition['Conditions'], `${path}.Conditions`, scope)
  else checkOperands(condition, type as string, path, scope)
}

function describeType(type: unknown, scope: Scope): string {
  const known = Object.keys(forms)
  if (typeof type !== 'string') return `Type is ${show(type)}; ${oneOf(known)} would be right.`
  const repair = Object.hasOwn(repairs, type)
    ? ` ${repairs[type]}`
    : scope.suggest(type.replace(/^Condition/, ''), known)
  return `${show(type)} is no condition type; ${oneOf(known)} would be right.${repair}`
}

function checkMembers(condition: Json, form: readonly string[], path: string, { report, suggest }: Scope): void {
  for (const member of form) {
    if (!Object.hasOwn(condition, member))
      report(
        'FW3027',
        path,
        `${member} is missing; a ${String(condition['Type'])} condition has Type, ${form.join(', ')}.`,
      )
  }
  for (const member of Object.keys(condition)) {
    if (member === 'Type' || form.includes(member)) continue
    report(
      'FW3027',
      path,
      `unknown member ${show(member)}; a ${String(condition['Type'])} condition has Type, ${form.join(', ')}.${suggest(member, form)}`,
    )
  }
}

function checkOr(list: unknown, path: string, scope: Scope): void {
  if (list === undefined) return
  if (!Array.isArray(list)) {
    scope.report('FW3027', path, `${show(list)} where a list of conditions is expected.`)
    return
  }
  if (list.length === 0) scope.report('FW3032', path, 'no condition, so Or can never be true. Add one.')
  for (const [index, inner] of list.entries()) checkCondition(inner, `${path}[${index}]`, scope)
}

function checkOperands(condition: Json, type: string, path: string, scope: Scope): void {
  if (type === 'In') {
    const values = condition['Values']
    if (values !== undefined && !Array.isArray(values)) {
      scope.report('FW3027', joinPath(path, 'Values'), `${show(values)} where a list of values is expected.`)
    }
    const list = Array.isArray(values) ? values : []
    if (Array.isArray(values) && list.length === 0)
      scope.report('FW3032', path, 'Values is empty, so In can never be true. Add a value.')
    const query = operand(condition['QueryValue'], joinPath(path, 'QueryValue'), scope)
    for (const [index, value] of list.entries()) {
      const found = operand(value, `${path}.Values[${index}]`, scope)
      compare(query, found, type, path, scope)
    }
    return
  }
  const left = operand(condition['LeftValue'], joinPath(path, 'LeftValue'), scope)
  const right = operand(condition['RightValue'], joinPath(path, 'RightValue'), scope)
  if (left === undefined || right === undefined) return
  compare(left, right, type, path, scope)
  if (!isExpression(condition['LeftValue']) && !isExpression(condition['RightValue'])) {
    scope.report(
      'FW3029',
      path,
      `two literals, ${show(left.value)} and ${show(right.value)}, are compared, so the answer never changes. Compare a parameter or a result of a step.`,
    )
  }
}

function operand(value: unknown, path: string, scope: Scope): Evaluated | undefined {
  if (value === undefined) return undefined
  if (isExpression(value) || ['string', 'number', 'boolean'].includes(typeof value)) return evaluate(value, scope)
  const repair = isRecord(value) ? ' An expression is {"Get": …}, {"Std:Join": …} or {"Std:JsonGet": …}.' : ''
  scope.report(
    'FW3030',
    path,
    `${show(value)} cannot be compared; a string, a number, true, false or an expression would be right.${repair}`,
  )
  return undefined
}

function compare(
  left: Evaluated | undefined,
  right: Evaluated | undefined,
  type: string,
  path: string,
  { report }: Scope,
): void {
  if (left === undefined || right === undefined || left.type === 'unknown' || right.type === 'unknown') return
  const [a, b] = [family(left), family(right)]
  if (a !== b) {
    report(
      'FW3028',
      path,
      `${article(left)} is compared with ${article(right)}. Values of different types are never equal and cannot be ordered: make both sides the same type.`,
    )
  } else if (a === 'Boolean' && orderings.includes(type)) {
    report('FW3028', path, `true and false have no order for ${type}. Use Equals.`)
  } else if (a === 'String' && orderings.includes(type) && !(looksOrdered(left) && looksOrdered(right))) {
    report(
      'FW3028',
      path,
      `text is ordered by ${type}, and how the service orders text is not documented. Compare numbers.`,
    )
  }
}

/** Numbers and dates in text keep a meaning when they are ordered; a value of the run may be one. */
const looksOrdered = ({ value }: Evaluated): boolean => value === undefined || /^\s*[-+]?\d/.test(String(value))

const family = ({ type }: Evaluated): string => (type === 'Integer' || type === 'Float' ? 'number' : type)

const article = ({ type, value }: Evaluated): string =>
  value === undefined ? `a value of type ${type}` : `${show(value)} of type ${type}`
