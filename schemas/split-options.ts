import { z } from 'zod'

/** Split strategies by the name the command line uses. */
export const strategyNames = ['kfold', 'stratified-kfold'] as const
export const formatNames = ['csv', 'jsonl'] as const
export const layoutNames = ['copy', 'manifest'] as const

/**
 * What to split and how: the one description shared by the DSL, the command line and the container.
 *
 * scikit-learn's terms: `k` is `n_splits`, `seed` is `random_state`.
 */
export const splitOptionsSchema = z.strictObject({
  strategy: z.enum(strategyNames),
  k: z.int().min(2),
  shuffle: z.boolean().default(false),
  /** 0 to 2^32 - 1, only with `shuffle`. */
  seed: z.int().min(0).max(4294967295).optional(),
  format: z.enum(formatNames).default('csv'),
  /** CSV only: the first record of every input file is a header; it is repeated in every file written. */
  header: z.boolean().default(false),
  /** CSV: column name (with `header`) or 0-based index. JSON Lines: top-level member. */
  label: z.string().min(1).optional(),
  layout: z.enum(layoutNames).default('copy'),
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
} as const satisfies Record<keyof SplitOptions, { type: 'string' | 'boolean'; help: string }>

/** The container arguments that say the same as `options`; defaults are left out. */
export function splitArguments(options: SplitOptionsInput): string[] {
  const full = splitOptionsSchema.parse(options)
  const defaults: Partial<SplitOptions> = { shuffle: false, format: 'csv', header: false, layout: 'copy' }
  return (Object.keys(splitFlags) as (keyof SplitOptions)[]).flatMap(name => {
    const value = full[name]
    if (value === undefined || value === defaults[name]) return []
    return splitFlags[name].type === 'boolean' ? [`--${name}`] : [`--${name}`, String(value)]
  })
}
