import { parseSplitOptions } from '../../../processing/split/parse-options.ts'
import { splitFlags } from '../../../schemas/split-options.ts'

/** What the container makes of the arguments of a split step. */
export function containerOptions(words: readonly string[]) {
  const values: Record<string, string | boolean> = {}
  for (let at = 0; at < words.length; at++) {
    const flag = (words[at] as string).slice(2)
    const name = flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()) as keyof typeof splitFlags
    values[flag] = splitFlags[name].type === 'boolean' ? true : (words[++at] as string)
  }
  return parseSplitOptions(values)
}
