import grammar from '../../schemas/definition.schema.json' with { type: 'json' }
import { isExpression, joinPath } from '../definition/index.ts'
import { isRecord } from './values.ts'

/** The part of JSON Schema that our grammar uses for structure; limits and patterns are judged by rules, in better words. */
interface Node {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Node
  readonly items?: Node
  readonly anyOf?: readonly Node[]
}

/** A place where the document is not built as the language wants it. */
export type Misfit = { readonly path: string } & (
  | { readonly kind: 'type'; readonly expected: string; readonly value: unknown }
  | { readonly kind: 'missing'; readonly member: string }
  | { readonly kind: 'unknown'; readonly member: string; readonly value: unknown; readonly known: readonly string[] }
  | { readonly kind: 'expression'; readonly value: unknown }
)

const definitions = grammar.definitions as unknown as Readonly<Record<string, Node>>

/** Members of the document itself, of one of the named things in it, or undefined for a name that the grammar does not have. */
export function membersOf(name: string): readonly string[] | undefined {
  return Object.hasOwn(definitions, name) ? Object.keys(definitions[name]?.properties ?? {}) : undefined
}

export const documentMembers: readonly string[] = Object.keys(grammar.properties)

/**
 * Compares the build of a value with a named part of our grammar: types, missing and unknown members.
 *
 * @param skip Members that somebody else judges.
 */
export function checkGrammar(
  value: unknown,
  name: string,
  path: string,
  skip: ReadonlySet<string> = new Set(),
): Misfit[] {
  const misfits: Misfit[] = []
  compare(value, definitions[name] as Node, path, skip, misfits)
  return misfits
}

const nothing: ReadonlySet<string> = new Set()

function compare(value: unknown, node: Node, path: string, skip: ReadonlySet<string>, misfits: Misfit[]): void {
  const { plain, takesExpression } = alternativesOf(node)
  if (isExpression(value)) {
    if (!takesExpression) misfits.push({ path, kind: 'expression', value })
    return
  }
  const fitting = plain.find(alternative => hasType(value, alternative))
  if (fitting === undefined) {
    misfits.push({ path, kind: 'type', expected: plain.map(expectedType).join(' or '), value })
    return
  }
  if (Array.isArray(value) && fitting.items !== undefined) {
    for (const [index, element] of value.entries())
      compare(element, fitting.items, `${path}[${index}]`, nothing, misfits)
  }
  if (isRecord(value)) compareMembers(value, fitting, path, skip, misfits)
}

function compareMembers(
  value: Readonly<Record<string, unknown>>,
  node: Node,
  path: string,
  skip: ReadonlySet<string>,
  misfits: Misfit[],
): void {
  const known = node.properties ?? {}
  for (const member of node.required ?? []) {
    if (!Object.hasOwn(value, member) || value[member] === undefined) misfits.push({ path, kind: 'missing', member })
  }
  for (const [member, child] of Object.entries(value)) {
    // JSON has no undefined: such a member is not written.
    if (child === undefined) continue
    const target = Object.hasOwn(known, member) ? known[member] : undefined
    if (skip.has(member) && target !== undefined) continue
    if (target !== undefined) compare(child, target, joinPath(path, member), nothing, misfits)
    else if (node.additionalProperties === false) {
      misfits.push({ path, kind: 'unknown', member, value: child, known: Object.keys(known) })
    } else if (typeof node.additionalProperties === 'object') {
      compare(child, node.additionalProperties, joinPath(path, member), nothing, misfits)
    }
  }
}

interface Alternatives {
  readonly plain: readonly Node[]
  readonly takesExpression: boolean
}

const alternatives = new WeakMap<Node, Alternatives>()

function alternativesOf(node: Node): Alternatives {
  const known = alternatives.get(node)
  if (known !== undefined) return known
  const all = flatten(node)
  const plain = all.filter(alternative => !isExpressionNode(alternative))
  const made = { plain, takesExpression: plain.length < all.length }
  alternatives.set(node, made)
  return made
}

/** A node's alternatives with references followed, but expressions left as they are. */
function flatten(node: Node): readonly Node[] {
  if (isExpressionNode(node)) return [node]
  if (node.$ref !== undefined) return flatten(definitions[node.$ref.replace('#/definitions/', '')] as Node)
  return node.anyOf?.flatMap(flatten) ?? [node]
}

const expressionRefs = new Set(['Expression', 'Get', 'Join', 'JsonGet'].map(name => `#/definitions/${name}`))
const isExpressionNode = (node: Node): boolean => node.$ref !== undefined && expressionRefs.has(node.$ref)

function typesOf(node: Node): readonly string[] {
  if (node.const !== undefined || node.enum !== undefined) return ['string']
  if (node.type === undefined) return ['string', 'number', 'boolean', 'object', 'array', 'null']
  return typeof node.type === 'string' ? [node.type] : node.type
}

function hasType(value: unknown, node: Node): boolean {
  return typesOf(node).some(type => {
    if (type === 'null') return value === null
    if (type === 'array') return Array.isArray(value)
    if (type === 'object') return isRecord(value)
    if (type === 'integer') return Number.isInteger(value)
    return typeof value === type
  })
}

const words: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
}

const expectedType = (node: Node): string =>
  typesOf(node)
    .map(type => words[type] ?? type)
    .join(', ')
