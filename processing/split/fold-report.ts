import type { Fold, FoldPart, FoldReport } from '../../schemas/fold-report.ts'
import type { SplitOptions } from '../../schemas/split-options.ts'
import type { CertifiedRound } from './certify.ts'
import { Blake3 } from './blake3.ts'
import { cellsOf } from './strategies/strategy.ts'
import type { CellSet, EncodedColumn, SplitPlan } from './strategies/strategy.ts'
import type { Survey } from './survey.ts'

export interface ReportRequest {
  readonly generator: string
  readonly options: SplitOptions
  readonly survey: Survey
  readonly plan: SplitPlan
  /** Labels that are classes; null when there is no label, or one of too many values. */
  readonly classes: EncodedColumn | null
  readonly rounds: readonly CertifiedRound[]
  readonly duplicates: FoldReport['certificate']['duplicates']
  readonly warnings: readonly string[]
}

/** The fold report: what was written, counted while it was written, and what {@link certifyRound} proved. */
export async function foldReport({
  generator,
  options,
  survey,
  plan,
  classes,
  rounds,
  duplicates,
  warnings,
}: ReportRequest): Promise<FoldReport> {
  const folds = rounds.flatMap(round => roundFolds(round, classes))
  const test = rounds[0] === undefined ? null : heldOut(rounds[0], classes)
  const total = classes === null ? {} : sumClasses(rounds[0]?.classes ?? [], classes)
  return {
    version: 1,
    generator,
    strategy: options.strategy,
    options: decidingOptions(options),
    k: options.k,
    repeats: plan.repeats ?? (plan.partitions ? plan.roundCount : 1),
    shuffle: options.shuffle,
    seed: options.seed ?? null,
    layout: options.layout,
    format: options.format,
    header: survey.header !== null && survey.dropsHeader !== true,
    ...storageOf(options),
    label: options.label ?? options.labels ?? null,
    groups: options.groups ?? null,
    digestAlgorithm: 'blake3',
    inputs: await Promise.all(
      survey.files.map(async ({ name, bytes, records, digest }) => ({ name, bytes, records, digest: await digest })),
    ),
    records: survey.records,
    classes: total,
    hyperparameters: {
      num_training_samples: String(survey.records - (test?.records ?? 0)),
      num_classes: classCount(classes),
      fold_name: 'final',
    },
    folds,
    ...(test !== null && { test }),
    certificate: {
      disjoint: rounds.every(round => round.disjoint),
      complete: plan.partitions ? rounds.every(round => round.complete) : null,
      groupsKeptTogether: plan.keepsGroups ? rounds.every(round => round.groupsKeptTogether === true) : null,
      timeOrderKept: plan.keepsTime ? rounds.every(round => round.timeOrderKept) : null,
      worstImbalance: worstImbalance(folds, survey.records, total),
      duplicates,
      digest: new Blake3().update(Buffer.from(certificateText(decidingOptions(options), folds))).digest(),
    },
    warnings: [...warnings],
  }
}

function roundFolds(round: CertifiedRound, classes: EncodedColumn | null): Fold[] {
  return round.folds.map(({ index, train, validation, digest, parts, folder }) => {
    const trainPart = part(round, train, classes)
    const validationPart = part(round, validation, classes)
    return {
      index,
      ...(folder !== undefined && { folder }),
      train: trainPart,
      validation: { ...validationPart, digest, ...(parts && { parts: [...parts] }) },
      hyperparameters: {
        num_training_samples: String(trainPart.records),
        num_validation_samples: String(validationPart.records),
        num_classes: classCount(classes),
        fold_name: folder?.replaceAll('/', '-') ?? `fold${index}`,
      },
    }
  })
}

function heldOut(round: CertifiedRound, classes: EncodedColumn | null): FoldReport['test'] | null {
  if (round.test === null) return null
  const { cells, digest, parts } = round.test
  return { ...part(round, { only: cells }, classes), digest, ...(parts && { parts: [...parts] }) }
}

/** Of label sets it is the number of labels, not of sets. */
const classCount = (classes: EncodedColumn | null): string =>
  String((classes?.target === undefined ? classes?.values : classes.values[0]?.split(' '))?.length ?? 0)

/** Sums over the cells of one side of a fold. */
function part(round: CertifiedRound, set: CellSet, classes: EncodedColumn | null): FoldPart {
  const cells = cellsOf(set, round.shards.length)
  const sum = (of: 'records' | 'bytes') => cells.reduce((total, cell) => total + (round.shards[cell]?.[of] ?? 0), 0)
  const counts = { records: sum('records'), bytes: sum('bytes') }
  if (classes === null) return counts
  return {
    ...counts,
    classes: sumClasses(
      cells.map(cell => round.classes[cell] ?? []),
      classes,
    ),
  }
}

function sumClasses(rows: readonly ArrayLike<number>[], classes: EncodedColumn): Record<string, number> {
  return Object.fromEntries(
    classes.values.map((value, code) => [value, rows.reduce((total, row) => total + (row[code] ?? 0), 0)]),
  )
}

/** The class whose share of a fold's validation set is furthest from its share of all records; the first of equals. */
function worstImbalance(folds: readonly Fold[], records: number, total: Readonly<Record<string, number>>) {
  let worst: FoldReport['certificate']['worstImbalance'] = null
  for (const { index, validation } of folds)
    for (const [name, count] of Object.entries(validation.classes ?? {})) {
      const share = count / validation.records
      const expected = (total[name] ?? 0) / records
      if (worst === null || Math.abs(share - expected) > Math.abs(worst.share - worst.expected))
        worst = { fold: index, class: name, share, expected }
    }
  return worst
}

/** How the files are stored, where it is not the usual way. */
function storageOf({
  compress,
  shardSize,
  singleFile,
  dropHeader,
  numberPairs,
}: SplitOptions): Partial<Pick<FoldReport, 'storage'>> {
  const storage = {
    ...(compress !== undefined && compress !== 'none' && { compress }),
    ...(shardSize !== undefined && { shardSize }),
    ...(singleFile === true && { singleFile }),
    ...(dropHeader === true && { dropHeader }),
    ...(numberPairs === true && { numberPairs }),
  }
  return Object.keys(storage).length === 0 ? {} : { storage }
}

/** The options that decide folds, by name: how they are stored decides nothing. */
function decidingOptions({
  layout: _layout,
  compress: _compress,
  shardSize: _shardSize,
  singleFile: _singleFile,
  dropHeader: _dropHeader,
  numberPairs: _numberPairs,
  ...deciding
}: SplitOptions): NonNullable<FoldReport['options']> {
  const entries = Object.entries(deciding).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** What the certificate's digest is made of: the options that decide the folds, and what every fold validates on. */
export function certificateText(options: NonNullable<FoldReport['options']>, folds: readonly Fold[]): string {
  const entries = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))
  const digests = folds.map(fold => fold.validation.digest)
  return JSON.stringify([entries, digests])
}
