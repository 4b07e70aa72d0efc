/** A piece of a program: text that may be broken into lines where a list or an object is. */
export type Doc = string | readonly Doc[] | List | Break | Use

/** Items in brackets: on one line when they fit, else one per line with a comma after each. */
interface List {
  readonly kind: 'list'
  readonly open: string
  readonly close: string
  /** Spaces inside the brackets when all is on one line, as in `{ a }`. */
  readonly pad: string
  readonly items: readonly Doc[]
  /** Never on one line. */
  readonly broken: boolean
}

/** Begins a line of its own, further in, when it does not fit behind what is before it. */
interface Break {
  readonly kind: 'break'
  readonly doc: Doc
}

/** A name that the program imports from Foldwise. */
interface Use {
  readonly kind: 'use'
  readonly name: string
}

export const use = (name: string): Use => ({ kind: 'use', name })

export const breakBefore = (doc: Doc): Break => ({ kind: 'break', doc })

export function list(brackets: '[]' | '{}' | '()', items: readonly Doc[], broken = false): List {
  const [open = '', close = ''] = brackets
  return { kind: 'list', open, close, pad: brackets === '{}' ? ' ' : '', items, broken: broken && items.length > 0 }
}

/** Width of a line, as the project's formatter has it. */
export const WIDTH = 120

const isKind = <K extends 'list' | 'break' | 'use'>(doc: Doc, kind: K): doc is Extract<Doc, { kind: K }> =>
  typeof doc === 'object' && 'kind' in doc && doc.kind === kind

/** A statement of a program, laid out as prettier and biome do. */
export function formatCode(doc: Doc, indent = 0): string {
  const out = [' '.repeat(indent)]
  write(doc, indent, indent, 0)
  return out.join('')

  /** @param rest Characters that must follow on the last line. @returns the column after it */
  function write(doc: Doc, indent: number, column: number, rest: number): number {
    if (typeof doc === 'string') {
      out.push(doc)
      const lineEnd = doc.lastIndexOf('\n')
      return lineEnd < 0 ? column + doc.length : doc.length - lineEnd - 1
    }
    if (isKind(doc, 'use')) return write(doc.name, indent, column, rest)
    if (isKind(doc, 'break')) {
      if (column + 1 + head(doc.doc, rest) <= WIDTH) return write(doc.doc, indent, write(' ', 0, column, 0), rest)
      return write(doc.doc, indent + 2, newLine(indent + 2), rest)
    }
    if (isKind(doc, 'list')) return writeList(doc, indent, column, rest)
    return doc.reduce<number>((at, part, index) => {
      const after = doc.slice(index + 1)
      return write(part, indent, at, head(after, rest))
    }, column)
  }

  function writeList(doc: List, indent: number, column: number, rest: number): number {
    const { open, close, items } = doc
    if (column + flat(doc) + rest <= WIDTH) return write(flatText(doc), indent, column, rest)
    out.push(open)
    for (const item of items) write([item, ','], indent + 2, newLine(indent + 2), 0)
    newLine(indent)
    out.push(close)
    return indent + close.length
  }

  function newLine(indent: number): number {
    out.push(`\n${' '.repeat(indent)}`)
    return indent
  }
}

/** Characters on one line; Infinity when something must be broken. */
function flat(doc: Doc): number {
  if (typeof doc === 'string') return doc.length
  if (isKind(doc, 'use')) return doc.name.length
  if (isKind(doc, 'break')) return 1 + flat(doc.doc)
  if (isKind(doc, 'list')) {
    if (doc.broken) return Number.POSITIVE_INFINITY
    const inside = doc.items.reduce<number>((sum, item) => sum + flat(item), 0)
    const pads = doc.items.length === 0 ? 0 : 2 * doc.pad.length + 2 * (doc.items.length - 1)
    return 2 + pads + inside
  }
  return doc.reduce<number>((sum, part) => sum + flat(part), 0)
}

/** All on one line, whatever its width. */
export function flatText(doc: Doc): string {
  if (typeof doc === 'string') return doc
  if (isKind(doc, 'use')) return doc.name
  if (isKind(doc, 'break')) return ` ${flatText(doc.doc)}`
  if (isKind(doc, 'list')) {
    const { open, close, pad, items } = doc
    return items.length === 0 ? `${open}${close}` : `${open}${pad}${items.map(flatText).join(', ')}${pad}${close}`
  }
  return doc.map(flatText).join('')
}

/** Characters up to the first place where a line may end. */
function head(doc: Doc, rest: number): number {
  const parts = flattened(doc)
  let width = 0
  for (const part of parts) {
    if (typeof part !== 'string') return width + (part.kind === 'list' ? part.open.length : 0)
    const lineEnd = part.indexOf('\n')
    if (lineEnd >= 0) return width + lineEnd
    width += part.length
  }
  return width + rest
}

function flattened(doc: Doc): (string | List | Break)[] {
  if (typeof doc === 'string') return [doc]
  if (isKind(doc, 'use')) return [doc.name]
  if (isKind(doc, 'list')) return doc.items.length === 0 ? [flatText(doc)] : [doc]
  if (isKind(doc, 'break')) return [doc]
  return doc.flatMap(flattened)
}

/** The names that a program imports, sorted as people sort them. */
export function usedNames(doc: Doc): string[] {
  const names = new Set<string>()
  const visit = (each: Doc): void => {
    if (typeof each === 'string') return
    if (isKind(each, 'use')) names.add(each.name)
    else if (isKind(each, 'break')) visit(each.doc)
    else if (isKind(each, 'list')) each.items.forEach(visit)
    else for (const part of each) visit(part)
  }
  visit(doc)
  return [...names].toSorted((a, b) => a.localeCompare(b, 'en'))
}
