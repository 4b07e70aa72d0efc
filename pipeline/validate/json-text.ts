/** Says where and why a text is no JSON: line, column and the character there. */
export function locateSyntaxError(text: string, error: SyntaxError): string {
  if (text.trim() === '') return 'the text is empty. A definition is a JSON object with Version and Steps.'
  const position = positionOf(text, error)
  const before = text.slice(0, position)
  const line = before.split('\n').length
  const column = position - before.lastIndexOf('\n')
  const found =
    position >= text.length
      ? 'the text ends there'
      : `${JSON.stringify(text.slice(position, position + 1))} cannot stand there`
  const shown = text
    .slice(Math.max(0, position - 30), position + 10)
    .replace(/\s+/g, ' ')
    .trim()
  return `no JSON: line ${line}, column ${column}, ${found} (near ${JSON.stringify(shown)}). ${repair(text, position)}`
}

function repair(text: string, position: number): string {
  const before = text.slice(0, position).trimEnd()
  const here = text[position] ?? ''
  if ((here === '}' || here === ']') && before.endsWith(',')) return 'Remove the comma before it.'
  if (here === "'") return 'Write double quotes.'
  if (here === '/') return 'JSON has no comments: remove it.'
  if (here === '' || position >= text.length) return 'A closing bracket or quote is missing.'
  if (text.startsWith('\uFEFF')) return 'Remove the byte order mark at the beginning.'
  return 'Check the commas, quotes and brackets before it.'
}

/**
 * Where parsing broke. Node says "at position 12" for some mistakes only; for an unexpected token it quotes up to ten
 * characters on each side of it, which may occur more than once: the first place that is broken and whose text before is
 * only unfinished is the one.
 */
function positionOf(text: string, { message }: SyntaxError): number {
  const named = /position (\d+)/.exec(message)?.[1]
  if (named !== undefined) return Number(named)
  const quoted = /^Unexpected token .*?, (\.\.\.)?"(.*)"(?:\.\.\.)? is not valid JSON$/s.exec(message)
  if (quoted === null) return text.length
  const [, cut, excerpt = ''] = quoted
  if (cut === undefined) return firstBroken(text, excerpt.length)
  for (let at = text.indexOf(excerpt); at >= 0; at = text.indexOf(excerpt, at + 1)) {
    if (isBroken(text.slice(0, at + quotedBefore + 1)) && !isBroken(text.slice(0, at + quotedBefore))) {
      return at + quotedBefore
    }
  }
  return text.length
}

/** Characters that V8 quotes before the unexpected one. */
const quotedBefore = 10

function firstBroken(text: string, end: number): number {
  for (let length = 1; length <= end; length++) if (isBroken(text.slice(0, length))) return length - 1
  return text.length
}

/** True for a text that no continuation makes JSON, as far as an unexpected token goes. */
function isBroken(text: string): boolean {
  try {
    JSON.parse(text)
    return false
  } catch (error) {
    return (error as SyntaxError).message.startsWith('Unexpected token')
  }
}
