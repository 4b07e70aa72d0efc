// The words of a split, apart from their schema: whoever compiles a pipeline program reads these, and none of zod's types.

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
  'train-test-split',
  'stratified-train-test-split',
  'time-series-split',
  'leave-one-out',
  'leave-p-out',
  'leave-one-group-out',
  'leave-p-groups-out',
  'predefined-split',
  'smx-kfold',
  'hash-kfold',
] as const
export const formatNames = [
  'csv',
  'tsv',
  'jsonl',
  'augmented-manifest',
  'libsvm',
  'parquet',
  'recordio-protobuf',
  'text',
  'files',
] as const
export const layoutNames = ['copy', 'manifest'] as const
export const compressionNames = ['none', 'gzip', 'zstd'] as const

export type StrategyName = (typeof strategyNames)[number]
export type FormatName = (typeof formatNames)[number]
export type LayoutName = (typeof layoutNames)[number]
export type CompressionName = (typeof compressionNames)[number]

/** Options that say how files are stored, and decide no fold. */
export type StorageOption = 'layout' | 'compress' | 'shardSize' | 'singleFile' | 'dropHeader' | 'numberPairs'

/** How the split container draws folds: its options without those of the data and of how they are stored. */
export interface FoldChoice {
  readonly strategy: StrategyName
  readonly k: number
  readonly shuffle?: boolean | undefined
  readonly seed?: number | undefined
  readonly groups?: string | undefined
  readonly repeats?: number | undefined
  readonly testSize?: number | undefined
  readonly trainSize?: number | undefined
  readonly gap?: number | undefined
  readonly maxTrainSize?: number | undefined
  readonly p?: number | undefined
  readonly testFold?: string | undefined
  readonly key?: string | undefined
  readonly holdout?: number | undefined
  readonly fraction?: number | undefined
  readonly cap?: number | undefined
  readonly weight?: string | undefined
}
