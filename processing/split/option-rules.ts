import { splitFlagName } from '../../schemas/split-options.ts'
import type { SplitOptions } from '../../schemas/split-options.ts'
import type { Format } from '../formats/format.ts'
import { formats } from '../formats/formats.ts'
import { strategies } from './strategies/strategies.ts'
import type { Strategy } from './strategies/strategy.ts'

/** What no single option can say: each rule gives a sentence, or null when it is kept. */
export const optionRules: readonly ((options: SplitOptions) => string | null)[] = [
  checkRandomness,
  checkFolds,
  checkOwnOptions,
  checkGroups,
  checkLabels,
  checkHoldout,
  checkInnerFolds,
  checkSubset,
  checkFiles,
  checkNumberPairs,
  checkListedFiles,
]

/** Whether a header is read that is not written. */
export function dropsHeader({ dropHeader, numberPairs }: SplitOptions): boolean {
  return dropHeader === true || numberPairs === true
}

/** Whether something in the folds is drawn at random, so that a seed is needed. */
export function drawsAtRandom(options: SplitOptions): boolean {
  const { random }: Strategy = strategies[options.strategy]
  return random === 'always' || (random === 'optional' && options.shuffle) || drawsBeside(options)
}

/** Options that draw, whatever the strategy does. */
function drawsBeside({ strategy, holdout, fraction, cap }: SplitOptions): boolean {
  const { needs }: Strategy = strategies[strategy]
  return fraction !== undefined || cap !== undefined || (holdout !== undefined && needs.includes('groups'))
}

function checkRandomness(options: SplitOptions): string | null {
  const { strategy, shuffle, seed } = options
  const { random }: Strategy = strategies[strategy]
  if (random === 'never' && (shuffle || (seed !== undefined && !drawsBeside(options))))
    return `strategy ${strategy} draws nothing at random — leave out --shuffle and --seed`
  if (random === 'seeded' && shuffle) return `strategy ${strategy} does not shuffle — leave out --shuffle`
  return random === 'optional' && seed !== undefined && !shuffle && !drawsBeside(options)
    ? 'Setting a random_state has no effect since shuffle is False. You should leave random_state to its default (None), or set shuffle=True.'
    : null
}

function checkFolds({ strategy, k }: SplitOptions): string | null {
  const { folds }: Strategy = strategies[strategy]
  if (folds === 'one' && k !== 1)
    return `strategy ${strategy} makes one fold, not ${k} — leave out --k, or use shuffle-split`
  return null
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

function checkLabels({ label, labels }: SplitOptions): string | null {
  if (label !== undefined && labels !== undefined) return '--label and --labels say the same — leave one of them out'
  const names = labels?.split(',') ?? []
  if (names.some(name => name === '')) return `--labels is ${JSON.stringify(labels)} — names stand between the commas`
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  return twice === undefined ? null : `--labels names ${JSON.stringify(twice)} twice — name every column once`
}

function checkHoldout({ strategy, holdout }: SplitOptions): string | null {
  const { fixes }: Strategy = strategies[strategy]
  if (holdout === undefined || fixes !== true) return null
  return `strategy ${strategy} gives every record its fold by itself, so that nothing can be held out first — leave out --holdout`
}

function checkInnerFolds({ strategy, innerK }: SplitOptions): string | null {
  const { folds, fixes }: Strategy = strategies[strategy]
  if (innerK === undefined || !(folds === 'one' || fixes === true)) return null
  return `strategy ${strategy} has no inner folds — leave out --inner-k, or use a strategy such as kfold`
}

function checkSubset({ weight, fraction, cap }: SplitOptions): string | null {
  return weight === undefined || fraction !== undefined || cap !== undefined
    ? null
    : '--weight says how likely a record is drawn, and nothing is drawn — add --fraction or --cap, or leave it out'
}

function checkFiles({
  format,
  layout,
  singleFile,
  shardSize,
  compress,
  header,
  dropHeader,
}: SplitOptions): string | null {
  const { rewritesFiles }: Format = formats[format]
  if (rewritesFiles === true && (compress ?? 'none') !== 'none')
    return `files of format ${format} are compressed within — leave out --compress`
  if (singleFile === true && layout === 'manifest')
    return 'layout manifest lists many files — leave out --single-file, or use layout copy'
  if (singleFile === true && shardSize !== undefined)
    return '--single-file and --shard-size contradict one another — leave one of them out'
  return dropHeader === true && !header ? 'there is no header to drop — add --header, or leave out --drop-header' : null
}

function checkNumberPairs({ numberPairs, format, label, layout, ...options }: SplitOptions): string | null {
  if (numberPairs !== true) return null
  if (format !== 'csv' || label === undefined)
    return '--number-pairs writes features and label of CSV data apart — add --label, and give CSV'
  const { shardSize, compress = 'none' } = options
  if (layout !== 'copy' || shardSize !== undefined || compress !== 'none')
    return '--number-pairs writes two plain files a folder — leave out --layout, --shard-size and --compress'
  return null
}

function checkListedFiles({ format, singleFile, shardSize, compress = 'none' }: SplitOptions): string | null {
  const { listsFiles }: Format = formats[format]
  if (listsFiles !== true) return null
  return singleFile === true || shardSize !== undefined || compress !== 'none'
    ? `format ${format} leaves every file as it is — leave out --single-file, --shard-size and --compress`
    : null
}
