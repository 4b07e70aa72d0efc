/** The words of a command line, with quotes and backslashes as a shell reads them; nothing is expanded. */
export function shellWords(text: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string
    if (quote !== '') {
      if (character === quote) quote = ''
      else if (character === '\\' && quote === '"' && /["\\]/.test(text[at + 1] ?? ''))
        word = `${word ?? ''}${text[++at] ?? ''}`
      else word = `${word ?? ''}${character}`
    } else if (character === '"' || character === "'") {
      quote = character
      word ??= ''
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = `${word ?? ''}${character === '\\' ? (text[++at] ?? '') : character}`
  }
  return word === undefined ? words : [...words, word]
}
