/** Says where and why a text is no JSON: line, column and the character there. */
export function locateSyntaxError(text: string, error: SyntaxError): string {
  if (text.trim() === '') return 'the text is empty. A definition is a JSON object with Version and Steps.'
  const position = Number(/position (\d+)/.exec(error.message)?.[1] ?? text.length)
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
