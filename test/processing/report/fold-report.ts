import type { FoldReport } from '../../../schemas/fold-report.ts'

const digest = (letter: string) => letter.repeat(64)

/** A fold report of `validationSizes.length` folds over records of three classes. */
export function foldReport(validationSizes: readonly number[] = [30, 30, 30, 30, 30]): FoldReport {
  const records = validationSizes.reduce((sum, size) => sum + size, 0)
  const third = (size: number, class_: number) => Math.floor((size + class_) / 3)
  const classes = (size: number) => ({
    setosa: third(size, 2),
    versicolor: third(size, 1),
    virginica: third(size, 0),
  })
  return {
    version: 1,
    generator: 'foldwise 0.1.0',
    strategy: 'kfold',
    k: validationSizes.length,
    repeats: 1,
    shuffle: true,
    seed: 23,
    layout: 'copy',
    format: 'csv',
    header: true,
    label: 'species',
    groups: null,
    digestAlgorithm: 'blake3',
    inputs: [{ name: 'iris.csv', bytes: 2758, records, digest: digest('a') }],
    records,
    classes: classes(records),
    hyperparameters: { num_training_samples: '150', num_classes: '3', fold_name: 'final' },
    folds: validationSizes.map((size, index) => ({
      index,
      train: { records: records - size, bytes: 2200, classes: classes(records - size) },
      validation: { records: size, bytes: 550, classes: classes(size), digest: digest('b') },
      hyperparameters: { fold_name: `fold-${index}` },
    })),
    certificate: {
      disjoint: true,
      complete: true,
      groupsKeptTogether: null,
      timeOrderKept: null,
      worstImbalance: null,
      duplicates: null,
      digest: digest('c'),
    },
    warnings: [],
  }
}
