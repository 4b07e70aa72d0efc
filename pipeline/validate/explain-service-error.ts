import { isTooDeep, joinPath } from '../definition/index.ts'
import type { Code } from './catalogue.ts'
import { validateDefinition } from './validate-definition.ts'
import { show } from './show.ts'
import type { Origins, Problem } from '../../schemas/problem.ts'

/** Where a refusal of the service comes from in a document. */
export interface ServiceErrorExplanation {
  /** One sentence about what the service minds, in our words. */
  readonly summary: string
  /** What to do. */
  readonly repair: string
  /** Code of the catalogue that describes this kind of mistake. */
  readonly code: Code | undefined
  /** Places of the document that can be meant, most likely first. */
  readonly places: readonly ServiceErrorPlace[]
}

export interface ServiceErrorPlace {
  readonly path: string
  readonly step: string | undefined
  /** `file:line` of the code that made the step, when known. */
  readonly at: string | undefined
}

/** How the service words a refusal, and how to find what it means. */
interface Pattern {
  readonly pattern: RegExp
  readonly code: Code
  readonly explain: (match: RegExpExecArray) => {
    readonly summary: string
    readonly repair: string
    readonly search: Search
  }
}

/** What to look for: a member, a value, a reference, a step, or what the judge says about a code. */
type Search =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'reference'; readonly path: string }
  | { readonly kind: 'step'; readonly name: string; readonly member?: string }
  | { readonly kind: 'code'; readonly codes: readonly Code[] }

const patterns: readonly Pattern[] = [
  {
    pattern: /Unknown Argument member '?([\w-]+)'?/i,
    code: 'FW5001',
    explain: ([, name = '']) => ({
      summary: `the service does not know the argument ${show(name)}`,
      repair: 'Remove it: the workflow service knows a part of the public API only.',
      search: { kind: 'member', name },
    }),
  },
  {
    pattern: /unknown property '?([\w:-]+)'?/i,
    code: 'FW2003',
    explain: ([, name = '']) => ({
      summary: `the definition language has no member ${show(name)} there`,
      repair: 'Remove it or correct its spelling.',
      search: { kind: 'member', name },
    }),
  },
  {
    pattern: /Cannot assign property reference \[?([^\]\s]+)\]? to argument of type \[?(\w+)/i,
    code: 'FW3012',
    explain: ([, path = '', type = '']) => ({
      summary: `${show(path)} is of another type than ${type}`,
      repair: 'Write {"Std:Join": {"On": "", "Values": [ … ]}} around it, or change the type of the parameter.',
      search: { kind: 'reference', path },
    }),
  },
  {
    pattern: /Value '([^']*)' for '([^']*)' failed to satisfy enum value set/i,
    code: 'FW5002',
    explain: ([, value = '', shape = '']) => ({
      summary: `${show(value)} is not allowed for ${shape}`,
      repair: 'Use one of the values that the message lists; in the default of a parameter too.',
      search: { kind: 'value', value },
    }),
  },
  {
    pattern: /Value '?([^']*?)'? at '([^']*)' failed to satisfy constraint/i,
    code: 'FW5003',
    explain: ([, value = '', place = '']) => ({
      summary: `${show(value)} does not fit ${place}`,
      repair: 'Correct the value to what the message asks for.',
      search: { kind: 'value', value },
    }),
  },
  {
    pattern: /Expecting start of Json (Array|Object)/i,
    code: 'FW3013',
    explain: ([, kind = '']) => ({
      summary: `an expression or single value stands where ${kind === 'Array' ? 'a list' : 'an object'} is expected`,
      repair: kind === 'Array' ? 'Write [ … ] around it.' : 'Write the object out, with expressions inside.',
      search: { kind: 'code', codes: ['FW3013', 'FW5006', 'FW2001', 'FW1006'] },
    }),
  },
  {
    pattern: /([A-Za-z0-9_-]+) can(?: ?not) depends? on ([A-Za-z0-9_-]+)/i,
    code: 'FW2015',
    explain: ([, name = '', other = '']) => ({
      summary: `${show(name)} cannot wait for ${show(other)}`,
      repair: 'Remove the DependsOn entry or the reference.',
      search: { kind: 'step', name, member: 'DependsOn' },
    }),
  },
  {
    pattern: /\bcycl(e|ic)\b/i,
    code: 'FW2014',
    explain: () => ({
      summary: 'steps wait for each other',
      repair: 'Remove one of the references or DependsOn entries in the cycle.',
      search: { kind: 'code', codes: ['FW2014', 'FW2013'] },
    }),
  },
  {
    pattern: /Step '?([A-Za-z0-9_-]+)'? is undefined/i,
    code: 'FW3003',
    explain: ([, name = '']) => ({
      summary: `there is no step ${show(name)}`,
      repair: 'Correct the name, or add the step.',
      search: { kind: 'reference', path: `Steps.${name}` },
    }),
  },
  {
    pattern: /\[string ""? is too short/i,
    code: 'FW9004',
    explain: () => ({
      summary: 'a parameter has an empty value',
      repair: 'Leave it out to use the default, or pass a word such as "none".',
      search: { kind: 'code', codes: ['FW1019'] },
    }),
  },
  {
    pattern: /Cannot use both 'Pipe' and 'FastFile'/i,
    code: 'FW5012',
    explain: () => ({
      summary: 'one training reads channels in Pipe and in FastFile mode',
      repair: 'Choose one mode for all channels of the job.',
      search: { kind: 'code', codes: ['FW5012'] },
    }),
  },
  {
    pattern:
      /Invalid SourcePipelineExecutionArn: null\. The selected steps \[([^\]]*)\] have dependencies on \[([^\]]*)\]/i,
    code: 'FW9012',
    explain: ([, selected = '', needed = '']) => ({
      summary: `the results of ${needed} are needed by ${selected}, and no earlier execution is named`,
      repair: 'Name one with SourcePipelineExecutionArn (--from), or select those steps too.',
      search: { kind: 'step', name: selected.split(',')[0]?.trim() ?? '' },
    }),
  },
  {
    pattern: /Unknown parameter '?([\w-]+)'?/i,
    code: 'FW9001',
    explain: ([, name = '']) => ({
      summary: `the deployed pipeline has no parameter ${show(name)}`,
      repair: 'Correct its name, or upsert the pipeline that declares it first.',
      search: { kind: 'reference', path: `Parameters.${name}` },
    }),
  },
  {
    pattern: /Parameter '?([\w-]+)'? is undefined/i,
    code: 'FW9002',
    explain: ([, name = '']) => ({
      summary: `the parameter ${show(name)} has no value`,
      repair: `Pass one, such as -p ${name}=value, or give it a default.`,
      search: { kind: 'reference', path: `Parameters.${name}` },
    }),
  },
  {
    pattern: /Unexpected type for parameter '?([\w-]+)'?/i,
    code: 'FW9003',
    explain: ([, name = '']) => ({
      summary: `the value of the parameter ${show(name)} is of another type than declared`,
      repair: 'Write a value of the declared type.',
      search: { kind: 'reference', path: `Parameters.${name}` },
    }),
  },
]

/** So many places are named; a mistake that is in more has one cause anyway. */
const MAX_PLACES = 20

/**
 * Maps a refusal of CreatePipeline, UpdatePipeline or StartPipelineExecution back to the places of the document, and to the lines of
 * the code that wrote them.
 *
 * @returns undefined for a message that Foldwise does not know.
 */
export function explainServiceError(
  message: string,
  document: unknown,
  origins: Origins = new Map(),
): ServiceErrorExplanation | undefined {
  for (const { pattern, code, explain } of patterns) {
    const match = pattern.exec(message.slice(0, 20_000))
    if (match === null) continue
    const { summary, repair, search } = explain(match)
    const paths = isTooDeep(document) ? [] : find(search, document)
    return { summary, repair, code, places: paths.slice(0, MAX_PLACES).map(path => placeOf(path, document, origins)) }
  }
  return undefined
}

function find(search: Search, document: unknown): string[] {
  if (search.kind === 'code') {
    const problems: readonly Problem[] = validateDefinition(document)
    return search.codes.flatMap(code => problems.filter(problem => problem.code === code).map(problem => problem.path))
  }
  const found: string[] = []
  const visit = (value: unknown, path: string): void => {
    if (search.kind === 'value' && value === search.value) found.push(path)
    if (typeof value !== 'object' || value === null) return
    if (Array.isArray(value)) {
      for (const [index, child] of value.entries()) visit(child, `${path}[${index}]`)
      return
    }
    if (search.kind === 'step' && isNamed(value, search.name)) {
      found.push(
        search.member !== undefined && Object.hasOwn(value, search.member) ? joinPath(path, search.member) : path,
      )
    }
    for (const [key, child] of Object.entries(value)) {
      const at = joinPath(path, key)
      if (search.kind === 'member' && key === search.name) found.push(at)
      if (search.kind === 'reference' && key === 'DependsOn' && Array.isArray(child)) {
        const index = child.findIndex(name => typeof name === 'string' && search.path === `Steps.${name}`)
        if (index >= 0) found.push(`${at}[${index}]`)
      }
      if (
        search.kind === 'reference' &&
        key === 'Get' &&
        typeof child === 'string' &&
        isReferenceTo(child, search.path)
      )
        found.push(path)
      visit(child, at)
    }
  }
  visit(document, '')
  return found
}

/** Errors name a reference with or without the path below it. */
const isReferenceTo = (path: string, named: string): boolean =>
  path === named || path.startsWith(`${named}.`) || path.endsWith(`.${named}`)

const isNamed = (value: object, name: string): boolean => 'Name' in value && value.Name === name && 'Type' in value

function placeOf(path: string, document: unknown, origins: Origins): ServiceErrorPlace {
  const owner = /^Steps\[\d+\](?:\.Arguments\.(?:IfSteps|ElseSteps)\[\d+\])*/.exec(path)?.[0]
  const name = owner === undefined ? undefined : nameAt(document, owner)
  return { path, step: name, at: name === undefined ? undefined : origins.get(name) }
}

function nameAt(document: unknown, path: string): string | undefined {
  let current: unknown = document
  for (const [, member, index] of path.matchAll(/([A-Za-z]+)|\[(\d+)\]/g)) {
    current = (current as Record<string, unknown> | undefined)?.[member ?? index ?? '']
  }
  const name = (current as { readonly Name?: unknown } | undefined)?.Name
  return typeof name === 'string' ? name : undefined
}
