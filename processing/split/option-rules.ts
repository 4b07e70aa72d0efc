import type { SplitOptions } from '../../schemas/split-options.ts'

/** What no single option can say: each rule gives a sentence, or null when it is kept. */
export const optionRules: readonly ((options: SplitOptions) => string | null)[] = [
  ({ shuffle, seed }) =>
    seed !== undefined && !shuffle
      ? 'Setting a random_state has no effect since shuffle is False. You should leave random_state to its default (None), or set shuffle=True.'
      : null,
]
