import * as z from 'zod'
import { compressionNames } from './split-names.ts'

const count = z.int().nonnegative()
/** 256 bits in hexadecimal digits; of `digestAlgorithm` where nothing else is said. */
const digest = z.string().regex(/^[0-9a-f]{64}$/)

/** One side of one fold. */
export const foldPartSchema = z.object({
  records: count,
  bytes: count,
  /** Records per class; absent when there is no label. */
  classes: z.record(z.string(), count).optional(),
})

/** A file of a validation set that several hosts wrote. */
const writtenPartSchema = z.object({ file: z.string(), records: count, bytes: count, digest })

export const foldSchema = z.object({
  /** 0-based fold index. */
  index: count,
  /** Its folder below `train/` and `validation/`, such as `outer/0/inner/1`. @default the fold index */
  folder: z.string().optional(),
  train: foldPartSchema,
  /** `digest` is that of the fold's validation records in order, each with its line end. */
  validation: foldPartSchema.extend({
    digest,
    /** Written by several hosts: their files in order. `digest` is then that of the files' digests, each on a line. */
    parts: z.array(writtenPartSchema).optional(),
  }),
  /**
   * Facts a training step takes as hyperparameters through `Std:JsonGet`: always strings, as the API wants them.
   * `num_training_samples`, `num_validation_samples`, `num_classes`, `fold_name`.
   */
  hyperparameters: z.record(z.string(), z.string()),
})

const recordPlaceSchema = z.object({ file: z.string(), line: count })

/** What the splitter proved about the folds that it wrote. A `false` fails the job. */
export const certificateSchema = z.object({
  /** No record is in the training and the validation set of one fold. */
  disjoint: z.boolean(),
  /** Every record that is not held out is in exactly one validation set (of each repeat; nested, of each outer training set); null when the strategy does not promise it. */
  complete: z.boolean().nullable(),
  /** No group is on both sides of a fold; null when there are no groups. */
  groupsKeptTogether: z.boolean().nullable(),
  /** Training records all come before the validation records; null when the strategy does not promise it. */
  timeOrderKept: z.boolean().nullable().default(null),
  /** The class whose share of a validation set differs most from its share of all records; null without classes. */
  worstImbalance: z
    .object({ fold: count, class: z.string(), share: z.number(), expected: z.number() })
    .nullable()
    .default(null),
  /** Records that a fold validates on although it trains on a copy of them, byte for byte: a leak that no split can mend. */
  duplicates: z
    .object({
      /** Such validation records of all folds. */
      records: count,
      /** Share of the records that were compared with all others; reports of earlier versions may have less than 1. */
      checkedShare: z.number(),
      /** Ten at most. Lines are those on which the records begin, 1-based. */
      examples: z.array(z.object({ fold: count, validation: recordPlaceSchema, train: recordPlaceSchema })),
    })
    .nullable()
    .default(null),
  /** Over strategy, options and all validation digests: equal digests, equal folds. */
  digest,
})

/** `folds.json`: what was split, how, and the proof. A property file of the split step. */
export const foldReportSchema = z.object({
  version: z.literal(1),
  /** Name and version of the program that wrote it. */
  generator: z.string(),
  strategy: z.string(),
  /** Every option that decides the folds, as the certificate's digest covers them: whoever has the data can split it again. */
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  k: count,
  repeats: count,
  shuffle: z.boolean(),
  /** `random_state` of scikit-learn; null when nothing is random. */
  seed: z.number().nullable(),
  layout: z.enum(['copy', 'manifest']),
  /** Options of how the files are stored, where they are not the defaults. */
  storage: z
    .object({
      compress: z.enum(compressionNames).optional(),
      shardSize: z.int().positive().optional(),
      singleFile: z.boolean().optional(),
      dropHeader: z.boolean().optional(),
      numberPairs: z.boolean().optional(),
    })
    .optional(),
  format: z.string(),
  header: z.boolean(),
  label: z.string().nullable(),
  /** Column whose equal values stay together; null when there is none. */
  groups: z.string().nullable().default(null),
  /**
   * What every digest here is made with: BLAKE3 with 256 bits, as `b3sum` prints it. Nobody can make other data of the same
   * digest, as with SHA-256, which takes four times as long where the processor has no instructions for it.
   * The Spark program names SHA-256, which Spark computes itself.
   */
  digestAlgorithm: z.enum(['blake3', 'sha256']),
  /** `digest` is that of the file as it is stored. */
  inputs: z.array(z.object({ name: z.string(), bytes: count, records: count, digest })),
  records: count,
  /** Records per class over the whole data set; empty when there is no label. */
  classes: z.record(z.string(), count),
  /** The facts of the final training on all data, as each fold has its own: `num_training_samples`, `num_classes`, `fold_name`. */
  hyperparameters: z.record(z.string(), z.string()).default({}),
  folds: z.array(foldSchema),
  /** What was held out: it lies in `test/` and in no other folder. Absent when nothing was. */
  test: foldPartSchema.extend({ digest, parts: z.array(writtenPartSchema).optional() }).optional(),
  certificate: certificateSchema,
  warnings: z.array(z.string()),
})

export type WrittenPart = z.infer<typeof writtenPartSchema>
export type FoldReport = z.infer<typeof foldReportSchema>
export type Fold = z.infer<typeof foldSchema>
export type FoldPart = z.infer<typeof foldPartSchema>
