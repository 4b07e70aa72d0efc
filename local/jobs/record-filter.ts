import { ClientFault } from './step-fault.ts'

/** A selection of one step of a filter's path. */
type Selection =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'indices'; readonly indices: readonly number[] }
  | { readonly kind: 'slice'; readonly from: number; readonly to: number | undefined }

/** A filter of a transform job, parsed. */
export type RecordFilter = readonly Selection[]

const name = String.raw`'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"`
const patterns: readonly (readonly [RegExp, (match: RegExpExecArray) => Selection])[] = [
  [/\.([^.[\]'"*?@()\s]+)/y, match => ({ kind: 'name', name: match[1] as string })],
  [new RegExp(String.raw`\[\s*(?:${name})\s*\]`, 'y'), match => ({ kind: 'name', name: match[1] ?? match[2] ?? '' })],
  [/\[\s*(-?\d+)\s*\]/y, match => ({ kind: 'index', index: Number(match[1]) })],
  [
    /\[\s*(-?\d*)\s*:\s*(-?\d*)\s*\]/y,
    match => ({ kind: 'slice', from: Number(match[1] || 0), to: match[2] === '' ? undefined : Number(match[2]) }),
  ],
  [
    /\[\s*(-?\d+(?:\s*,\s*-?\d+)+)\s*\]/y,
    match => ({ kind: 'indices', indices: (match[1] as string).split(',').map(Number) }),
  ],
  [
    new RegExp(String.raw`\[\s*((?:${name})(?:\s*,\s*(?:${name}))+)\s*\]`, 'y'),
    match => ({
      kind: 'names',
      names: [...(match[1] as string).matchAll(new RegExp(name, 'g'))].map(([, one, other]) => one ?? other ?? ''),
    }),
  ],
]

/** Source: API reference, DataProcessing. */
const longestFilter = 63

/**
 * Parses an InputFilter or OutputFilter: `$` and then names, `[n]`, `[n,m]`, `[a:b]`, `['a','b']`.
 * Source: Developer Guide, "Associate Prediction Results with Input Records", supported JSONPath operators.
 *
 * @returns undefined for what is no such path.
 */
export function parseRecordFilter(text: string): RecordFilter | undefined {
  if (!text.startsWith('$') || text.length > longestFilter) return undefined
  const selections: Selection[] = []
  let at = 1
  while (at < text.length) {
    const found = patterns.flatMap(([pattern, make]) => {
      pattern.lastIndex = at
      const match = pattern.exec(text)
      return match === null ? [] : [{ end: pattern.lastIndex, selection: make(match) }]
    })[0]
    if (found === undefined) return undefined
    selections.push(found.selection)
    at = found.end
  }
  return selections
}

/**
 * The part of a record that a filter selects.
 *
 * @throws ClientFault when the record has no such part.
 */
export function applyRecordFilter(filter: RecordFilter, record: unknown): unknown {
  return filter.reduce<unknown>((value, selection) => select(selection, value), record)
}

function select(selection: Selection, value: unknown): unknown {
  switch (selection.kind) {
    case 'name':
      return memberOf(value, selection.name)
    case 'index':
      return elementOf(value, selection.index)
    case 'names':
      return Object.fromEntries(selection.names.map(one => [one, memberOf(value, one)]))
    case 'indices':
      return selection.indices.map(index => elementOf(value, index))
    case 'slice':
      return listOf(value).slice(selection.from, selection.to)
    default:
      return selection satisfies never
  }
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, key))
    return (value as Record<string, unknown>)[key]
  throw new ClientFault(`A filter selects ${JSON.stringify(key)}, which the record ${shortened(value)} does not have`)
}

function elementOf(value: unknown, index: number): unknown {
  const element = listOf(value).at(index)
  if (element === undefined)
    throw new ClientFault(`A filter selects [${index}], which the record ${shortened(value)} does not have`)
  return element
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[]
  throw new ClientFault(`A filter selects elements of ${shortened(value)}, which is no list`)
}

const shortened = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 100)
