import type { Expression, Get, Join, JsonGet } from '../../schemas/definition.ts'
import {
  isExpression,
  isGet,
  isJoin,
  isJsonGet,
  type PathSegment,
  parseGetPath,
  type Reference,
} from '../definition/index.ts'
import { execution, experimentConfig } from '../dsl/execution.ts'
import { isExpr } from '../dsl/expression.ts'
import { join } from '../dsl/join.ts'
import { jsonGet, type PropertyFile } from '../dsl/json-get.ts'
import { reference } from '../dsl/reference.ts'
import { type Doc, flatText, list, use } from './code.ts'
import { memberAccess, stringLiteral, templateText } from './literals.ts'
import { attempt, type Code, listCode, objectCode, sameJson, scalarCode, type Scope } from './scope.ts'

/** Code for any JSON value: expressions as references, joins and JSON values, the rest as literals. */
export function valueCode(json: unknown, scope: Scope): Code {
  if (json === null || typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean') {
    return scalarCode(json)
  }
  if (Array.isArray(json)) return listCode(json.map(item => valueCode(item, scope)))
  return (isExpression(json) ? expressionCode(json, scope) : undefined) ?? literalCode(json as object, scope)
}

const literalCode = (json: object, scope: Scope): Code =>
  objectCode(Object.entries(json).map(([name, member]) => [name, valueCode(member, scope)] as const))

/** Undefined when nothing of the language gives exactly this expression: a foreign document may hold anything. */
function expressionCode(json: Expression, scope: Scope): Code | undefined {
  const candidates = isGet(json)
    ? getCandidates(json, scope)
    : isJoin(json)
      ? joinCandidates(json, scope)
      : isJsonGet(json)
        ? jsonGetCandidates(json, scope)
        : []
  for (const make of candidates) {
    const code = attempt(make)
    if (code !== undefined && isExpr(code.value) && sameJson(code.value.json, json)) return code
  }
  return undefined
}

type Candidate = () => Code | undefined

function getCandidates({ Get: path }: Get, scope: Scope): Candidate[] {
  const parsed = parseGetPath(path)
  return [
    () => (parsed === undefined ? undefined : roots[parsed.root](parsed as never, scope)),
    () => ({ doc: [use('reference'), list('()', [stringLiteral(path)])], value: reference(path) }),
  ]
}

/** The program's parameter, through which it reads its parameters. */
export const parametersName = 'p'

type Root = Reference['root']

/** How a reference is written, by its first word. */
const roots = {
  Parameters: ({ name }, { parameters, parameterNames }) =>
    parameters === undefined || !parameterNames.has(name)
      ? undefined
      : { doc: [use(parametersName), memberAccess(name)], value: parameters[name] },
  Execution: ({ name }) => memberOf('execution', execution, name),
  PipelineExperimentConfig: ({ name }) => memberOf('experimentConfig', experimentConfig, name),
  Steps: ({ step, segments }, { steps }) => {
    const made = steps.get(step)
    if (made === undefined) return undefined
    let value: unknown = made.step.properties
    let doc = `${made.variable}.properties`
    for (const segment of segments) {
      const name = segmentName(segment)
      if (typeof value !== 'object' || value === null) return undefined
      if (segment.kind === 'key' && takesAnyName(value)) return undefined
      value = Reflect.get(value, name)
      doc += memberAccess(segment.kind === 'index' ? segment.index : name)
    }
    return { doc, value }
  },
} satisfies { [R in Root]: (reference: Extract<Reference, { root: R }>, scope: Scope) => Code | undefined }

/** True for what the compiler knows as a map, whose members may be undefined for it: there a path reads better. */
const takesAnyName = (value: object): boolean => attempt(() => Reflect.get(value, 'any name') as unknown) !== undefined

function segmentName(segment: PathSegment): string {
  if (segment.kind === 'member') return segment.name
  return segment.kind === 'index' ? String(segment.index) : segment.key
}

function memberOf(object: string, members: Readonly<Record<string, unknown>>, name: string): Code | undefined {
  if (!Object.hasOwn(members, name)) return undefined
  return { doc: [use(object), memberAccess(name)], value: members[name] }
}

function joinCandidates({ 'Std:Join': { On: separator, Values: values } }: Join, scope: Scope): Candidate[] {
  if (!Array.isArray(values) || typeof separator !== 'string') return []
  return [
    () => (separator === '' ? tagCode(values, scope) : undefined),
    () => {
      const items = listCode(values.map(value => valueCode(value, scope)))
      return {
        doc: [use('join'), '(', stringLiteral(separator), ', ', items.doc, ')'],
        value: join(separator, items.value as string[]),
      }
    },
  ]
}

/** As a tag, `` join`${a}/b` ``, when the text has literal parts: a lone reference reads better in a list. */
function tagCode(values: readonly unknown[], scope: Scope): Code | undefined {
  if (!values.some(value => typeof value === 'string')) return undefined
  const literals = ['']
  const inserted: Code[] = []
  for (const value of values) {
    if (typeof value === 'string') literals[literals.length - 1] += value
    else {
      inserted.push(valueCode(value, scope))
      literals.push('')
    }
  }
  const doc: Doc = [
    use('join'),
    '`',
    ...literals.flatMap((literal, index): Doc[] => {
      const code = inserted[index]
      return code === undefined ? [templateText(literal)] : [templateText(literal), '${', ...withUses(code.doc), '}']
    }),
    '`',
  ]
  const strings = Object.assign([...literals], { raw: literals }) as unknown as TemplateStringsArray
  return { doc, value: join(strings, ...inserted.map(({ value }) => value as string)) }
}

/** Inside a template everything stays on one line; imports are still counted. */
function withUses(doc: Doc): Doc[] {
  if (typeof doc === 'string') return [doc]
  if ('kind' in doc) {
    if (doc.kind === 'use') return [doc]
    if (doc.kind === 'break') return [' ', ...withUses(doc.doc)]
    if (doc.items.length === 0) return [flatText(doc)]
    const items = doc.items.flatMap((item, index) => (index === 0 ? withUses(item) : [', ', ...withUses(item)]))
    return [doc.open, doc.pad, ...items, doc.pad, doc.close]
  }
  return doc.flatMap(withUses)
}

function jsonGetCandidates({ 'Std:JsonGet': source }: JsonGet, scope: Scope): Candidate[] {
  if (typeof source !== 'object' || source === null || typeof source.Path !== 'string') return []
  const call = (file: Code): Code => ({
    doc: [use('jsonGet'), list('()', [file.doc, stringLiteral(source.Path)])],
    value: jsonGet(file.value as PropertyFile, source.Path),
  })
  if ('S3Uri' in source) return [() => call(objectCode([['s3Uri', valueCode(source.S3Uri, scope)]]))]
  const file = propertyFile(source.PropertyFile)
  if (file === undefined) return []
  const made = scope.steps.get(file.step)
  const declared: unknown = made && Reflect.get(made.step, 'propertyFiles')
  return [
    () =>
      typeof declared === 'object' && declared !== null && Object.hasOwn(declared, file.name)
        ? call({
            doc: `${made?.variable}.propertyFiles${memberAccess(file.name)}`,
            value: Reflect.get(declared, file.name),
          })
        : undefined,
    () => call(literalCode(file, scope)),
  ]
}

function propertyFile(json: unknown): PropertyFile | undefined {
  const path = isGet(json) && typeof json.Get === 'string' ? json.Get : ''
  const [, step, name] = /^Steps\.([\w-]+)\.PropertyFiles\.(.+)$/.exec(path) ?? []
  return step === undefined || name === undefined ? undefined : { kind: 'foldwise.property-file', step, name }
}
