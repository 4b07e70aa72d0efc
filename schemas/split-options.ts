import * as z from 'zod'
import { compressionNames, formatNames, layoutNames, strategyNames } from './split-names.ts'

/**
 * What to split and how: the one description shared by the DSL, the command line and the container.
 *
 * scikit-learn's terms: `k` is `n_splits`, `seed` is `random_state`.
 */
export const splitOptionsSchema = z.strictObject({
  strategy: z.enum(strategyNames),
  /**
   * Folds (of each repeat). Where the data decide, as in leave-one-group-out, it must be the number they give. 1 only where
   * one split is a choice of scikit-learn's: shuffle splits, train-test splits, a predefined split.
   */
  k: z.int().min(1),
  shuffle: z.boolean().default(false),
  /** 0 to 2^32 - 1, only with `shuffle`. */
  seed: z.int().min(0).max(4294967295).optional(),
  format: z.enum(formatNames).default('csv'),
  /** CSV, TSV and text: the first record of every input file is a header; it is repeated in every file written. */
  header: z.boolean().default(false),
  /** CSV: column name (with `header`) or 0-based index. JSON Lines: top-level member. */
  label: z.string().min(1).optional(),
  /** Several label columns (multi-label), in place of `label`: names or indices with commas between them. */
  labels: z.string().min(1).optional(),
  layout: z.enum(layoutNames).default('copy'),
  /** Of the files written. @default 'none' */
  compress: z.enum(compressionNames).optional(),
  /** Files of at most so many bytes of records, before compression; a longer record has a file of its own. */
  shardSize: z.int().min(1).optional(),
  /** Every folder holds one file, with its records in the order of the input; a copy of the data per fold. Not with `manifest`. */
  singleFile: z.boolean().optional(),
  /** The input's header names its columns, and is not written to the folds, as SageMaker's built-in algorithms want it. */
  dropHeader: z.boolean().optional(),
  /**
   * CSV of numbers: every folder holds two files, features and label, as `numpy.savetxt` writes them: `train_x.csv` and
   * `train_y.csv`, or `test_x.csv` and `test_y.csv`. As `singleFile` and `dropHeader` otherwise.
   */
  numberPairs: z.boolean().optional(),
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
  /**
   * Set aside as `test/` before folds are drawn of the rest, as scikit-learn's `train_test_split` would: a fraction below 1,
   * or a number of records (of groups). Classes and groups are cared for as the strategy does.
   */
  holdout: z.number().positive().optional(),
  /** Nested cross-validation: the training set of every fold is split again, by the same strategy, into so many folds. */
  innerK: z.int().min(2).optional(),
  /** Share of its training records that a fold trains on, drawn by the seed. Validation sets and `all/` stay whole. */
  fraction: z.number().positive().max(1).optional(),
  /** The most records that a fold trains on, drawn likewise. */
  cap: z.int().min(1).optional(),
  /** With `fraction` or `cap`: column with the weight of each record in the draw, 0 or more. */
  weight: z.string().min(1).optional(),
})

export type SplitOptions = z.infer<typeof splitOptionsSchema>
export type SplitOptionsInput = z.input<typeof splitOptionsSchema>

/** One command-line flag per option: the same words for `foldwise split` and for the container. */
export const splitFlags = {
  strategy: { type: 'string', help: `how folds are drawn: ${strategyNames.join(', ')}` },
  k: { type: 'string', help: 'number of folds (n_splits), 2 or more' },
  shuffle: { type: 'boolean', help: 'shuffle the records before they are split' },
  seed: { type: 'string', help: "scikit-learn's random_state, 0 to 4294967295; needs --shuffle" },
  format: { type: 'string', help: `record format: ${formatNames.join(', ')}` },
  header: { type: 'boolean', help: 'the first record of every input file is a header' },
  label: { type: 'string', help: 'label column: a name (with --header) or a 0-based index' },
  labels: { type: 'string', help: 'several label columns (multi-label), with commas between them' },
  layout: { type: 'string', help: `copy (a folder per fold) or manifest (every record stored once)` },
  compress: { type: 'string', help: `compress the files written: ${compressionNames.join(', ')}` },
  shardSize: { type: 'string', help: 'files of at most so many bytes of records' },
  singleFile: { type: 'boolean', help: 'one file per folder, records in the order of the input' },
  dropHeader: { type: 'boolean', help: 'read the header, and leave it out of the files written' },
  numberPairs: { type: 'boolean', help: 'CSV of numbers: features and label apart, as numpy.savetxt writes them' },
  groups: { type: 'string', help: 'group column, whose equal values stay on one side of a fold' },
  repeats: { type: 'string', help: 'repeated strategies: how often to draw k folds (n_repeats), default 10' },
  testSize: { type: 'string', help: 'test_size: a fraction such as 0.2, or a number of records' },
  trainSize: { type: 'string', help: 'train_size: a fraction such as 0.8, or a number of records' },
  gap: { type: 'string', help: 'time-series-split: records left out before each validation set' },
  maxTrainSize: { type: 'string', help: 'time-series-split: the most records to train on (max_train_size)' },
  p: { type: 'string', help: 'leave-p-out and leave-p-groups-out: how many to leave out at once' },
  testFold: { type: 'string', help: "predefined-split: column with each record's fold, -1 for none" },
  key: { type: 'string', help: 'hash-kfold: column whose hashed value decides the fold' },
  holdout: { type: 'string', help: 'set aside as test/ first: a fraction such as 0.2, or a number of records' },
  innerK: { type: 'string', help: 'nested: split every training set again into so many folds' },
  fraction: { type: 'string', help: 'train on this share of the training records only, drawn by the seed' },
  cap: { type: 'string', help: 'train on at most so many records, drawn by the seed' },
  weight: { type: 'string', help: "with --fraction or --cap: column with every record's weight in the draw" },
} as const satisfies Record<keyof SplitOptions, { type: 'string' | 'boolean'; help: string }>

/** Folds that a split makes in all: k, times the repeats of a repeated strategy; nested, their inner folds and one refit each. */
export function foldCount({
  strategy,
  k,
  repeats,
  innerK,
}: Pick<SplitOptionsInput, 'strategy' | 'k' | 'repeats' | 'innerK'>): number {
  const times = strategy.startsWith('repeated-') ? (repeats ?? 10) : 1
  return k * times * (innerK === undefined ? 1 : innerK * times + 1)
}

/** The word of an option on a command line: `testSize` is `--test-size`. */
export function splitFlagName(option: keyof SplitOptions): string {
  return option.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}

/** The container arguments that say the same as `options`; defaults are left out. */
export function splitArguments(options: SplitOptionsInput): string[] {
  const full = splitOptionsSchema.parse(options)
  const defaults: Partial<SplitOptions> = {
    shuffle: false,
    format: 'csv',
    header: false,
    layout: 'copy',
  }
  return (Object.keys(splitFlags) as (keyof SplitOptions)[]).flatMap(name => {
    const value = full[name]
    if (value === undefined || value === defaults[name]) return []
    const flag = `--${splitFlagName(name)}`
    return splitFlags[name].type === 'boolean' ? [flag] : [flag, String(value)]
  })
}
