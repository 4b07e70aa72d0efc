/** What Foldwise thinks of the path of a `Std:JsonGet`. */
export type JsonPathVerdict =
  | { readonly kind: 'simple' }
  | { readonly kind: 'many'; readonly piece: string }
  | { readonly kind: 'broken'; readonly at: number }

const piece = /\.?[^.[\]\s'"()*?]+|\[\s*-?\d+\s*\]|\[\s*'(?:[^'\\]|\\.)*'\s*\]|\[\s*"(?:[^"\\]|\\.)*"\s*\]/y
/** Deep scan, wildcard, slice, union and filter give lists, whose comparison is not defined. */
const many = /\.\.|\.?\*|\[\s*\*\s*\]|\[\s*\?|\[\s*-?\d*\s*:|\[[^\]]*,|\(/y

/**
 * Reads a JsonPath in the dialect that the service uses (Jayway), with or without `$.`: names, `['k']` and `[n]` give one value.
 */
export function judgeJsonPath(path: string): JsonPathVerdict {
  let position = path.startsWith('$') && (path.length === 1 || /[.[]/.test(path[1] as string)) ? 1 : 0
  while (position < path.length) {
    many.lastIndex = position
    const multiple = many.exec(path)
    if (multiple !== null) {
      return isBalanced(path) ? { kind: 'many', piece: multiple[0] } : { kind: 'broken', at: path.length }
    }
    piece.lastIndex = position
    const match = piece.exec(path)
    if (match === null) return { kind: 'broken', at: position }
    position += match[0].length
    // Two names need a dot or a bracket between them.
    if (position < path.length && !/[.[]/.test(path[position] as string)) return { kind: 'broken', at: position }
  }
  return path.length === 0 ? { kind: 'broken', at: 0 } : { kind: 'simple' }
}

/** True when every bracket outside quotes has its partner. */
function isBalanced(path: string): boolean {
  const bare = path.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, '')
  return bare.split('[').length === bare.split(']').length && bare.split('(').length === bare.split(')').length
}
