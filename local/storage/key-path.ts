/** Where a key lives below its bucket's folder: folders from the top, then the file. */
export interface KeyPath {
  readonly folders: readonly string[]
  readonly name: string
}

/** What the name of a folder entry says about the keys in it. */
export interface EntryName {
  /** The segment of the key, or its beginning when `continues`. */
  readonly text: string
  /** The segment was too long for one name; it goes on inside this folder. */
  readonly continues: boolean
}

/**
 * Keys as paths. A segment keeps its own spelling wherever a file system allows it, so that people can look into the
 * folder; `%` marks the rest. No name is ever `.`, `..`, empty, or longer than a file system takes:
 *
 * | segment | name |
 * |---|---|
 * | `iris.csv` | `iris.csv` |
 * | `a:b%` | `a%3Ab%25` |
 * | empty | `%empty` |
 * | `..` | `%2E%2E` |
 * | longer than {@link longestName} bytes | folders `<part>%+`, then the rest |
 *
 * A part is closed as soon as it has that many bytes, whatever follows, so that every key with this beginning meets in one
 * folder and a walk stays in byte order.
 */
export function encodeKey(key: string, caseSensitive = true): KeyPath {
  const names = key.split('/').map(segment => encodeSegment(segment, caseSensitive))
  const folders = names.flat()
  const name = folders.pop() ?? '%empty'
  return { folders, name }
}

/** The text of a name made by {@link encodeKey}, or undefined when it is none of ours. */
export function decodeName(name: string, caseSensitive = true): EntryName | undefined {
  if (name === '%empty') return { text: '', continues: false }
  const continues = name.endsWith('%+')
  const text = decodePercent(continues ? name.slice(0, -2) : name)
  if (text === undefined) return undefined
  const again = encodeSegment(text, caseSensitive)
  const isOurs = again[0] === name && again.length === (continues ? 2 : 1)
  return isOurs ? { text, continues } : undefined
}

/** File systems take 255 bytes a name; the rest is room for our own endings. */
export const longestName = 180

const keepEmpty = '%empty'

function encodeSegment(segment: string, caseSensitive: boolean): string[] {
  if (segment === '.' || segment === '..') return [segment.replaceAll('.', '%2E')]
  const parts: string[] = []
  let part = ''
  let bytes = 0
  for (const character of segment) {
    const encoded = encodeCharacter(character, caseSensitive)
    part += encoded
    bytes += Buffer.byteLength(encoded)
    if (bytes < longestName) continue
    parts.push(`${part}%+`)
    part = ''
    bytes = 0
  }
  parts.push(part === '' ? keepEmpty : part)
  return parts
}

// Windows refuses these characters in names, and `%` is our own mark.
// oxlint-disable-next-line no-control-regex
const unsafe = /[\u0000-\u001f\u007f%<>:"|?*\\]/
const plain = /[a-z0-9 !#$&'()+,\-.;=@[\]^_`{}~]/

function encodeCharacter(character: string, caseSensitive: boolean): string {
  const keep = caseSensitive ? !unsafe.test(character) : plain.test(character)
  if (keep) return character
  return [...Buffer.from(character)].map(byte => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
}

function decodePercent(name: string): string | undefined {
  try {
    return decodeURIComponent(name)
  } catch {
    return undefined // A stray `%`: a file that somebody else put here.
  }
}
