import { s3Error } from './s3-error.ts'

/** What an element holds: text, elements by name, or several elements of the same name. Undefined is left out. */
export type XmlContent =
  | string
  | number
  | boolean
  | Date
  | undefined
  | { readonly [name: string]: XmlContent | readonly XmlContent[] }

/** A document in S3's namespace. */
export function renderXml(root: string, content: XmlContent): string {
  const open = `<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">`
  return `<?xml version="1.0" encoding="UTF-8"?>\n${open}${renderContent(content)}</${root}>`
}

function renderContent(content: XmlContent): string {
  if (content === undefined) return ''
  if (content instanceof Date) return content.toISOString()
  if (typeof content !== 'object') return escapeXml(String(content))
  return Object.entries(content)
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map(item => renderElement(name, item as XmlContent)),
    )
    .join('')
}

function renderElement(name: string, content: XmlContent): string {
  return content === undefined ? '' : `<${name}>${renderContent(content)}</${name}>`
}

/** Control characters are written as references, as S3 does, although XML 1.0 has no word for most of them. */
export function escapeXml(text: string): string {
  return text.replace(
    // oxlint-disable-next-line no-control-regex
    /[&<>"'\u0000-\u001f\u007f\ufffe\uffff]/g,
    character => entities[character] ?? `&#x${character.charCodeAt(0).toString(16)};`,
  )
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** An element that was read; namespaces and attributes are passed over. */
export interface XmlElement {
  readonly name: string
  readonly children: readonly XmlElement[]
  readonly text: string
}

/** Reads the small documents that S3 clients send: elements and text. Anything richer, such as a DTD, is `MalformedXML`. */
export function parseXml(source: string): XmlElement {
  const tokens =
    /<\?[^>]*\?>|<!--[\s\S]*?-->|<(\/?)([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/gy
  const root: OpenElement = { name: '', children: [], text: '' }
  const open: OpenElement[] = [root]
  const text = source.replace(/^\ufeff/, '')
  while (tokens.lastIndex < text.length) {
    const token = tokens.exec(text)
    if (token === null) throw s3Error('MalformedXML')
    const [, closing, name, , empty, content] = token
    const top = open.at(-1)!
    if (content !== undefined) top.text += unescapeXml(content)
    if (name === undefined) continue
    const local = name.slice(name.indexOf(':') + 1)
    if (closing === '/') {
      if (open.length === 1 || top.name !== local) throw s3Error('MalformedXML')
      open.pop()
      continue
    }
    const element: OpenElement = { name: local, children: [], text: '' }
    top.children.push(element)
    if (empty !== '/') open.push(element)
    if (open.length > 16) throw s3Error('MalformedXML')
  }
  const [document] = root.children
  if (open.length !== 1 || document === undefined || root.children.length > 1) throw s3Error('MalformedXML')
  return document
}

interface OpenElement {
  name: string
  children: OpenElement[]
  text: string
}

/** Text of the child with this name. */
export function childText(element: XmlElement, name: string): string | undefined {
  return element.children.find(child => child.name === name)?.text
}

function unescapeXml(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));|&/g,
    (_, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return named[name]!
      const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      if (Number.isNaN(point) || point > 0x10ffff) throw s3Error('MalformedXML')
      return String.fromCodePoint(point)
    },
  )
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
