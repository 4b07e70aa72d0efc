/** A string literal, in the quotes that need fewer escapes, single ones when equal. */
export function stringLiteral(text: string): string {
  const singles = text.split("'").length
  const quote = singles > text.split('"').length ? '"' : "'"
  const body = [...text].map(character => (character === quote ? `\\${character}` : escaped(character))).join('')
  return `${quote}${body}${quote}`
}

/** Text for the inside of a template literal. */
export function templateText(text: string): string {
  return [...text]
    .map(character => (character === '`' ? '\\`' : escaped(character)))
    .join('')
    .replaceAll('${', '\\${')
}

const short: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** What has no place in a source file: controls, line separators, marks that turn the reading direction, halves of pairs. */
function escaped(character: string): string {
  if (!/[\\\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u.test(character)) return character
  const named = short[character]
  if (named !== undefined) return named
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('')
}

/** `JSON`'s number as the formatter writes it: `1e+21` is `1e21`. */
export const numberLiteral = (value: number): string => String(value).replace('e+', 'e')

export const isIdentifier = (name: string): boolean => /^[A-Za-z_$][\w$]*$/.test(name)

/** A member's name in an object literal; `__proto__` written plainly would set the prototype. */
export function memberName(name: string): string {
  if (name === '__proto__') return `['__proto__']`
  return isIdentifier(name) ? name : stringLiteral(name)
}

/** The way from an object to its member: `.name`, `[0]` or `['a b']`. */
export function memberAccess(name: string | number): string {
  if (typeof name === 'number') return `[${name}]`
  return isIdentifier(name) ? `.${name}` : `[${stringLiteral(name)}]`
}

/** A variable for a step: `TrainFold-0` is `trainFold0`; never one of `taken`, to which it is added. */
export function variableName(step: string, taken: Set<string>): string {
  const words = step.match(/[A-Za-z0-9]+/g) ?? []
  const joined = words
    .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('')
  // `EMRJob` is `emrJob`, `TrainFinal` is `trainFinal`.
  const lower = joined.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, start => start.toLowerCase())
  const base = /^[a-z]/.test(lower) ? lower : `step${lower}`
  let name = base
  for (let number = 2; taken.has(name); number++) name = /\d$/.test(base) ? `${base}_${number}` : `${base}${number}`
  taken.add(name)
  return name
}
