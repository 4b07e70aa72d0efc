import { splitFlagName } from '../../schemas/split-options.ts'
import type { SplitOptions } from '../../schemas/split-options.ts'
import { strategies } from './strategies/strategies.ts'
import type { Strategy } from './strategies/strategy.ts'

/** What no single option can say: each rule gives a sentence, or null when it is kept. */
export const optionRules: readonly ((options: SplitOptions) => string | null)[] = [
  checkRandomness,
  checkOwnOptions,
  checkGroups,
]

function checkRandomness({ strategy, shuffle, seed }: SplitOptions): string | null {
  const { random }: Strategy = strategies[strategy]
  if (random === 'never' && (shuffle || seed !== undefined))
    return `strategy ${strategy} draws nothing at random — leave out --shuffle and --seed`
  if (random === 'seeded' && shuffle) return `strategy ${strategy} does not shuffle — leave out --shuffle`
  return random === 'optional' && seed !== undefined && !shuffle
    ? 'Setting a random_state has no effect since shuffle is False. You should leave random_state to its default (None), or set shuffle=True.'
    : null
}

/** Options that only some strategies take. */
const own = ['repeats', 'testSize', 'trainSize', 'gap', 'maxTrainSize', 'p', 'testFold', 'key'] as const

function checkOwnOptions(options: SplitOptions): string | null {
  const { takes }: Strategy = strategies[options.strategy]
  const useless = own.find(name => options[name] !== undefined && !takes.includes(name))
  if (useless === undefined) return null
  const takers = Object.entries<Strategy>(strategies).filter(([, strategy]) => strategy.takes.includes(useless))
  return `strategy ${options.strategy} takes no --${splitFlagName(useless)} — leave it out, or use ${takers.map(([name]) => name).join(', ')}`
}

function checkGroups({ strategy, groups }: SplitOptions): string | null {
  const { needs }: Strategy = strategies[strategy]
  return groups !== undefined && !needs.includes('groups')
    ? `strategy ${strategy} does not keep groups together — use group-kfold, or leave out --groups`
    : null
}
