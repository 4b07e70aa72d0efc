import * as z from 'zod'

/** Split strategies by the name the command line uses. */
export const strategyNames = [
  'kfold',
  'stratified-kfold',
  'group-kfold',
  'stratified-group-kfold',
  'repeated-kfold',
  'repeated-stratified-kfold',
  'shuffle-split',
  'stratified-shuffle-split',
  'group-shuffle-split',
  'time-series-split',
  'leave-one-out',
  'leave-p-out',
  'leave-one-group-out',
  'leave-p-groups-out',
  'predefined-split',
  'smx-kfold',
  'hash-kfold',
] as const
export const formatNames = ['csv', 'tsv', 'jsonl', 'augmented-manifest', 'libsvm', 'text'] as const
export const layoutNames = ['copy', 'manifest'] as const

/**
 * What to split and how: the one description shared by the DSL, the command line and the container.
 *
 * scikit-learn's terms: `k` is `n_splits`, `seed` is `random_state`.
 */
export const splitOptionsSchema = z.strictObject({
  strategy: z.enum(strategyNames),
  /** Folds (of each repeat). Where the data decide, as in leave-one-group-out, it must be the number they give. */
  k: z.int().min(2),
  shuffle: z.boolean().default(false),
  /** 0 to 2^32 - 1, only with `shuffle`. */
  seed: z.int().min(0).max(4294967295).optional(),
  format: z.enum(formatNames).default('csv'),
  /** CSV, TSV and text: the first record of every input file is a header; it is repeated in every file written. */
  header: z.boolean().default(false),
  /** CSV: column name (with `header`) or 0-based index. JSON Lines: top-level member. */
  label: z.string().min(1).optional(),
  layout: z.enum(layoutNames).default('copy'),
  /** Column whose equal values stay together, named or numbered as `label` is. */
  groups: z.string().min(1).optional(),
  /** Repeated strategies: `n_repeats`, 10 when absent. */
  repeats: z.int().min(1).optional(),
  /** Shuffle splits and time series: `test_size`, a fraction below 1 or a number of records (of groups). */
  testSize: z.number().positive().optional(),
  /** Shuffle splits: `train_size`, a fraction below 1 or a number of records (of groups). */
  trainSize: z.number().positive().optional(),
  /** Time series: records left out between training and validation. */
  gap: z.int().min(0).optional(),
  /** Time series: `max_train_size`. */
  maxTrainSize: z.int().min(1).optional(),
  /** leave-p-out: records left out at once; leave-p-groups-out: groups. */
  p: z.int().min(1).optional(),
  /** predefined-split: column with each record's fold, -1 for records that are always trained on. */
  testFold: z.string().min(1).optional(),
  /** hash-kfold: column whose value decides the fold. */
  key: z.string().min(1).optional(),
})

export type SplitOptions = z.infer<typeof splitOptionsSchema>
export type SplitOptionsInput = z.input<typeof splitOptionsSchema>
export type StrategyName = SplitOptions['strategy']
export type FormatName = SplitOptions['format']
export type LayoutName = SplitOptions['layout']

/** One command-line flag per option: the same words for `foldwise split` and for the container. */
export const splitFlags = {
  strategy: { type: 'string', help: `how folds are drawn: ${strategyNames.join(', ')}` },
  k: { type: 'string', help: 'number of folds (n_splits), 2 or more' },
  shuffle: { type: 'boolean', help: 'shuffle the records before they are split' },
  seed: { type: 'string', help: "scikit-learn's random_state, 0 to 4294967295; needs --shuffle" },
  format: { type: 'string', help: `record format: ${formatNames.join(', ')}` },
  header: { type: 'boolean', help: 'the first record of every input file is a header' },
  label: { type: 'string', help: 'label column: a name (with --header) or a 0-based index' },
  layout: { type: 'string', help: `copy (a folder per fold) or manifest (every record stored once)` },
  groups: { type: 'string', help: 'group column, whose equal values stay on one side of a fold' },
  repeats: { type: 'string', help: 'repeated strategies: how often to draw k folds (n_repeats), default 10' },
  testSize: { type: 'string', help: 'test_size: a fraction such as 0.2, or a number of records' },
  trainSize: { type: 'string', help: 'train_size: a fraction such as 0.8, or a number of records' },
  gap: { type: 'string', help: 'time-series-split: records left out before each validation set' },
  maxTrainSize: { type: 'string', help: 'time-series-split: the most records to train on (max_train_size)' },
  p: { type: 'string', help: 'leave-p-out and leave-p-groups-out: how many to leave out at once' },
  testFold: { type: 'string', help: "predefined-split: column with each record's fold, -1 for none" },
  key: { type: 'string', help: 'hash-kfold: column whose hashed value decides the fold' },
} as const satisfies Record<keyof SplitOptions, { type: 'string' | 'boolean'; help: string }>

/** Folds that a split makes in all: k, times the repeats of a repeated strategy. */
export function foldCount({ strategy, k, repeats }: Pick<SplitOptionsInput, 'strategy' | 'k' | 'repeats'>): number {
  return strategy.startsWith('repeated-') ? k * (repeats ?? 10) : k
}

/** The word of an option on a command line: `testSize` is `--test-size`. */
export function splitFlagName(option: keyof SplitOptions): string {
  return option.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}

/** The container arguments that say the same as `options`; defaults are left out. */
export function splitArguments(options: SplitOptionsInput): string[] {
  const full = splitOptionsSchema.parse(options)
  const defaults: Partial<SplitOptions> = { shuffle: false, format: 'csv', header: false, layout: 'copy' }
  return (Object.keys(splitFlags) as (keyof SplitOptions)[]).flatMap(name => {
    const value = full[name]
    if (value === undefined || value === defaults[name]) return []
    const flag = `--${splitFlagName(name)}`
    return splitFlags[name].type === 'boolean' ? [flag] : [flag, String(value)]
  })
}
