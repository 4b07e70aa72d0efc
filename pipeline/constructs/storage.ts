import type { FormatName, StorageOption } from '../../schemas/split-names.ts'
import type { SplitOptionsInput } from '../../schemas/split-options.ts'
import { mistake, show } from '../dsl/mistake.ts'
import type { CrossValidationOptions } from './cross-validation-options.ts'
import type { Data } from './data.ts'
import { normalizeTraining } from './training-template.ts'

/** Formats whose files are compressed within. */
const compressedWithin: ReadonlySet<FormatName> = new Set(['parquet'])

/**
 * How the split container stores the folds: its options of the data, of the layout, and what the training needs.
 *
 * @throws UserError for two that contradict one another, as the container would, but before anything runs
 */
export function storageOptions(options: CrossValidationOptions): Pick<SplitOptionsInput, StorageOption> {
  const { data, training, layout = 'copy', compress = 'none', shardSize, singleFile, splitInstances = 1 } = options
  const isAugmented = data.format === 'augmented-manifest'
  const isSingle = singleFile ?? (isAugmented || normalizeTraining(training).singleFile?.includes(data.format) === true)
  const isManifest = layout === 'manifest'
  const isCompressed = compress !== 'none'
  refuse(
    shardSize !== undefined && !(Number.isSafeInteger(shardSize) && shardSize >= 1),
    `shardSize — ${show(shardSize)} is no number of bytes; give a whole number of 1 or more.`,
  )
  refuse(
    isAugmented && (isCompressed || !isSingle),
    `${isCompressed ? 'compress' : 'singleFile'} — a channel names one augmented manifest, a plain file; leave it out.`,
  )
  refuse(
    isSingle && isManifest,
    singleFile === undefined
      ? `layout — a manifest lists several files, and the training reads one file of format ${data.format} per channel; leave out layout: "manifest".`
      : 'singleFile — a manifest lists several files; leave out singleFile, or layout: "manifest".',
  )
  refuse(
    isSingle && shardSize !== undefined,
    'shardSize — the folders hold one file each, however large; leave out shardSize, or give a training that reads several files.',
  )
  refuse(
    isCompressed && compressedWithin.has(data.format),
    `compress — files of format ${data.format} are compressed within; leave out compress.`,
  )
  refuse(
    data.format === 'files' && (isCompressed || isSingle || shardSize !== undefined),
    `${isCompressed ? 'compress' : shardSize === undefined ? 'singleFile' : 'shardSize'} — files are left as they are; leave it out.`,
  )
  refuse(
    data.numberPairs === true && (isManifest || isCompressed || shardSize !== undefined),
    `${isManifest ? 'layout' : isCompressed ? 'compress' : 'shardSize'} — numberPairs writes two plain files per folder; leave one of the two out.`,
  )
  const alone = splitInstances > 1 ? onOneInstance(data, isSingle, shardSize) : undefined
  refuse(alone !== undefined, `splitInstances — ${alone} takes one instance; split on one, or do without.`)
  return {
    ...(data.dropHeader === true && { dropHeader: true }),
    ...(data.numberPairs === true && { numberPairs: true }),
    ...(isSingle && { singleFile: true }),
    ...(isCompressed && { compress }),
    ...(shardSize !== undefined && { shardSize }),
    layout,
  }
}

/** What several instances cannot do together. */
function onOneInstance(data: Data, isSingle: boolean, shardSize: number | undefined): string | undefined {
  const asked = {
    'an augmented manifest': data.format === 'augmented-manifest',
    labels: data.labels !== undefined,
    numberPairs: data.numberPairs === true,
    files: data.format === 'files',
    singleFile: isSingle,
    shardSize: shardSize !== undefined,
  }
  return Object.entries(asked).find(([, isAsked]) => isAsked)?.[0]
}

function refuse(isWrong: boolean, sentence: string): void {
  if (isWrong) throw mistake(`crossValidation: ${sentence}`)
}
