import { isTooDeep, joinPath } from '../definition/index.ts'
import type { Code } from './catalogue.ts'
import { validateDefinition } from './validate-definition.ts'
import { type Search, serviceRefusals } from './service-refusals.ts'
import type { Origins, Problem } from '../../schemas/problem.ts'
import { stepPlaceOf } from './step-place.ts'

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
  for (const { pattern, code, explain } of serviceRefusals) {
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
  const owner = stepPlaceOf(path)
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
